//! REST rate limits on line time: buckets per caller, route and major parameter, and the global limit.
//!
//! See Discord docs: Topics / Rate Limits. The values are not contractual; [`rules`] holds a believable
//! table. Line time never stands still, so a client that waits out `Retry-After` always gets through.

mod buckets;
mod headers;
mod renames;
mod rules;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cogwright_sim_world::{ApplicationId, ChannelId, Timestamp, UserId};

use self::{buckets::Buckets, renames::Renames};
pub(crate) use self::{
    headers::{fault_limited, global_refusal, is_shared, refusal, standing_headers},
    rules::{Age, Rule, rule},
};

/// Requests per second that one caller may make over all routes that count.
const GLOBAL_LIMIT: u32 = 50;
const GLOBAL_PER: Duration = Duration::from_secs(1);

/// Whose bucket a request falls into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// An application, whatever address it calls from.
    Application(ApplicationId),
    /// A person's token, given to an application.
    Person(ApplicationId, UserId),
    /// Callers without a token; on Discord their address, here there is but one.
    Anonymous,
}

/// How a bucket stands after a request was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Standing {
    /// Requests per window.
    pub(crate) limit: u32,
    /// Requests left in this window.
    pub(crate) remaining: u32,
    /// Until the window ends.
    pub(crate) reset_after: Duration,
    /// Whether this request was one too many.
    pub(crate) exceeded: bool,
}

/// What counting a request came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The bucket's standing; it may be exceeded.
    Bucket(Standing),
    /// The global limit is exhausted for this long.
    Global(Duration),
}

/// All windows of one local Discord.
#[derive(Debug, Default)]
pub(crate) struct Limits(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    buckets: Buckets,
    renames: Renames,
}

impl Limits {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one request at line time `line`. A request that its own bucket refuses does not count
    /// globally, and the other way round.
    pub(crate) fn count(&self, line: Duration, who: &Who, rule: &Rule, major: &str) -> Verdict {
        let mut inner = self.lock();
        if rule.global {
            let global = inner.buckets.look(line, who, "global", "", GLOBAL_LIMIT, GLOBAL_PER);
            if global.exceeded {
                return Verdict::Global(global.reset_after);
            }
        }
        let standing = inner.buckets.take(line, who, rule.group, major, rule.limit, rule.per);
        if rule.global && !standing.exceeded {
            inner.buckets.take(line, who, "global", "", GLOBAL_LIMIT, GLOBAL_PER);
        }
        Verdict::Bucket(standing)
    }

    /// How long a channel's name or topic cannot be changed any more, if at all, at world time `now`.
    pub(crate) fn rename_wait(&self, channel: ChannelId, now: Timestamp) -> Option<Duration> {
        self.lock().renames.wait(channel, now)
    }

    /// Remembers that a channel's name or topic was changed.
    pub(crate) fn renamed(&self, channel: ChannelId, now: Timestamp) {
        self.lock().renames.add(channel, now);
    }

    /// Forgets everything, as a fresh start would.
    pub(crate) fn reset(&self) {
        *self.lock() = Inner::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: Who = Who::Application(ApplicationId::new(1));

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn standing(verdict: Verdict) -> Standing {
        match verdict {
            Verdict::Bucket(standing) => standing,
            Verdict::Global(_) => panic!("global limit"),
        }
    }

    #[test]
    fn a_bucket_counts_down_refuses_and_opens_again() {
        let limits = Limits::default();
        let rule = rule("create_message", "POST", None);
        for left in (0..5).rev() {
            let s = standing(limits.count(at(100), &BOT, &rule, "c1"));
            assert_eq!((s.limit, s.remaining, s.exceeded), (5, left, false));
        }
        let s = standing(limits.count(at(4_100), &BOT, &rule, "c1"));
        assert_eq!((s.remaining, s.exceeded, s.reset_after), (0, true, at(1_000)));
        assert!(
            !standing(limits.count(at(4_100), &BOT, &rule, "c2")).exceeded,
            "another channel, another bucket"
        );
        let other = Who::Application(ApplicationId::new(2));
        assert!(
            !standing(limits.count(at(4_100), &other, &rule, "c1")).exceeded,
            "another bot, another bucket"
        );
        assert!(!standing(limits.count(at(5_100), &BOT, &rule, "c1")).exceeded);
    }

    #[test]
    fn reactions_share_one_bucket() {
        let limits = Limits::default();
        let (put, delete) = (
            rule("add_my_message_reaction", "PUT", None),
            rule("delete_my_message_reaction", "DELETE", None),
        );
        assert!(!standing(limits.count(at(0), &BOT, &put, "c")).exceeded);
        assert!(standing(limits.count(at(100), &BOT, &delete, "c")).exceeded);
        assert!(!standing(limits.count(at(250), &BOT, &delete, "c")).exceeded);
    }

    #[test]
    fn the_global_limit_spares_interactions() {
        let limits = Limits::default();
        let get = rule("get_channel", "GET", None);
        for n in 0..50 {
            standing(limits.count(at(0), &BOT, &get, &n.to_string()));
        }
        assert_eq!(limits.count(at(400), &BOT, &get, "51"), Verdict::Global(at(600)));
        let callback = rule("create_interaction_response", "POST", None);
        assert!(!standing(limits.count(at(400), &BOT, &callback, "token")).exceeded);
        assert!(!standing(limits.count(at(1_000), &BOT, &get, "51")).exceeded);
    }

    #[test]
    fn ages_of_deleted_messages_have_their_own_buckets() {
        let limits = Limits::default();
        let of = |age| rule("delete_message", "DELETE", Some(age));
        for _ in 0..5 {
            assert!(!standing(limits.count(at(0), &BOT, &of(Age::Young), "c")).exceeded);
        }
        assert!(standing(limits.count(at(0), &BOT, &of(Age::Young), "c")).exceeded);
        assert_eq!(standing(limits.count(at(0), &BOT, &of(Age::Settled), "c")).limit, 3);
        assert_eq!(standing(limits.count(at(0), &BOT, &of(Age::Ancient), "c")).limit, 30);
    }

    #[test]
    fn a_reset_opens_everything() {
        let limits = Limits::default();
        let rule = rule("bulk_delete_messages", "POST", None);
        standing(limits.count(at(0), &BOT, &rule, "c"));
        limits.reset();
        assert!(!standing(limits.count(at(0), &BOT, &rule, "c")).exceeded);
    }
}
