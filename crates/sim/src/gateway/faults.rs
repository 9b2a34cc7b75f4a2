//! Where faults meet the gateway: [`Session::push`] for dispatches, [`Sessions::strike`] for connections.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{
    codes::{Close, op},
    desk::Desk,
    session::{Payload, Session},
    sessions::{Knob, Sessions},
};
use crate::faults::{FaultId, FrameStrike, LineStrike, Moment};

/// How long a dispatch waits for the next to change places with, in real time; it is looked at ten times a
/// second.
const HELD: Duration = Duration::from_secs(1);

/// A dispatch that waits for the next.
#[derive(Debug)]
pub(crate) struct Held {
    name: &'static str,
    payload: Payload,
    fault: FaultId,
    since: Instant,
}

impl Session {
    /// Adds a dispatch, unless a fault has other plans. `false` when a connected client has fallen so far behind
    /// that it lost some.
    #[must_use]
    pub(crate) fn push(&mut self, desk: &Desk<'_>, name: &'static str, payload: Payload) -> bool {
        let struck = desk.faults.frame(&Moment::of(name, Some(&self.id), Some(self.application)));
        let fault = struck.map(|(fault, _)| fault);
        match struck {
            Some((_, FrameStrike::Drop)) => true,
            Some((_, FrameStrike::Duplicate)) => {
                let first = self.queue(desk, name, payload.clone(), fault);
                self.queue(desk, name, payload, fault) && first && self.release(desk)
            }
            Some((fault, FrameStrike::Swap)) if self.held.is_none() => {
                self.held = Some(Held { name, payload, fault, since: Instant::now() });
                true
            }
            _ => self.queue(desk, name, payload, fault) && self.release(desk),
        }
    }

    /// Adds the dispatch that was held back, if there is one.
    #[must_use]
    pub(super) fn release(&mut self, desk: &Desk<'_>) -> bool {
        let Some(held) = self.held.take() else { return true };
        self.queue(desk, held.name, held.payload, Some(held.fault))
    }
}

impl Sessions {
    /// Lets dispatches go that waited for a next that did not come.
    pub(super) fn release_held(&mut self, desk: &Desk<'_>) {
        let late = |held: &Held| held.since.elapsed() >= HELD;
        for session in self.all.values_mut().filter(|s| s.held.as_ref().is_some_and(late)) {
            let kept_up = session.release(desk);
            if let Some(line) = session.line.and_then(|l| self.lines.get_mut(&l)) {
                if kept_up {
                    line.wake.notify_one();
                } else {
                    line.close(Close::Unknown);
                }
            }
        }
    }

    /// Lets faults strike a connection at this moment; whether one did.
    pub(super) fn strike(&mut self, desk: &Desk<'_>, line: u64, event: &str) -> bool {
        if !desk.faults.armed() {
            return false;
        }
        let carried = self.lines.get(&line).and_then(|l| l.session);
        let session = carried.and_then(|n| self.all.get(&n));
        let moment = Moment::of(event, session.map(|s| &*s.id), session.map(|s| s.application));
        let struck = desk.faults.line(&moment, None);
        self.turn_struck(carried, line, struck)
    }

    fn turn_struck(
        &mut self,
        session: Option<u64>,
        line: u64,
        struck: Option<(FaultId, LineStrike)>,
    ) -> bool {
        let Some((fault, strike)) = struck else { return false };
        if let Some(line) = self.lines.get_mut(&line) {
            line.fault = Some(fault);
        }
        let knob = match strike {
            LineStrike::Reconnect => Knob::Reconnect,
            LineStrike::Invalid { resumable } => Knob::InvalidSession { resumable },
            LineStrike::Close(code) => Knob::Close(code),
        };
        self.turn_one(session, line, knob);
        true
    }

    /// Lets one fault strike connected sessions, as often as it may.
    pub(super) fn strike_connected(&mut self, desk: &Desk<'_>, fault: FaultId) {
        let connected: Vec<(u64, u64)> =
            self.all.iter().filter_map(|(number, s)| s.line.map(|line| (*number, line))).collect();
        for (number, line) in connected {
            let Some(session) = self.all.get(&number) else { continue };
            let moment =
                Moment { event: None, session: Some(&session.id), application: Some(session.application) };
            let struck = desk.faults.line(&moment, Some(fault));
            self.turn_struck(Some(number), line, struck);
        }
    }

    /// A connection has opened, HELLO waits to be written: `CONNECT` strikes before it, `HELLO` after it.
    pub(super) fn strike_opening(&mut self, desk: &Desk<'_>, number: u64) {
        if !desk.faults.armed() {
            return;
        }
        let struck = desk.faults.line(&Moment::of("CONNECT", None, None), None);
        if let (Some((fault, strike)), Some(line)) = (struck, self.lines.get_mut(&number)) {
            line.fault = Some(fault);
            match strike {
                LineStrike::Reconnect => line.send_first(op::RECONNECT, Value::Null),
                LineStrike::Invalid { resumable } => line.send_first(op::INVALID_SESSION, resumable.into()),
                LineStrike::Close(code) => {
                    line.forget_frames();
                    line.close(Close::Chosen(code));
                }
            }
        }
        self.strike(desk, number, "HELLO");
    }

    /// A client's frame has come; whether a fault struck instead of an answer to it.
    pub(super) fn strike_command(&mut self, desk: &Desk<'_>, line: u64, code: u64, d: &Value) -> bool {
        let event = match code {
            op::IDENTIFY => "IDENTIFY",
            op::RESUME => "RESUME",
            op::HEARTBEAT => "HEARTBEAT",
            _ => return false,
        };
        if !desk.faults.armed() {
            return false;
        }
        if code != op::RESUME {
            return self.strike(desk, line, event);
        }
        // The connection carries no session yet, but names the one it wants.
        let wanted = d["session_id"].as_str();
        let session = self.all.values().find(|s| Some(&*s.id) == wanted);
        let moment = Moment::of(event, wanted, session.map(|s| s.application));
        let struck = desk.faults.line(&moment, None);
        self.turn_struck(None, line, struck)
    }

    /// Whether a heartbeat goes unanswered.
    pub(super) fn swallows(&self, desk: &Desk<'_>, line: u64) -> bool {
        if !desk.faults.armed() {
            return false;
        }
        let session = self.lines.get(&line).and_then(|l| l.session).and_then(|n| self.all.get(&n));
        let moment = Moment::of("HEARTBEAT", session.map(|s| &*s.id), session.map(|s| s.application));
        desk.faults.swallow(&moment).is_some()
    }
}
