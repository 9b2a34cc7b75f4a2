//! All sessions and connections: opening and closing lines, handing out events, the knobs of the control API.
//!
//! Everything here is plain calls under the world's mutex; [`super::socket`] does the waiting.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use cogwright_sim_world::{
    Application, ApplicationId, Carrier, Event, EventKind, GuildId, Status, Timestamp, UserId, Viewer, World,
    voice,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{
    codes::{Close, op},
    desk::{Desk, Direction, Tag},
    limits::Limits,
    line::Line,
    record,
    session::{Payload, Session},
};

/// Sessions without a connection that are kept at the most; with more, the one cut off first ends. World time
/// may be frozen, so the resume window alone does not bound them.
const MAX_DETACHED: usize = 256;
/// Dispatches that a connection takes at once.
const BATCH: usize = 256;

/// What the control API can do to connected sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knob {
    /// Send op 7; the server closes 5 s later if the client has not.
    Reconnect,
    /// Send op 9.
    InvalidSession {
        /// Its `d`.
        resumable: bool,
    },
    /// Send op 1, which asks for a heartbeat.
    AskHeartbeat,
    /// Close with a code. 4004, 4007 and 4009 to 4014 end the session.
    Close(u16),
    /// Leave this many heartbeats unanswered.
    SwallowAcks(u32),
}

/// Something that the machine wants done to the world, which it may only read.
#[derive(Debug)]
pub(crate) enum Effect {
    /// A bot's presence.
    Presence { user: UserId, status: Status, activities: Vec<Value> },
    /// A bot enters or leaves a voice channel.
    Voice(voice::Connect),
    /// A session has ended, and with it what was connected to voice through it.
    End(voice::EndSession),
}

/// What a connection is to do next.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Texts to write, in order.
    pub(crate) frames: Vec<String>,
    /// Then close.
    pub(crate) close: Option<Close>,
    /// Close then, at the latest.
    pub(crate) close_at: Option<Instant>,
    /// When the last heartbeat came.
    pub(crate) heartbeat: Option<Instant>,
}

/// All sessions and connections.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    /// All sessions by number.
    pub(super) all: BTreeMap<u64, Session>,
    pub(super) lines: BTreeMap<u64, Line>,
    pub(super) limits: Limits,
    pub(super) effects: Vec<Effect>,
    last_number: u64,
}

impl Sessions {
    pub(super) fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// A new connection, with HELLO waiting to be written.
    pub(crate) fn open(&mut self, desk: &Desk<'_>, version: u8) -> (u64, Arc<Notify>) {
        let number = self.number();
        let line = Line::new(version, desk.settings.heartbeat_interval_ms);
        let wake = Arc::clone(&line.wake);
        self.lines.insert(number, line);
        desk.line_event(Direction::Open, &Tag::default(), None);
        self.strike_opening(desk, number);
        (number, wake)
    }

    /// What a connection is to write now; `None` when it was forgotten.
    pub(crate) fn take(&mut self, desk: &Desk<'_>, line: u64) -> Option<Taken> {
        let mut tag = self.tag(line);
        let line = self.lines.get_mut(&line)?;
        let mut taken = Taken {
            close: line.close,
            close_at: line.close_at,
            heartbeat: Some(line.heartbeat),
            ..Taken::default()
        };
        let fault = line.fault.filter(|_| line.close.is_none());
        for (op, d) in line.take_control() {
            tag.fault = fault.filter(|_| matches!(op, op::RECONNECT | op::INVALID_SESSION));
            desk.frame(Direction::Out, &tag, op, None, &d);
            taken.frames.push(json!({ "t": null, "s": null, "op": op, "d": d }).to_string());
        }
        let session = line.session.filter(|_| taken.close.is_none());
        if let Some(session) = session.and_then(|n| self.all.get_mut(&n)) {
            let before = taken.frames.len();
            session.take(desk, BATCH, &mut taken.frames);
            record::dispatches(&taken.frames[before..]);
        }
        Some(taken)
    }

