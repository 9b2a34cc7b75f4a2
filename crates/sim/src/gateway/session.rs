//! One session: its sequence, what was dispatched to it and may have to be replayed, and how much of that the
//! connection has taken. It knows no socket; the connection takes frames from it. See Discord docs: Gateway /
//! Resuming.

use std::{collections::VecDeque, fmt, sync::Arc};

use cogwright_sim_world::{ApplicationId, GuildId, Timestamp, Viewer};
use serde_json::Value;

use super::{
    desk::{Desk, Direction, Tag},
    faults::Held,
    shard::Shard,
};
use crate::{faults::FaultId, json};

/// Dispatches kept for replay at the most.
pub(crate) const MAX_KEPT: usize = 65_536;
/// Bytes of payload kept for replay at the most.
pub(crate) const MAX_KEPT_BYTES: usize = 64 << 20;
/// How many times the above may wait for a connection that takes its time; beyond, it is closed.
const PATIENCE: usize = 4;
/// GUILD_CREATEs are made when fewer dispatches than this wait to be sent, so that a bot in thousands of guilds
/// does not fill its own buffer.
const TOP_UP: usize = 64;

/// A dispatch as it is kept: the payload's text is shared with other sessions.
#[derive(Debug)]
struct Dispatch {
    seq: u64,
    name: &'static str,
    data: Arc<str>,
}

impl Dispatch {
    fn text(&self) -> String {
        let seq = self.seq.to_string();
        ["{\"t\":\"", self.name, "\",\"s\":", &seq, ",\"op\":0,\"d\":", &self.data, "}"].concat()
    }
}

/// A payload as a value (for the journal) and as text (for the wire).
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) value: Arc<Value>,
    pub(crate) text: Arc<str>,
}

impl Payload {
    pub(crate) fn new(value: Arc<Value>) -> Self {
        let text = json::text(&*value).into();
        Self { value, text }
    }
}

/// A gateway session.
pub(crate) struct Session {
    /// `session_id`: 32 hex digits.
    pub(crate) id: Arc<str>,
    pub(crate) application: ApplicationId,
    /// The application's token at IDENTIFY; when it changes, the session is over.
    pub(crate) token: String,
    pub(crate) intents: u64,
    pub(crate) large_threshold: u64,
    pub(crate) shard: Shard,
    /// Protocol version it identified with.
    pub(crate) version: u8,
    /// The connection it is on.
    pub(crate) line: Option<u64>,
    /// Since when it is on none; set by the first look at it, since who cut it off may not know the time.
    pub(crate) detached: Option<Timestamp>,
    /// Guilds whose GUILD_CREATE is still to be made.
    pub(crate) pending: VecDeque<GuildId>,
    seq: u64,
    /// Highest sequence that the connection has taken.
    sent: u64,
    /// Highest sequence that fell out of the buffer.
    evicted: u64,
    buffer: VecDeque<Dispatch>,
    bytes: usize,
    /// A dispatch that waits to change places with the next.
    pub(super) held: Option<Held>,
}

/// Written by hand: the token stays out of every log.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("application", &self.application)
            .field("shard", &self.shard)
            .field("seq", &self.seq)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// Whether a session can go on where a client left off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resumption {
    /// Replay follows.
    Goes,
    /// What the client missed is gone.
    TooOld,
    /// The client claims to have seen what was never sent.
    Ahead,
}

impl Session {
    pub(crate) fn new(id: Arc<str>, application: ApplicationId, intents: u64, shard: Shard) -> Self {
        Self {
            id,
            application,
            token: String::new(),
            intents,
            large_threshold: 50,
            shard,
            version: 10,
            line: None,
            detached: None,
            pending: VecDeque::new(),
            seq: 0,
            sent: 0,
            evicted: 0,
            buffer: VecDeque::new(),
            bytes: 0,
            held: None,
        }
    }

