//! One connection as the session machine sees it: what waits to be written, which session it carries, how many
//! commands it has sent.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    codes::{Close, op},
    limits::CommandBudget,
};
use crate::faults::FaultId;

/// Frames other than dispatches that may wait; a reader that lets more pile up is closed.
const MAX_CONTROL: usize = 256;
/// How long after op 7 the server closes the connection by itself, in real time.
const RECONNECT_GRACE: Duration = Duration::from_secs(5);

/// A connection.
#[derive(Debug)]
pub(crate) struct Line {
    /// Version of the query, 9 or 10.
    pub(crate) version: u8,
    /// The session it carries, by number.
    pub(crate) session: Option<u64>,
    /// Wakes the connection's task when there is something to write.
    pub(crate) wake: Arc<Notify>,
    pub(crate) budget: CommandBudget,
    /// When the last heartbeat came (or the connection opened), in real time.
    pub(crate) heartbeat: Instant,
    /// Heartbeats that are to go unanswered.
    pub(crate) swallow: u32,
    /// To be closed with this once everything else is written.
    pub(crate) close: Option<Close>,
    /// To be closed by then, whatever happens.
    pub(crate) close_at: Option<Instant>,
    /// The fault that struck it last; marks the next of its frames that is no dispatch.
    pub(crate) fault: Option<FaultId>,
    control: VecDeque<(u64, Value)>,
}

impl Line {
    pub(crate) fn new(version: u8, heartbeat_interval_ms: u64) -> Self {
        let mut line = Self {
            version,
            session: None,
            wake: Arc::new(Notify::new()),
            budget: CommandBudget::default(),
            heartbeat: Instant::now(),
            swallow: 0,
            close: None,
            close_at: None,
            fault: None,
            control: VecDeque::new(),
        };
        line.send(
            op::HELLO,
            json!({ "heartbeat_interval": heartbeat_interval_ms, "_trace": ["[\"cogwright-sim\",{}]"] }),
        );
        line
    }

    /// Queues a frame that is no dispatch.
    pub(crate) fn send(&mut self, op: u64, d: Value) {
        if self.control.len() >= MAX_CONTROL {
            self.close.get_or_insert(Close::Unknown);
        } else {
            self.control.push_back((op, d));
        }
        self.wake.notify_one();
    }

    /// Closes the connection; the first reason counts.
    pub(crate) fn close(&mut self, close: Close) {
        self.close.get_or_insert(close);
        self.wake.notify_one();
    }

    /// Sends op 7 and closes a little later if the client does not.
    pub(crate) fn reconnect(&mut self) {
        self.send(op::RECONNECT, Value::Null);
        self.close_at = Some(Instant::now() + RECONNECT_GRACE);
    }

    /// Queues a frame before all that wait.
    pub(crate) fn send_first(&mut self, op: u64, d: Value) {
        self.control.push_front((op, d));
    }

    /// Forgets the frames that wait.
    pub(crate) fn forget_frames(&mut self) {
        self.control.clear();
    }

    /// The frames that wait, in order.
    pub(crate) fn take_control(&mut self) -> impl Iterator<Item = (u64, Value)> + '_ {
        self.control.drain(..)
    }
}
