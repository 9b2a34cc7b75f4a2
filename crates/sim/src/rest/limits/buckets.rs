//! Fixed windows, one per caller, group and major parameter, in a bounded table.

use std::{collections::HashMap, time::Duration};

use super::{Standing, Who};

/// Buckets kept at the most. Expired ones go first, then those that end soonest: a caller gains at most one
/// window by it.
const MAX_BUCKETS: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    who: Who,
    group: &'static str,
    major: String,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    ends: Duration,
    used: u32,
}

/// The windows.
#[derive(Debug, Default)]
pub(super) struct Buckets(HashMap<Key, Window>);

impl Buckets {
    /// Counts a request.
    pub(super) fn take(
        &mut self,
        line: Duration,
        who: &Who,
        group: &'static str,
        major: &str,
        limit: u32,
        per: Duration,
    ) -> Standing {
        let key = Key { who: who.clone(), group, major: major.to_owned() };
        if !self.0.contains_key(&key) {
            self.make_room(line);
        }
        let fresh = Window { ends: line + per, used: 0 };
        let window = self.0.entry(key).or_insert(fresh);
        if window.ends <= line {
            *window = fresh;
        }
        let exceeded = window.used >= limit;
        window.used = (window.used + 1).min(limit);
        Standing {
            limit,
            remaining: limit - window.used,
            reset_after: window.ends.saturating_sub(line),
            exceeded,
        }
    }

    /// How a request would fare, without counting it.
    pub(super) fn look(
        &self,
        line: Duration,
        who: &Who,
        group: &'static str,
        major: &str,
        limit: u32,
        per: Duration,
    ) -> Standing {
        let key = Key { who: who.clone(), group, major: major.to_owned() };
        match self.0.get(&key).filter(|w| w.ends > line) {
            Some(w) => Standing {
                limit,
                remaining: limit.saturating_sub(w.used),
                reset_after: w.ends.saturating_sub(line),
                exceeded: w.used >= limit,
            },
            None => Standing { limit, remaining: limit, reset_after: per, exceeded: false },
        }
    }

    fn make_room(&mut self, line: Duration) {
        if self.0.len() < MAX_BUCKETS {
            return;
        }
        self.0.retain(|_, w| w.ends > line);
        if self.0.len() < MAX_BUCKETS {
            return;
        }
        let mut ends: Vec<Duration> = self.0.values().map(|w| w.ends).collect();
        let (_, middle, _) = ends.select_nth_unstable(MAX_BUCKETS / 10);
        let cut = *middle;
        self.0.retain(|_, w| w.ends > cut);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_bounded_and_drops_what_ends_first() {
        let mut buckets = Buckets::default();
        let who = Who::Anonymous;
        let long = Duration::from_secs(1_000);
        buckets.take(Duration::ZERO, &who, "g", "kept", 1, long);
        for n in 0..MAX_BUCKETS * 3 {
            buckets.take(Duration::ZERO, &who, "g", &n.to_string(), 1, Duration::from_secs(5));
        }
        assert!(buckets.0.len() <= MAX_BUCKETS);
        buckets.take(Duration::from_secs(6), &who, "g", "later", 1, long);
        for n in 0..MAX_BUCKETS {
            buckets.take(Duration::from_secs(6), &who, "h", &n.to_string(), 1, Duration::from_secs(5));
        }
        assert!(buckets.take(Duration::from_secs(6), &who, "g", "kept", 1, long).exceeded);
    }
}