    pub(crate) fn viewer(&self) -> Viewer {
        Viewer::Bot {
            application: self.application,
            intents: self.intents,
            large_threshold: self.large_threshold,
        }
    }

    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }

    pub(crate) fn tag(&self) -> Tag {
        Tag {
            session: Some(Arc::clone(&self.id)),
            application: Some(self.application),
            shard: Some([self.shard.id, self.shard.count]),
            fault: None,
        }
    }

    /// Adds a dispatch, as it comes; `fault` touched it. `false` when a connected client has fallen so far behind
    /// that it lost some.
    #[must_use]
    pub(super) fn queue(
        &mut self,
        desk: &Desk<'_>,
        name: &'static str,
        payload: Payload,
        fault: Option<FaultId>,
    ) -> bool {
        self.seq += 1;
        let Payload { value, text } = payload;
        desk.frame(
            Direction::Out,
            &Tag { fault, ..self.tag() },
            super::codes::op::DISPATCH,
            Some((name, self.seq)),
            &value,
        );
        let dispatch = Dispatch { seq: self.seq, name, data: text };
        self.bytes += dispatch.data.len();
        self.buffer.push_back(dispatch);
        self.evict()
    }

    /// Forgets the oldest dispatches: sent ones beyond the bounds of replay, unsent ones far beyond. `false` when
    /// a connection has lost some by that.
    fn evict(&mut self) -> bool {
        let mut kept_up = true;
        while let Some(oldest) = self.buffer.front() {
            let waits = self.line.is_some() && oldest.seq > self.sent;
            let patience = if waits { PATIENCE } else { 1 };
            let few = self.buffer.len() <= MAX_KEPT * patience;
            if few && (self.bytes <= MAX_KEPT_BYTES * patience || self.buffer.len() == 1) {
                break;
            }
            kept_up &= !waits;
            self.evicted = oldest.seq;
            self.bytes -= oldest.data.len();
            self.buffer.pop_front();
        }
        kept_up
    }

    /// Adds a dispatch that no other session shares.
    #[must_use]
    pub(crate) fn push_value(&mut self, desk: &Desk<'_>, name: &'static str, value: Value) -> bool {
        self.push(desk, name, Payload::new(Arc::new(value)))
    }

    /// Whether the GUILD_CREATE of a guild is still to be made.
    pub(crate) fn awaits(&self, guild: GuildId) -> bool {
        self.pending.contains(&guild)
    }

    /// Makes the GUILD_CREATE of a guild that still waits for it, before anything else of that guild is sent.
    #[must_use]
    pub(crate) fn settle(&mut self, desk: &Desk<'_>, guild: GuildId) -> bool {
        let Some(at) = self.pending.iter().position(|g| *g == guild) else { return true };
        self.pending.remove(at);
        self.guild_create(desk, guild)
    }

    fn guild_create(&mut self, desk: &Desk<'_>, guild: GuildId) -> bool {
        let user = self.application.into();
        let present = desk.world.guild(guild).is_ok_and(|g| !g.unavailable && g.members.contains_key(&user));
        match desk.world.guild_create_for(guild, &self.viewer(), desk.now) {
            Some(value) if present => self.push_value(desk, "GUILD_CREATE", value),
            _ => true,
        }
    }

    /// Makes further GUILD_CREATEs while few dispatches wait.
    fn top_up(&mut self, desk: &Desk<'_>) {
        while self.seq - self.sent < TOP_UP as u64 {
            let Some(guild) = self.pending.pop_front() else { return };
            // Fewer than TOP_UP wait, so nothing unsent can have fallen out.
            let _ = self.guild_create(desk, guild);
        }
    }

    /// Takes up to `limit` frames that were not sent yet, as texts.
    pub(crate) fn take(&mut self, desk: &Desk<'_>, limit: usize, into: &mut Vec<String>) {
        self.top_up(desk);
        let from = self.buffer.partition_point(|d| d.seq <= self.sent);
        for dispatch in self.buffer.range(from..).take(limit) {
            into.push(dispatch.text());
            self.sent = dispatch.seq;
        }
    }

    /// Whether and how a client that has seen everything up to `seq` can go on.
    pub(crate) fn resumption(&self, seq: u64) -> Resumption {
        if seq > self.seq {
            Resumption::Ahead
        } else if seq < self.evicted {
            Resumption::TooOld
        } else {
            Resumption::Goes
        }
    }

    /// Goes on after `seq`: what came later will be taken again. An earlier RESUMED is not replayed; it would
    /// tell the client that the replay is over.
    pub(crate) fn rewind(&mut self, line: u64, seq: u64) {
        let bytes = &mut self.bytes;
        self.buffer.retain(|d| {
            let stays = d.name != RESUMED;
            if !stays {
                *bytes -= d.data.len();
            }
            stays
        });
        self.line = Some(line);
        self.detached = None;
        self.sent = seq;
    }
}

