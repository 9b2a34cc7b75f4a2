//! Too many invalid requests: who made how many, and who is banned until when. World time.
//! See Discord docs: Rate Limits / Invalid Request Limit.

use std::{collections::BTreeMap, time::Duration};

use cogwright_sim_world::{ApplicationId, Timestamp};

use super::spec::INVALID_REQUESTS;

/// The time within which they are counted.
const WINDOW: Duration = Duration::from_mins(10);
/// Callers remembered at the most; beyond, those whose window is oldest are forgotten.
const MAX_CALLERS: usize = 256;

/// Discord bans an address; here each bot stands for a machine of its own, and everybody without a good token
/// for one more.
type Caller = Option<ApplicationId>;

#[derive(Clone, Copy, Debug)]
struct Tally {
    since: Timestamp,
    count: u32,
    until: Option<Timestamp>,
}

/// Counts and bans.
#[derive(Debug)]
pub(crate) struct Bans {
    threshold: u32,
    lasts: Duration,
    tallies: BTreeMap<Caller, Tally>,
}

impl Default for Bans {
    /// The rule that always holds.
    fn default() -> Self {
        Self::new(INVALID_REQUESTS, Duration::from_hours(1))
    }
}

impl Bans {
    /// Bans for `lasts` after `threshold` invalid requests.
    pub(super) fn new(threshold: u32, lasts: Duration) -> Self {
        Self { threshold, lasts, tallies: BTreeMap::new() }
    }

    /// Whether an answer counts. `shared`: the scope of a 429.
    pub(crate) fn is_invalid(status: u16, shared: bool) -> bool {
        matches!(status, 401 | 403) || (status == 429 && !shared)
    }

    /// Counts an invalid request.
    pub(super) fn count(&mut self, caller: Caller, now: Timestamp) {
        if self.tallies.len() >= MAX_CALLERS && !self.tallies.contains_key(&caller) {
            let oldest = self.tallies.iter().min_by_key(|(_, t)| t.since).map(|(c, _)| *c);
            self.tallies.remove(&oldest.unwrap_or_default());
        }
        let fresh = Tally { since: now, count: 0, until: None };
        let tally = self.tallies.entry(caller).or_insert(fresh);
        if tally.until.is_none() && now.since(tally.since) >= WINDOW {
            *tally = fresh;
        }
        tally.count = tally.count.saturating_add(1);
        if tally.until.is_none() && tally.count >= self.threshold {
            tally.until = Some(now.plus(self.lasts));
        }
    }

    /// How long a caller is banned for yet.
    pub(super) fn left(&mut self, caller: Caller, now: Timestamp) -> Option<Duration> {
        if self.threshold == 0 {
            return Some(self.lasts);
        }
        let left = self.tallies.get(&caller)?.until?.since(now);
        if left.is_zero() {
            self.tallies.remove(&caller);
            return None;
        }
        Some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_ms(1_000_000 + seconds * 1000)
    }

    #[test]
    fn which_answers_count() {
        for (status, shared, counts) in [
            (401, false, true),
            (403, false, true),
            (429, false, true),
            (429, true, false),
            (404, false, false),
            (500, false, false),
        ] {
            assert_eq!(Bans::is_invalid(status, shared), counts, "{status}");
        }
    }

    #[test]
    fn the_threshold_bans_one_caller_for_its_time() {
        let mut bans = Bans::new(3, Duration::from_mins(5));
        let bot = Some(ApplicationId::new(1));
        for second in 0..2 {
            bans.count(bot, at(second));
            assert_eq!(bans.left(bot, at(second)), None);
        }
        bans.count(bot, at(2));
        assert_eq!(bans.left(bot, at(2)), Some(Duration::from_mins(5)));
        assert_eq!(bans.left(None, at(2)), None, "another caller");
        assert_eq!(bans.left(bot, at(301)), Some(Duration::from_secs(1)));
        assert_eq!(bans.left(bot, at(302)), None);
        bans.count(bot, at(303));
        assert_eq!(bans.left(bot, at(303)), None, "counted anew");
    }

    #[test]
    fn the_real_rule_needs_ten_thousand_in_ten_minutes() {
        let mut bans = Bans::default();
        for _ in 0..9_999 {
            bans.count(None, at(0));
        }
        bans.count(None, at(600));
        assert_eq!(bans.left(None, at(600)), None, "the ten minutes were over");
        for _ in 0..9_999 {
            bans.count(None, at(700));
        }
        assert!(bans.left(None, at(700)).is_some());
    }

    #[test]
    fn callers_are_bounded() {
        let mut bans = Bans::new(1, WINDOW);
        for n in 1..1000 {
            bans.count(Some(ApplicationId::new(n)), at(n));
        }
        assert_eq!(bans.tallies.len(), MAX_CALLERS);
    }
}
