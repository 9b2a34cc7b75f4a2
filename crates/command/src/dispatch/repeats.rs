//! Refusals that were told a moment ago: whoever repeats a call that is refused gets one answer, or the answers would
//! fill the channel and use up what Discord lets the bot say there. Another mistake is another refusal.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::ctx::Invocation;
use crate::failure::Failure;

/// How long the same refusal of the same call is not told again.
const QUIET: Duration = Duration::from_secs(5);

/// Different mistakes in arguments that one person is told within that time: more than anybody makes by hand, and what
/// keeps somebody who makes up ever new ones from making the bot flood.
const MISTAKES: usize = 8;

/// The same with refusals of other kinds, of which each command has a few.
const REFUSALS: usize = 64;

/// People who are remembered. When they are more within the time, all are forgotten, and told again.
const MAX: usize = 4_096;

/// What was told lately, by person.
#[derive(Debug, Default)]
pub(crate) struct Repeats(Mutex<HashMap<u64, Told>>);

/// The latest refusals of a person.
type Told = Vec<Refusal>;

#[derive(Clone, Copy, Debug)]
struct Refusal {
    /// Of the call's place and command, and of what was wrong.
    hash: u64,
    /// Whether it was the arguments.
    mistake: bool,
    /// When it was told.
    at: SystemTime,
}

impl Repeats {
    /// Whether this refusal is to be told at `now`; it counts as told then.
    pub(crate) fn is_news(&self, call: &Invocation, failure: &Failure, now: SystemTime) -> bool {
        let mut hasher = DefaultHasher::new();
        (call.channel, call.spec.qualified_name(), failure.label()).hash(&mut hasher);
        let mistake = matches!(
            failure,
            Failure::BadArgument { .. } | Failure::MissingArgument { .. } | Failure::ExtraArgument { .. }
        );
        if mistake {
            // Which argument and why; of others the kind says it, and a time that is left is another every moment.
            failure.detail().hash(&mut hasher);
        }
        self.note(call.invoker.id.get(), Refusal { hash: hasher.finish(), mistake, at: now })
    }

    fn note(&self, person: u64, refusal: Refusal) -> bool {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = refusal.at;
        let lately = |told: &Refusal| now.duration_since(told.at).is_ok_and(|age| age < QUIET);
        if people.len() >= MAX && !people.contains_key(&person) {
            people.retain(|_, told| told.iter().any(lately));
            if people.len() >= MAX {
                people.clear();
            }
        }
        let told = people.entry(person).or_default();
        told.retain(lately);
        let mistakes = told.iter().filter(|told| told.mistake).count();
        let room = told.len() < REFUSALS && !(refusal.mistake && mistakes >= MISTAKES);
        let news = room && told.iter().all(|known| known.hash != refusal.hash);
        if news {
            told.push(refusal);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::BadArgument;
    use crate::spec::OptionKind;
    use crate::testing::{ALICE, BOB, call};

    #[test]
    fn a_repetition_is_news_again_after_a_while_and_memory_is_bounded() {
        let repeats = Repeats::default();
        let start = SystemTime::UNIX_EPOCH;
        let note = |person, at| repeats.note(person, Refusal { hash: 7, mistake: true, at });
        assert!(note(1, start));
        assert!(!note(1, start + QUIET / 2));
        assert!(note(2, start));
        assert!(note(1, start + QUIET));
        for person in 0..3 * MAX as u64 {
            note(person, start);
        }
        assert!(repeats.0.lock().unwrap().len() <= MAX);
    }

    #[test]
    fn another_mistake_is_told_but_not_ever_new_ones() {
        let repeats = Repeats::default();
        let now = SystemTime::UNIX_EPOCH;
        let bad = |option: &str, given: &str| Failure::BadArgument {
            option: option.to_owned(),
            given: Some(given.to_owned()),
            reason: BadArgument::WrongKind(OptionKind::Integer),
        };
        let news = |user, failure: &Failure| repeats.is_news(&call(user), failure, now);
        assert!(news(ALICE, &bad("times", "6")) && news(ALICE, &bad("times", "abc")));
        assert!(news(ALICE, &bad("to", "nobodyx")) && !news(ALICE, &bad("times", "6")));
        let cooldown = |ms| Failure::Cooldown { scope: crate::Scope::User, left: Duration::from_millis(ms) };
        assert!(news(ALICE, &cooldown(900)) && !news(ALICE, &cooldown(100)), "the same, a moment later");
        let more = (0..100).filter(|n: &u32| news(ALICE, &bad("times", &n.to_string()))).count();
        assert_eq!(more, MISTAKES - 3);
        assert!(news(ALICE, &Failure::GuildOnly), "no mistake in arguments");
        assert!(news(BOB, &bad("times", "1")), "of somebody else");
    }
}
