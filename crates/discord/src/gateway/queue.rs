//! When a shard may identify.
//!
//! See Discord docs: Gateway / Rate Limiting, Session Start Limit Object: shards that fall under the same
//! `shard_id % max_concurrency` identify at least five seconds apart, and only so many sessions may be
//! started a day. Who does not keep to it gets "invalid session", or in the end a new token.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use twilight_model::gateway::SessionStartLimit;

/// Five seconds and a little: what counts is when Discord sees it, and the way there varies.
const APART: Duration = Duration::from_millis(5_250);

/// When the number of starts is full again after it was used up and refilled once.
const DAY: Duration = Duration::from_hours(24);

#[derive(Debug)]
pub(super) struct IdentifyQueue {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When each group of shards may identify next.
    free_at: Vec<Instant>,
    remaining: u32,
    total: u32,
    reset_at: Instant,
}

impl IdentifyQueue {
    pub(super) fn new(limit: &SessionStartLimit) -> Self {
        let now = Instant::now();
        // Discord gives 1 to a few hundred; anything else is a mistake.
        let groups = limit.max_concurrency.clamp(1, 1_024);
        let reset_after = Duration::from_millis(limit.reset_after).min(DAY);
        Self {
            state: Mutex::new(State {
                free_at: vec![now; groups.into()],
                remaining: limit.remaining,
                total: limit.total.max(1),
                reset_at: now + reset_after,
            }),
        }
    }

    /// The time at which this shard may identify; the place is taken.
    pub(super) fn reserve(&self, shard: u32) -> Instant {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.reserve(shard, Instant::now())
    }
}

impl State {
    fn reserve(&mut self, shard: u32, now: Instant) -> Instant {
        let mut at = now;
        if now >= self.reset_at {
            self.remaining = self.total;
            self.reset_at = now + DAY;
        }
        if self.remaining == 0 {
            at = self.reset_at;
            self.remaining = self.total;
            self.reset_at = at + DAY;
        }
        self.remaining -= 1;
        let group = shard as usize % self.free_at.len();
        if let Some(free_at) = self.free_at.get_mut(group) {
            at = at.max(*free_at);
            *free_at = at + APART;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(groups: u16, remaining: u32) -> (State, Instant) {
        let limit = SessionStartLimit { max_concurrency: groups, remaining, reset_after: 60_000, total: 10 };
        let queue = IdentifyQueue::new(&limit).state.into_inner().expect("not poisoned");
        let now = Instant::now();
        (queue, now)
    }

    #[test]
    fn shards_of_one_group_keep_their_distance() {
        let (mut state, now) = state(2, 10);
        assert_eq!(state.reserve(0, now), now);
        assert_eq!(state.reserve(1, now), now, "is another group");
        assert_eq!(state.reserve(2, now), now + APART);
        assert_eq!(state.reserve(0, now), now + APART * 2);
        let later = now + Duration::from_mins(1);
        assert_eq!(state.reserve(0, later), later);
    }

    #[test]
    fn starts_that_are_used_up_wait_for_the_reset() {
        let (mut state, now) = state(1, 1);
        assert_eq!(state.reserve(0, now), now);
        let reset = state.reset_at;
        assert_eq!(state.reserve(0, now), reset.max(now + APART));
        assert_eq!(state.remaining, 9);
    }

    #[test]
    fn nonsense_does_no_harm() {
        let limit = SessionStartLimit { max_concurrency: 0, remaining: 0, reset_after: u64::MAX, total: 0 };
        let queue = IdentifyQueue::new(&limit);
        assert!(queue.reserve(u32::MAX) > Instant::now());
    }
}
