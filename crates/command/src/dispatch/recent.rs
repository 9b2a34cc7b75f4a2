//! What was handled a moment ago: an event may come twice, and a command must not run twice for it.
//! See Discord docs: Gateway / Resuming; events may be repeated around a reconnect.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::bounded::Bounded;

/// Ids that are remembered; a repetition comes within moments.
const MAX: usize = 4_096;

/// The ids of the latest messages and interactions.
#[derive(Debug)]
pub(crate) struct Recent(Mutex<Bounded<u64, ()>>);

impl Default for Recent {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(MAX)))
    }
}

impl Recent {
    fn ids(&self) -> MutexGuard<'_, Bounded<u64, ()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.ids().clear();
    }

    /// Remembers an id; whether it is new.
    pub(crate) fn is_new(&self, id: u64) -> bool {
        self.ids().insert(id, ()).is_none()
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
        recent.forget();
        assert!(recent.is_new(1));
    }
}
