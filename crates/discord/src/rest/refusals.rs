//! What Discord has refused again and again, so that it need not be asked each time.
//!
//! A welcome message in a channel that the bot may not write to is refused for every one of 18,000 newcomers; each
//! refusal counts against the budget whose end is a ban. After a streak of refusals on one route of one channel,
//! guild or webhook the answer is given from memory, and Discord is asked only now and then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::RestError;
use super::route::Route;

/// Refusals in a row after which the answer is known. One person's mistakes stay below it.
const STREAK: u32 = 10;

/// First pause between two questions after that; doubles up to [`LONGEST`].
const PAUSE: Duration = Duration::from_secs(2);

/// Longest pause: what was put right works again after it.
const LONGEST: Duration = Duration::from_secs(30);

/// A streak that has not grown for so long is over.
const FORGET: Duration = Duration::from_mins(10);

/// Routes remembered at once; when there are more, all are forgotten, which costs ten refusals each.
const MAX_KNOWN: usize = 4_096;

/// Template of the route and its channel, guild or webhook.
type Key = (String, String);

#[derive(Debug, Default)]
pub(crate) struct Refusals {
    known: Mutex<HashMap<Key, Memory>>,
}

#[derive(Debug)]
struct Memory {
    streak: u32,
    pause: Duration,
    last: Instant,
    ask_again: Instant,
    status: u16,
    code: u64,
    message: String,
}

impl Refusals {
    /// The answer, when it is known; asked before a request waits for its turn.
    pub(crate) fn peek(&self, route: &Route, now: Instant) -> Option<RestError> {
        self.answer(route, now, false)
    }

    /// The answer, when it is known; asked right before sending. Of many callers only one is told to ask again.
    pub(crate) fn claim(&self, route: &Route, now: Instant) -> Option<RestError> {
        self.answer(route, now, true)
    }

    fn answer(&self, route: &Route, now: Instant, claim: bool) -> Option<RestError> {
        if route.is_interaction_callback() {
            return None;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = known.get_mut(&key(route))?;
        if memory.streak < STREAK {
            return None;
        }
        if now >= memory.ask_again {
            if claim {
                memory.ask_again = now + memory.pause;
            }
            return None;
        }
        let wait = memory.ask_again.saturating_duration_since(now).as_secs_f64();
        Some(RestError::Discord {
            status: memory.status,
            code: memory.code,
            message: memory.message.clone(),
            details: Some(format!(
                "not sent: refused {} times in a row; asked again in {wait:.0} s",
                memory.streak
            )),
        })
    }

    /// Takes note of what came of a request that was sent.
    pub(crate) fn learn(&self, route: &Route, result: Result<(), &RestError>, now: Instant) {
        if route.is_interaction_callback() {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(()) if known.is_empty() => {}
            Ok(()) => {
                known.remove(&key(route));
            }
            Err(RestError::Discord { status: status @ (401 | 403), code, message, .. }) => {
                if known.len() >= MAX_KNOWN {
                    known.retain(|_, memory| now.saturating_duration_since(memory.last) < FORGET);
                    if known.len() >= MAX_KNOWN {
                        known.clear();
                    }
                }
                let memory = known.entry(key(route)).or_insert_with(|| Memory::new(now));
                if now.saturating_duration_since(memory.last) >= FORGET {
                    *memory = Memory::new(now);
                }
                memory.refused(now, *status, *code, message);
                if memory.streak == STREAK {
                    let (route, code) = (route.template(), *code);
                    tracing::warn!(
                        route,
                        status,
                        code,
                        message,
                        "refused {STREAK} times in a row; answered without asking from now on, until it works again"
                    );
                }
            }
            // Others say nothing about permission.
            Err(_) => {}
        }
    }
}

impl Memory {
    fn new(now: Instant) -> Self {
        Self {
            streak: 0,
            pause: PAUSE,
            last: now,
            ask_again: now,
            status: 0,
            code: 0,
            message: String::new(),
        }
    }

