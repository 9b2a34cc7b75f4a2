//! One line of the log for many of the same: what members can cause as often as they like must not fill a disk.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How often a line of one kind is written at most. What happens in between is counted in the next one.
const EVERY: Duration = Duration::from_secs(10);

/// What is told in this way, each kind by itself.
#[derive(Debug, Default)]
pub(crate) struct Floods {
    /// Messages that found no place among those that wait for their guild's prefix.
    pub(crate) lookups: Sparse,
    /// Prefix calls that found no place, which nobody is told.
    pub(crate) dropped: Sparse,
    /// Calls that were refused because too much is under way.
    pub(crate) busy: Sparse,
    /// Calls whose answer a rate limit of Discord's holds up for too long.
    pub(crate) limited: Sparse,
}

/// Says when a line is due, and for how many.
#[derive(Debug, Default)]
pub(crate) struct Sparse(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    told: Option<SystemTime>,
    since: u64,
}

impl Sparse {
    /// Counts one. Answers how many there were since the last line, this one included, when another is due.
    pub(crate) fn note(&self, now: SystemTime) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.since += 1;
        // A clock that was set back does not silence it.
        let due = state.told.and_then(|told| now.duration_since(told).ok()).is_none_or(|ago| ago >= EVERY);
        due.then(|| {
            state.told = Some(now);
            std::mem::take(&mut state.since)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_make_one_line_with_their_number() {
        let (sparse, start) = (Sparse::default(), SystemTime::UNIX_EPOCH + Duration::from_secs(100));
        let at = |millis| sparse.note(start + Duration::from_millis(millis));
        assert_eq!([at(0), at(1), at(9_999)], [Some(1), None, None]);
        assert_eq!([at(10_000), at(10_001)], [Some(3), None]);
        assert_eq!(sparse.note(start - Duration::from_secs(50)), Some(2));
    }
}
