//! What was handled a moment ago: an event may come twice, and a command must not run twice for it.
//! See Discord docs: Gateway / Resuming; events may be repeated around a reconnect.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ids that are remembered; a repetition comes within moments.
const MAX: usize = 4_096;

/// The ids of the latest messages and interactions.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Recent {
    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        *self.ids() = Ids::default();
    }

    /// Remembers an id; whether it is new.
    pub(crate) fn is_new(&self, id: u64) -> bool {
        let mut ids = self.ids();
        if !ids.known.insert(id) {
            return false;
        }
        ids.order.push_back(id);
        if ids.order.len() > MAX
            && let Some(oldest) = ids.order.pop_front()
        {
            ids.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_noticed_and_memory_is_bounded() {
        let recent = Recent::default();
        assert!(recent.is_new(1));
        assert!(!recent.is_new(1));
        for id in 2..=MAX as u64 + 1 {
            assert!(recent.is_new(id));
        }
        assert!(recent.is_new(1), "forgotten");
        assert_eq!(recent.ids().known.len(), MAX);
        recent.forget();
        assert!(recent.is_new(1));
    }
}