/// The dispatch that ends a replay.
pub(crate) const RESUMED: &str = "RESUMED";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cogwright_sim_world::World;
    use serde_json::json;

    use super::*;
    use crate::{Journal, Settings};

    fn with_desk(test: impl FnOnce(&Desk<'_>, Session)) {
        let (world, settings, journal) = (World::default(), Settings::default(), Journal::default());
        let faults = crate::faults::Faults::default();
        let desk = Desk {
            world: &world,
            now: Timestamp::from_ms(0),
            line: Duration::ZERO,
            settings: &settings,
            gateway_url: "",
            any_token: false,
            journal: &journal,
            faults: &faults,
        };
        test(&desk, Session::new("s".into(), ApplicationId::new(1), 0, Shard::WHOLE));
    }

    fn seqs(session: &mut Session, desk: &Desk<'_>) -> Vec<u64> {
        let mut frames = Vec::new();
        session.take(desk, 1000, &mut frames);
        let seq = |f: &String| serde_json::from_str::<Value>(f).unwrap()["s"].as_u64().unwrap();
        frames.iter().map(seq).collect()
    }

    #[test]
    fn what_was_taken_is_kept_for_a_replay() {
        with_desk(|desk, mut session| {
            session.line = Some(1);
            for n in 0..3 {
                assert!(session.push_value(desk, "TYPING_START", json!({ "n": n })));
            }
            assert_eq!(seqs(&mut session, desk), [1, 2, 3]);
            assert_eq!(seqs(&mut session, desk), [0; 0], "nothing is taken twice");
            session.rewind(2, 1);
            assert!(session.push_value(desk, RESUMED, json!({})));
            assert_eq!(seqs(&mut session, desk), [2, 3, 4]);
            session.rewind(3, 1);
            assert!(session.push_value(desk, RESUMED, json!({})));
            assert_eq!(seqs(&mut session, desk), [2, 3, 5], "the earlier RESUMED is not replayed");
            assert_eq!(session.resumption(5), Resumption::Goes);
            assert_eq!(session.resumption(6), Resumption::Ahead);
        });
    }

    #[test]
    fn the_buffer_is_bounded_and_a_reader_far_behind_is_noticed() {
        with_desk(|desk, mut session| {
            session.line = Some(1);
            let big: Value = "x".repeat(MAX_KEPT_BYTES / 2).into();
            let payload = Payload::new(Arc::new(big));
            for _ in 0..(2 * PATIENCE - 1) {
                assert!(session.push(desk, "TYPING_START", payload.clone()), "waits for the connection");
            }
            assert!(!session.push(desk, "TYPING_START", payload.clone()), "some of it is lost");
            seqs(&mut session, desk);
            assert!(session.push(desk, "TYPING_START", payload.clone()));
            assert!(session.bytes <= 2 * MAX_KEPT_BYTES, "what was sent goes at once");
            assert_eq!(session.resumption(0), Resumption::TooOld);
            assert_eq!(session.resumption(session.seq() - 1), Resumption::Goes);
        });
    }
}