    /// A connection has ended, with the code that the client gave, if it gave one. 1000 and 1001 end the
    /// session; after anything else it can be resumed.
    pub(crate) fn closed(&mut self, desk: &Desk<'_>, line: u64, code: Option<u16>) {
        let mut tag = self.tag(line);
        let Some(gone) = self.lines.remove(&line) else { return };
        tag.fault = gone.fault.filter(|_| matches!(gone.close, Some(Close::Chosen(_))));
        let ours = gone.close.map(Close::code);
        desk.line_event(Direction::Close, &tag, ours.or(code));
        let ends = match gone.close {
            Some(close) => close.ends_session(),
            None => matches!(code, Some(1000 | 1001)),
        };
        if let Some(number) = gone.session {
            if ends {
                self.end(number);
            } else {
                self.detach(number);
            }
        }
        self.expire(desk);
    }

    /// A connection's own task closes it: notes the reason, unless there is one already.
    pub(crate) fn mark_closed(&mut self, line: u64, close: Close) {
        if let Some(line) = self.lines.get_mut(&line) {
            line.close.get_or_insert(close);
        }
    }

    /// What is to be done to the world since the last call.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Who a connection is, for the journal.
    pub(super) fn tag(&self, line: u64) -> Tag {
        let session = self.lines.get(&line).and_then(|l| l.session).and_then(|s| self.all.get(&s));
        session.map(Session::tag).unwrap_or_default()
    }

    /// Takes a session off its connection, which stays open.
    pub(super) fn detach(&mut self, number: u64) {
        let line = self.all.get_mut(&number).and_then(|s| s.line.take());
        if let Some(line) = line.and_then(|l| self.lines.get_mut(&l)) {
            line.session = None;
        }
    }

    /// Ends a session. The bot goes offline with its last one.
    pub(super) fn end(&mut self, number: u64) {
        self.detach(number);
        let Some(ended) = self.all.remove(&number) else { return };
        let user = ended.application.into();
        self.effects.push(Effect::End(voice::EndSession { user, session: ended.id.to_string() }));
        if !self.all.values().any(|s| s.application == ended.application) {
            self.effects.push(Effect::Presence { user, status: Status::Offline, activities: Vec::new() });
        }
    }

    /// Ends sessions that were without a connection for longer than the resume window, and those whose
    /// application is gone or has another token.
    pub(crate) fn expire(&mut self, desk: &Desk<'_>) {
        let good = |s: &Session| desk.world.application(s.application).is_ok_and(|a| a.token == s.token);
        let revoked: Vec<ApplicationId> =
            self.all.values().filter(|s| !good(s)).map(|s| s.application).collect();
        for application in revoked {
            self.revoke(application);
        }
        self.release_held(desk);
        let window = desk.settings.resume_window();
        let mut over = Vec::new();
        let mut waiting: Vec<(Timestamp, u64)> = Vec::new();
        for (number, session) in self.all.iter_mut().filter(|(_, s)| s.line.is_none()) {
            let since = *session.detached.get_or_insert(desk.now);
            if desk.now.since(since) >= window {
                over.push(*number);
            } else {
                waiting.push((since, *number));
            }
        }
        waiting.sort_unstable();
        let excess = waiting.len().saturating_sub(MAX_DETACHED);
        over.extend(waiting.into_iter().take(excess).map(|(_, n)| n));
        for number in over {
            self.end(number);
        }
    }

    /// Hands an event to every session that may see it, each payload rendered once.
    pub(crate) fn dispatch(&mut self, desk: &Desk<'_>, event: &Event) {
        if self.all.is_empty() || event.kind.carrier() == Carrier::PeopleOnly {
            return;
        }
        let guild = event.wire_guild();
        let mut seen: Vec<(Viewer, Option<Payload>)> = Vec::new();
        let mut struck = Vec::new();
        for session in self.all.values_mut().filter(|s| s.shard.holds(guild)) {
            let viewer = session.viewer();
            let payload = match seen.iter().find(|(v, _)| *v == viewer) {
                Some((_, payload)) => payload.clone(),
                None => {
                    let payload = desk.world.sees(event, &viewer, desk.now).map(|value| render(value, &seen));
                    seen.push((viewer, payload.clone()));
                    payload
                }
            };
            let Some(payload) = payload else { continue };
            let mut kept_up = true;
            if let Some(guild) = event.audience.guild() {
                match event.kind {
                    EventKind::GuildCreate | EventKind::GuildDelete => {
                        session.pending.retain(|g| *g != guild);
                    }
                    // The GUILD_CREATE to come holds it. A bot in thousands of guilds causes one in each.
                    EventKind::PresenceUpdate if session.awaits(guild) => continue,
                    _ => kept_up = session.settle(desk, guild),
                }
            }
            kept_up &= session.push(desk, event.kind.name(), payload);
            if let Some(line) = session.line.and_then(|l| self.lines.get_mut(&l)) {
                if kept_up {
                    line.wake.notify_one();
                } else {
                    line.close(Close::Unknown);
                }
            }
            if desk.faults.armed() {
                struck.extend(session.line);
            }
        }
        for line in struck {
            self.strike(desk, line, event.kind.name());
        }
    }

