//! Numbers about the way out, for operators.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::wire::Answer;

/// What has left and what came of it since the start, and how things stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RestStats {
    /// Requests put on the wire, repetitions included.
    pub sent: u64,
    /// Of these, repetitions.
    pub retries: u64,
    /// Answers of 429 by what they concern.
    pub limited: LimitCounts,
    /// Answers of 5xx.
    pub server_errors: u64,
    /// Answers of 400 to 499 other than 429.
    pub refused: u64,
    /// Requests without a whole answer: broken connections and time-outs.
    pub broken: u64,
    /// Requests answered from memory: Discord had refused the same many times in a row.
    pub answered_locally: u64,
    /// Requests refused here because the budget of invalid requests is too far used up.
    pub withheld: u64,
    /// Requests refused here because too many were waiting.
    pub overloaded: u64,
    /// Requests that wait or are under way now.
    pub waiting: usize,
    /// What is left of a global limit; zero when there is none.
    pub global_limit: Duration,
    /// The budget of invalid requests.
    pub invalid: InvalidBudget,
    /// From the sending of the latest request until its whole answer was there; `None` before the first.
    pub round_trip: Option<Duration>,
}

/// Answers of 429. See Discord docs: Rate Limits / Header Format, `X-RateLimit-Scope`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitCounts {
    /// This bot on one route.
    pub user: u64,
    /// This bot everywhere, or its address.
    pub global: u64,
    /// Everybody who uses the resource.
    pub shared: u64,
}

/// How much of Discord's budget of invalid requests is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvalidBudget {
    /// Invalid requests within the window.
    pub used: u32,
    /// What Discord allows within it.
    pub allowed: u32,
    /// What is left of that.
    pub remaining: u32,
    /// Where this program stops by itself.
    pub ceiling: u32,
    /// The window.
    pub window: Duration,
}

/// The counters behind [`RestStats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) sent: AtomicU64,
    pub(crate) retries: AtomicU64,
    limited_user: AtomicU64,
    limited_global: AtomicU64,
    limited_shared: AtomicU64,
    server_errors: AtomicU64,
    refused: AtomicU64,
    pub(crate) broken: AtomicU64,
    pub(crate) answered_locally: AtomicU64,
    pub(crate) withheld: AtomicU64,
    pub(crate) overloaded: AtomicU64,
    /// In microseconds; zero before the first.
    pub(crate) round_trip: AtomicU64,
}

/// Adds one.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Counters {
    pub(crate) fn answered(&self, answer: &Answer) {
        match answer.status.as_u16() {
            429 if answer.global_limit().is_some() => count(&self.limited_global),
            429 if answer.header("x-ratelimit-scope") == Some("shared") => count(&self.limited_shared),
            429 => count(&self.limited_user),
            400..=499 => count(&self.refused),
            500..=599 => count(&self.server_errors),
            _ => {}
        }
    }

    pub(crate) fn snapshot(&self) -> RestStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RestStats {
            sent: get(&self.sent),
            retries: get(&self.retries),
            limited: LimitCounts {
                user: get(&self.limited_user),
                global: get(&self.limited_global),
                shared: get(&self.limited_shared),
            },
            server_errors: get(&self.server_errors),
            refused: get(&self.refused),
            broken: get(&self.broken),
            answered_locally: get(&self.answered_locally),
            withheld: get(&self.withheld),
            overloaded: get(&self.overloaded),
            ..RestStats::default()
        }
    }
}
