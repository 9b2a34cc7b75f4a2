//! How many requests Discord has refused lately.
//!
//! See Discord docs: Rate Limits / Invalid Request Limit: an address that collects 10,000 answers of 401, 403 or
//! 429 (other than shared) in ten minutes is banned.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::wire::Answer;

/// Parts into which the window is divided; one more is kept, so that no count leaves too early.
const PARTS: usize = 60;

#[derive(Debug)]
pub(crate) struct Invalid {
    part: Duration,
    counts: Mutex<Counts>,
}

#[derive(Debug)]
struct Counts {
    begun: Instant,
    /// Number of the newest part since `begun`.
    newest: u128,
    ring: [u32; PARTS + 1],
}

impl Invalid {
    pub(crate) fn new(window: Duration) -> Self {
        let part = (window / PARTS as u32).max(Duration::from_millis(1));
        let counts = Counts { begun: Instant::now(), newest: 0, ring: [0; PARTS + 1] };
        Self { part, counts: Mutex::new(counts) }
    }

    /// Counts an answer if Discord does.
    pub(crate) fn note(&self, answer: &Answer, now: Instant) {
        let counts = match answer.status.as_u16() {
            401 | 403 => true,
            429 => answer.header("x-ratelimit-scope") != Some("shared"),
            _ => false,
        };
        if counts {
            let mut counts = self.at(now);
            let place = (counts.newest % (PARTS as u128 + 1)) as usize;
            counts.ring[place] = counts.ring[place].saturating_add(1);
        }
    }

    /// Invalid requests within the window.
    pub(crate) fn used(&self, now: Instant) -> u32 {
        self.at(now).ring.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The counts with those that have left the window cleared.
    fn at(&self, now: Instant) -> MutexGuard<'_, Counts> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = now.saturating_duration_since(counts.begun);
        let newest = elapsed.as_nanos() / self.part.as_nanos();
        let passed = newest.saturating_sub(counts.newest).min(PARTS as u128 + 1);
        for step in 1..=passed {
            let place = ((counts.newest + step) % (PARTS as u128 + 1)) as usize;
            counts.ring[place] = 0;
        }
        if passed > PARTS as u128 {
            counts.ring = [0; PARTS + 1];
        }
        counts.newest = counts.newest.max(newest);
        counts
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;

    const WINDOW: Duration = Duration::from_mins(10);

    fn answer(status: u16, scope: Option<&'static str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(scope) = scope {
            headers.insert("x-ratelimit-scope", HeaderValue::from_static(scope));
        }
        Answer { status: StatusCode::from_u16(status).expect("is one"), headers, body: Bytes::new() }
    }

    #[test]
    fn only_what_discord_counts_is_counted() {
        let invalid = Invalid::new(WINDOW);
        let now = Instant::now();
        for (status, scope) in [(200, None), (404, None), (400, None), (502, None), (429, Some("shared"))] {
            invalid.note(&answer(status, scope), now);
        }
        assert_eq!(invalid.used(now), 0);
        for (status, scope) in [(401, None), (403, None), (429, None), (429, Some("user"))] {
            invalid.note(&answer(status, scope), now);
        }
        assert_eq!(invalid.used(now), 4);
    }

    #[test]
    fn counts_leave_with_the_window_and_not_before() {
        let invalid = Invalid::new(WINDOW);
        let start = Instant::now();
        for second in 0..1_200 {
            invalid.note(&answer(403, None), start + Duration::from_secs(second));
        }
        let end = start + Duration::from_secs(1_199);
        let used = invalid.used(end);
        // Never fewer than the last ten minutes hold, and no more than one part too many.
        assert!((600..=610).contains(&used), "{used}");
        assert!(invalid.used(end + Duration::from_mins(5)) >= 300);
        assert_eq!(invalid.used(end + WINDOW + Duration::from_secs(11)), 0);
        assert_eq!(invalid.used(end + WINDOW * 500), 0);
    }
}
