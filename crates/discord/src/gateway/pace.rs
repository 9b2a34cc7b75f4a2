//! How much may be sent in a stretch of time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// At most so many in any window of time. Remembers no more than that many moments.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    window: Duration,
    sent: VecDeque<Instant>,
}

impl Budget {
    pub(super) fn new(limit: usize, window: Duration) -> Self {
        Self { limit, window, sent: VecDeque::with_capacity(limit) }
    }

    /// When the next one may go; not before `now`.
    pub(super) fn free_at(&self, now: Instant) -> Instant {
        match self.sent.len().checked_sub(self.limit).and_then(|extra| self.sent.get(extra)) {
            Some(oldest) => now.max(*oldest + self.window),
            None => now,
        }
    }

    /// One has gone.
    pub(super) fn note(&mut self, now: Instant) {
        self.sent.push_back(now);
        if self.sent.len() > self.limit {
            self.sent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_holds_more_than_the_limit() {
        let second = Duration::from_secs(1);
        let mut budget = Budget::new(3, second * 20);
        let begin = Instant::now();
        for at in [0, 1, 5] {
            assert_eq!(budget.free_at(begin + second * at), begin + second * at);
            budget.note(begin + second * at);
        }
        assert_eq!(budget.free_at(begin + second * 6), begin + second * 20);
        budget.note(begin + second * 20);
        assert_eq!(budget.free_at(begin + second * 20), begin + second * 21);
        assert_eq!(budget.free_at(begin + second * 60), begin + second * 60);
        assert_eq!(budget.sent.len(), 3);
    }
}