    fn refused(&mut self, now: Instant, status: u16, code: u64, message: &str) {
        self.streak = self.streak.saturating_add(1);
        self.last = now;
        (self.status, self.code) = (status, code);
        message.clone_into(&mut self.message);
        if self.streak >= STREAK {
            self.ask_again = now + self.pause;
            self.pause = (self.pause * 2).min(LONGEST);
        }
    }
}

fn key(route: &Route) -> Key {
    (route.template().to_owned(), route.major().to_owned())
}

#[cfg(test)]
mod tests {
    use twilight_http::request::Method;

    use super::*;

    fn route(channel: u64) -> Route {
        Route::of(Method::Post, &format!("channels/{channel}/messages"))
    }

    fn forbidden() -> RestError {
        RestError::Discord { status: 403, code: 50_013, message: "Missing Permissions".into(), details: None }
    }

    /// Asks every `step` for `times` times and answers how often Discord was bothered.
    fn ask(refusals: &Refusals, from: Instant, step: Duration, times: u32) -> u32 {
        let route = route(111_111_111_111_111_111);
        let mut asked = 0;
        for n in 0..times {
            let now = from + step * n;
            match refusals.claim(&route, now) {
                Some(error) => assert_eq!(error.code(), Some(50_013)),
                None => {
                    asked += 1;
                    refusals.learn(&route, Err(&forbidden()), now);
                }
            }
        }
        asked
    }

    #[test]
    fn a_raid_asks_a_few_dozen_times() {
        let asked = ask(&Refusals::default(), Instant::now(), Duration::from_millis(33), 18_000);
        assert!((20..60).contains(&asked), "{asked}");
    }

    #[test]
    fn other_channels_and_a_few_mistakes_are_left_alone() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        assert_eq!(ask(&refusals, now, Duration::from_millis(1), STREAK), STREAK);
        assert!(refusals.peek(&route(111_111_111_111_111_111), now).is_some());
        assert!(refusals.peek(&route(222_222_222_222_222_222), now).is_none());
    }

    #[test]
    fn a_success_ends_it_and_so_does_time() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        let route = route(111_111_111_111_111_111);
        ask(&refusals, now, Duration::from_millis(1), 50);
        refusals.learn(&route, Ok(()), now);
        assert!(refusals.peek(&route, now).is_none());
        assert_eq!(ask(&refusals, now, Duration::ZERO, STREAK), STREAK, "the streak begins anew");
        let later = now + FORGET;
        assert!(refusals.peek(&route, later).is_none());
        refusals.learn(&route, Err(&forbidden()), later);
        assert!(refusals.peek(&route, later).is_none());
    }

    #[test]
    fn of_many_only_one_asks_again() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        let route = route(111_111_111_111_111_111);
        ask(&refusals, now, Duration::ZERO, STREAK);
        let later = now + PAUSE;
        assert!((0..5).all(|_| refusals.peek(&route, later).is_none()));
        let asking = (0..100).filter(|_| refusals.claim(&route, later).is_none()).count();
        assert_eq!(asking, 1);
    }

    #[test]
    fn what_is_no_matter_of_permission_is_not_remembered() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        let route = route(111_111_111_111_111_111);
        let unknown = RestError::Discord { status: 404, code: 10_008, message: "x".into(), details: None };
        for _ in 0..50 {
            refusals.learn(&route, Err(&unknown), now);
        }
        assert!(refusals.peek(&route, now).is_none());
    }

    #[test]
    fn the_memory_is_bounded() {
        let (refusals, now) = (Refusals::default(), Instant::now());
        for n in 0..2 * MAX_KNOWN as u64 {
            refusals.learn(&route(111_111_111_111_111_111 + n), Err(&forbidden()), now);
        }
        assert!(refusals.known.lock().expect("not poisoned").len() <= MAX_KNOWN);
    }
}