    /// Turns a knob on one session or on all that are connected; how many it reached.
    pub(crate) fn turn(&mut self, session: Option<&str>, knob: Knob) -> usize {
        let chosen: Vec<(u64, u64)> = self
            .all
            .iter()
            .filter(|(_, s)| session.is_none_or(|id| *s.id == *id))
            .filter_map(|(number, s)| s.line.map(|line| (*number, line)))
            .collect();
        for (number, line) in &chosen {
            self.turn_one(Some(*number), *line, knob);
        }
        chosen.len()
    }

    /// Turns a knob on one connection, which may carry a session.
    pub(super) fn turn_one(&mut self, session: Option<u64>, line: u64, knob: Knob) {
        let Some(line) = self.lines.get_mut(&line) else { return };
        match knob {
            Knob::Reconnect => line.reconnect(),
            Knob::AskHeartbeat => line.send(op::HEARTBEAT, Value::Null),
            Knob::Close(code) => line.close(Close::Chosen(code)),
            Knob::SwallowAcks(count) => line.swallow = count,
            Knob::InvalidSession { resumable } => {
                line.send(op::INVALID_SESSION, resumable.into());
                match session {
                    Some(number) if resumable => self.detach(number),
                    Some(number) => self.end(number),
                    None => {}
                }
            }
        }
    }

    /// Ends all sessions with op 9 `false` (the world was replaced) and forgets the limits.
    pub(crate) fn invalidate_all(&mut self) {
        self.turn(None, Knob::InvalidSession { resumable: false });
        self.all.clear();
        self.limits = Limits::default();
        // They concern users of the world that was replaced.
        self.effects.clear();
    }

    /// Closes an application's connections with 4004: its token is no longer good.
    pub(crate) fn revoke(&mut self, application: ApplicationId) {
        let numbers: Vec<u64> =
            self.all.iter().filter(|(_, s)| s.application == application).map(|(n, _)| *n).collect();
        for number in numbers {
            let line = self.all.get(&number).and_then(|s| s.line);
            if let Some(line) = line.and_then(|l| self.lines.get_mut(&l)) {
                line.close(Close::AuthenticationFailed);
            }
            self.end(number);
        }
    }

    /// The sessions, for the control API.
    pub(crate) fn list(&self) -> Vec<Value> {
        self.all
            .values()
            .map(|s| {
                json!({
                    "id": s.id,
                    "application": s.application,
                    "shard": [s.shard.id, s.shard.count],
                    "intents": s.intents,
                    "state": if s.line.is_some() { "connected" } else { "resumable" },
                    "seq": s.seq(),
                })
            })
            .collect()
    }

    /// `session_start_limit` of GET /gateway/bot.
    pub(crate) fn session_start_limit(&self, application: &Application, now: Timestamp) -> Value {
        self.limits.session_start_limit(application, now)
    }

    /// The session a line carries, with its guild filter: for commands.
    pub(super) fn session_of(&mut self, line: u64) -> Option<&mut Session> {
        let number = self.lines.get(&line)?.session?;
        self.all.get_mut(&number)
    }

    /// The guilds whose GUILD_CREATE a new session gets.
    pub(super) fn guilds_for(world: &World, session: &Session) -> impl Iterator<Item = GuildId> {
        let shard = session.shard;
        world.guilds_of(session.application.into()).map(|g| g.id).filter(move |id| shard.holds(Some(*id)))
    }
}

/// The payload as text; the same value that another viewer got is not rendered again.
fn render(value: Arc<Value>, seen: &[(Viewer, Option<Payload>)]) -> Payload {
    let same = seen.iter().filter_map(|(_, p)| p.as_ref()).find(|p| Arc::ptr_eq(&p.value, &value));
    same.cloned().unwrap_or_else(|| Payload::new(value))
}
