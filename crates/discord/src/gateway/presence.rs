//! What the bot shows of itself, shard by shard.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;

use super::pace::Budget;

/// Presence updates a session may send, and in what time. See Discord docs: Gateway / Rate Limiting;
/// the window is what Discord's own messages about it name.
const UPDATES: (usize, Duration) = (5, Duration::from_secs(20));

/// Commands a connection may send in a minute: 120, of which some are left for heartbeats.
/// See Discord docs: Gateway / Rate Limiting.
const COMMANDS: (usize, Duration) = (110, Duration::from_secs(60));

/// Sets what the shards show. Clones share it.
///
/// Only the latest presence of a shard counts: those that Discord's limit (5 in 20 seconds) leaves no time for
/// are passed over. A shard that is not connected shows it as soon as it is.
#[derive(Clone, Debug)]
pub struct Presences {
    shards: Arc<[(u32, watch::Sender<Option<Value>>)]>,
}

impl Presences {
    pub(super) fn new(shards: impl IntoIterator<Item = u32>, first: Option<&UpdatePresencePayload>) -> Self {
        let first = first.and_then(payload);
        Self { shards: shards.into_iter().map(|shard| (shard, watch::Sender::new(first.clone()))).collect() }
    }

    /// Shows it on all shards.
    pub fn set(&self, presence: &UpdatePresencePayload) {
        let value = payload(presence);
        for (_, sender) in &*self.shards {
            sender.send_replace(value.clone());
        }
    }

    pub(super) fn are_of(&self, shards: &[u32]) -> bool {
        self.shards.iter().map(|(shard, _)| shard).eq(shards)
    }

    pub(super) fn outbox(&self, shard: u32) -> Outbox {
        let found = self.shards.iter().find(|(number, _)| *number == shard);
        let wanted = match found {
            Some((_, sender)) => sender.subscribe(),
            None => watch::Sender::new(None).subscribe(),
        };
        Outbox { wanted, due: false, updates: Budget::new(UPDATES.0, UPDATES.1), commands: budget() }
    }
}

fn budget() -> Budget {
    Budget::new(COMMANDS.0, COMMANDS.1)
}

/// The model's types always serialise; a presence that did not would not be shown.
fn payload(presence: &UpdatePresencePayload) -> Option<Value> {
    serde_json::to_value(presence).ok()
}

/// What one shard still has to send, and when it may.
#[derive(Debug)]
pub(super) struct Outbox {
    wanted: watch::Receiver<Option<Value>>,
    due: bool,
    /// Of the session, so it outlives a connection.
    updates: Budget,
    /// Of the connection.
    commands: Budget,
}

impl Outbox {
    /// A new connection: its budget is whole.
    pub(super) fn connected(&mut self) {
        self.commands = budget();
    }

    /// What IDENTIFY shows; it need not be sent again.
    pub(super) fn for_identify(&mut self) -> Option<Value> {
        self.due = false;
        self.commands.note(Instant::now());
        self.wanted.borrow_and_update().clone()
    }

    /// Completes when there is something new to show and it may be sent; answers the frame.
    pub(super) async fn next(&mut self) -> Value {
        if !self.due {
            if self.wanted.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            self.due = true;
        }
        let now = Instant::now();
        let at = self.updates.free_at(now).max(self.commands.free_at(now));
        if at > now {
            tokio::time::sleep_until(at.into()).await;
        }
        let now = Instant::now();
        self.updates.note(now);
        self.commands.note(now);
        self.due = false;
        json!({"op": 3, "d": &*self.wanted.borrow_and_update()})
    }
}
