//! What of the session journal could not be written, so that it is told once when that begins and once when all of it
//! can be again: one shard that works says nothing of another.

use std::collections::BTreeSet;

use super::journal::JournalError;

/// What of a shard is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Its session with a snapshot. Whatever marks there are go by it.
    Entry,
    /// How far it has come.
    Mark,
}

/// What cannot be written now, by shard. At most two for each.
#[derive(Debug, Default)]
pub(super) struct Trouble(BTreeSet<(u32, Part)>);

impl Trouble {
    /// This could not be written.
    pub(super) fn failed(&mut self, shard: u32, part: Part, error: &JournalError) {
        let first = self.0.is_empty();
        let news = self.0.insert((shard, part));
        if first {
            tracing::error!(shard, %error, "a restart will have to begin new sessions until this works again");
        } else if news {
            tracing::warn!(shard, %error, "nor can this be written to the session journal");
        }
    }

    /// This was written.
    pub(super) fn wrote(&mut self, shard: u32, part: Part) {
        let before = self.0.len();
        match part {
            // It holds what a mark would say.
            Part::Entry => self.0.retain(|(other, _)| *other != shard),
            Part::Mark => {
                self.0.remove(&(shard, Part::Mark));
            }
        }
        if before > 0 && self.0.is_empty() {
            tracing::info!("the session journal works again");
        }
    }
}
