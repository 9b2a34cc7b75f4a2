//! What the session machine may look at while it works: the world, the times, the settings, the journal.

use std::{sync::Arc, time::Duration};

use cogwright_sim_world::{ApplicationId, Timestamp, World};
use serde_json::Value;

use crate::{
    Settings,
    faults::{FaultId, Faults},
    journal::{EntryKind, Field, Fields, Journal, masked},
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
    pub(crate) session: Option<Arc<str>>,
    pub(crate) application: Option<ApplicationId>,
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
    pub(crate) fn frame(
        &self,
        direction: Direction,
        tag: &Tag,
        op: u64,
        ts: Option<(&'static str, u64)>,
        d: &Value,
    ) {
        let mut fields = fields(direction, tag);
        fields.put("op", op);
        if let Some((t, s)) = ts {
            fields.put("t", t);
            fields.put("s", s);
        }
        if self.settings.journal_bodies {
            fields.put("d", masked(d));
        }
        self.journal.push(self.now, EntryKind::Gateway, fields);
    }

    /// Journals that a connection opened or closed.
    pub(crate) fn line_event(&self, direction: Direction, tag: &Tag, code: Option<u16>) {
        let mut fields = fields(direction, tag);
        if let Some(code) = code {
            fields.put("code", code);
        }
        self.journal.push(self.now, EntryKind::Gateway, fields);
    }
}

/// Fields of an entry, unless a fault touched it.
const MOST_FIELDS: usize = 8;

fn fields(direction: Direction, tag: &Tag) -> Fields {
    let mut fields = Fields::with_room(MOST_FIELDS);
    let name = match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Open => "open",
        Direction::Close => "close",
    };
    fields.put("direction", name);
    fields.put("session", tag.session.clone());
    fields.put("application", tag.application.map(|id| Field::Id(id.get())));
    fields.put("shard", tag.shard);
    if let Some(fault) = tag.fault {
        fields.put("faults", Value::from(vec![fault.to_string()]));
    }
    fields
}
