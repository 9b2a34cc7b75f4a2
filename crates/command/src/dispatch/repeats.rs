//! Refusals that were told a moment ago: whoever repeats a call that is refused gets one answer, or the answers would
//! fill the channel and use up what Discord lets the bot say there.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::ctx::Invocation;
use crate::failure::Failure;

/// How long the same refusal of the same call is not told again.
const QUIET: Duration = Duration::from_secs(5);

/// Refusals that are remembered. When they are more within the time, the oldest are told again.
const MAX: usize = 4_096;

/// What was told lately, by person, channel, command and kind of refusal.
#[derive(Debug, Default)]
pub(crate) struct Repeats(Mutex<HashMap<u64, SystemTime>>);

impl Repeats {
    /// Whether this refusal is to be told at `now`; it counts as told then.
    pub(crate) fn is_news(&self, call: &Invocation, failure: &Failure, now: SystemTime) -> bool {
        let mut hasher = DefaultHasher::new();
        (call.invoker.id, call.channel, call.spec.qualified_name(), failure.label()).hash(&mut hasher);
        self.note(hasher.finish(), now)
    }

    fn note(&self, key: u64, now: SystemTime) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |at: &SystemTime| now.duration_since(*at).is_ok_and(|age| age >= QUIET);
        if told.len() >= MAX {
            told.retain(|_, at| !is_old(at));
            if told.len() >= MAX {
                told.clear();
            }
        }
        match told.entry(key) {
            Entry::Occupied(mut entry) if is_old(entry.get()) => {
                entry.insert(now);
                true
            }
            Entry::Occupied(_) => false,
            Entry::Vacant(entry) => {
                entry.insert(now);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_is_news_again_after_a_while_and_memory_is_bounded() {
        let repeats = Repeats::default();
        let start = SystemTime::UNIX_EPOCH;
        assert!(repeats.note(1, start));
        assert!(!repeats.note(1, start + QUIET / 2));
        assert!(repeats.note(2, start));
        assert!(repeats.note(1, start + QUIET));
        for key in 0..3 * MAX as u64 {
            repeats.note(key, start);
        }
        assert!(repeats.0.lock().unwrap().len() <= MAX);
    }
}
