//! The pause between two connections of a shard.

use std::time::Duration;

/// A connection that was identified or resumed for this long was a good one; its end is no reason for a pause.
const GOOD: Duration = Duration::from_secs(20);

/// Longest pause.
const MAX: Duration = Duration::from_secs(64);

/// Counts connections that ended early, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    early: u32,
}

impl Backoff {
    /// The pause after a connection that was ready (identified or resumed) for so long, if it was; without
    /// jitter.
    pub(crate) fn after(&mut self, ready: Option<Duration>) -> Duration {
        if ready.is_some_and(|lived| lived >= GOOD) {
            self.early = 0;
        }
        let pause = match self.early {
            // Once ready, being sent away is ordinary (op 7 comes at any time): return at once.
            0 if ready.is_some() => Duration::ZERO,
            n => Duration::from_millis(500) * 2_u32.saturating_pow(n.min(16)),
        };
        self.early += 1;
        pause.min(MAX)
    }

    /// The same spread by a quarter up and down, so that shards do not return all at once.
    pub(crate) fn with_jitter(&mut self, ready: Option<Duration>) -> Duration {
        self.after(ready).mul_f64(0.75 + fastrand::f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_hangs_up_at_once_is_left_alone_more_and_more() {
        let mut backoff = Backoff::default();
        let pauses = std::iter::repeat_with(|| backoff.after(None));
        let pauses: Vec<_> = pauses.take(9).map(|p| p.as_millis()).collect();
        let expected = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 64_000];
        assert_eq!(pauses, expected);
    }

    #[test]
    fn a_reconnect_after_a_good_time_is_immediate() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.after(None);
        }
        assert_eq!(backoff.after(Some(Duration::from_mins(1))), Duration::ZERO);
    }

    #[test]
    fn being_sent_away_again_and_again_slows_down_too() {
        let mut backoff = Backoff::default();
        let second = Duration::from_secs(1);
        assert_eq!(backoff.after(Some(second)), Duration::ZERO);
        assert_eq!(backoff.after(Some(second)), second);
        assert_eq!(backoff.after(Some(second)), second * 2);
    }
}
