//! What was handled a moment ago: an event may come twice, and a command must not run twice for it.
//! See Discord docs: Gateway / Resuming; events may be repeated around a reconnect.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cogwright_discord::{ShardId, shard_of};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::bounded::Bounded;

/// Ids that are remembered; a repetition comes within moments.
const MAX: usize = 4_096;

/// The ids of the latest messages and interactions, with the guild that each was in.
#[derive(Debug)]
pub(crate) struct Recent(Mutex<Bounded<u64, Option<Id<GuildMarker>>>>);

impl Default for Recent {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(MAX)))
    }
}

impl Recent {
    fn ids(&self) -> MutexGuard<'_, Bounded<u64, Option<Id<GuildMarker>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what came over a shard.
    pub(crate) fn forget(&self, shard: ShardId) {
        self.ids().retain(|guild| shard_of(*guild, shard.total()) != shard.number());
    }

    /// Remembers an id; whether it is new.
    pub(crate) fn is_new(&self, id: u64, guild: Option<Id<GuildMarker>>) -> bool {
        self.ids().insert(id, guild).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_noticed_and_memory_is_bounded() {
        let recent = Recent::default();
        let is_new = |id| recent.is_new(id, None);
        assert!(is_new(1));
        assert!(!is_new(1));
        for id in 2..=MAX as u64 + 1 {
            assert!(is_new(id));
        }
        assert!(is_new(1), "forgotten");
        recent.forget(ShardId::ONE);
        assert!(is_new(1));
    }

    #[test]
    fn a_new_session_of_one_shard_leaves_the_others_alone() {
        let recent = Recent::default();
        let (even, odd) = (Id::new_checked(2 << 22), Id::new_checked(3 << 22));
        let is_new = |id, guild| recent.is_new(id, guild);
        assert!(is_new(1, None) && is_new(2, even) && is_new(3, odd));
        recent.forget(ShardId::new(0, 2));
        assert!(is_new(1, None) && is_new(2, even) && !is_new(3, odd));
        recent.forget(ShardId::new(1, 2));
        assert!(!is_new(1, None) && !is_new(2, even) && is_new(3, odd));
    }
}
