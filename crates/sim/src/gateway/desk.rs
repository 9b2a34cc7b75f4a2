//! What the session machine may look at while it works: the world, the times, the settings, the journal.

use std::time::Duration;

use cogwright_sim_world::{Timestamp, World};
use serde_json::{Map, Value};

use crate::{
    Settings,
    faults::{FaultId, Faults},
    journal::{EntryKind, Journal, masked},
};

/// Borrowed for the length of one call, while the world's mutex is held.
pub(crate) struct Desk<'a> {
    pub(crate) world: &'a World,
    /// World time.
    pub(crate) now: Timestamp,
    /// Line time.
    pub(crate) line: Duration,
    pub(crate) settings: &'a Settings,
    /// `resume_gateway_url`: no path, no trailing slash, or clients build addresses with two of them.
    pub(crate) gateway_url: &'a str,
    /// Any well-formed token is the default application's.
    pub(crate) any_token: bool,
    pub(crate) journal: &'a Journal,
    /// What goes wrong on purpose.
    pub(crate) faults: &'a Faults,
}

/// Whose frame an entry is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tag {
    pub(crate) session: Option<String>,
    pub(crate) application: Option<String>,
    pub(crate) shard: Option<[u32; 2]>,
    /// The fault that touched it.
    pub(crate) fault: Option<FaultId>,
}

/// What happened on the line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    In,
    Out,
    Open,
    Close,
}

impl Desk<'_> {
    /// Journals a frame. `d` is copied with secrets masked, if bodies are kept at all.
    pub(crate) fn frame(&self, direction: Direction, tag: &Tag, op: u64, ts: Option<(&str, u64)>, d: &Value) {
        let mut fields = fields(direction, tag);
        fields.insert("op".into(), op.into());
        if let Some((t, s)) = ts {
            fields.insert("t".into(), t.into());
            fields.insert("s".into(), s.into());
        }
        if self.settings.journal_bodies {
            fields.insert("d".into(), masked(d));
        }
        self.journal.push(self.now.iso(), EntryKind::Gateway, fields, 0);
    }

    /// Journals that a connection opened or closed.
    pub(crate) fn line_event(&self, direction: Direction, tag: &Tag, code: Option<u16>) {
        let mut fields = fields(direction, tag);
        if let Some(code) = code {
            fields.insert("code".into(), code.into());
        }
        self.journal.push(self.now.iso(), EntryKind::Gateway, fields, 0);
    }
}

/// Fields of an entry at the most; the table is then made once.
const MOST_FIELDS: usize = 10;

fn fields(direction: Direction, tag: &Tag) -> Map<String, Value> {
    let mut fields = Map::with_capacity(MOST_FIELDS);
    let name = match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Open => "open",
        Direction::Close => "close",
    };
    fields.insert("direction".into(), name.into());
    fields.insert("session".into(), tag.session.clone().into());
    fields.insert("application".into(), tag.application.clone().into());
    fields.insert("shard".into(), tag.shard.map_or(Value::Null, |s| Value::from(s.to_vec())));
    if let Some(fault) = tag.fault {
        fields.insert("faults".into(), vec![fault.to_string()].into());
    }
    fields
}
