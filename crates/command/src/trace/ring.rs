//! The latest decisions, found by what a person has at hand: a message's id or link, or an error id.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use super::Decision;

/// Decisions kept; at most about 3 KiB each.
const MAX: usize = 1_000;

/// The latest decisions. A restart forgets them; the log keeps what matters of faults.
#[derive(Debug, Default)]
pub struct Decisions(Mutex<VecDeque<Decision>>);

impl Decisions {
    pub(crate) fn add(&self, decision: Decision) {
        let mut ring = self.lock();
        if ring.len() >= MAX {
            ring.pop_front();
        }
        ring.push_back(decision);
    }

    /// Notes which message told the latest decision about the call `id`.
    pub(crate) fn told(&self, id: u64, answer: Id<MessageMarker>) {
        if let Some(decision) = self.lock().iter_mut().rev().find(|decision| decision.id == id) {
            decision.answer = Some(answer.get());
        }
    }

    /// The latest decision about what `key` names: the id of a message or interaction, the link of a message, be it the
    /// one that called or the one that told the failure, or an error id as it was shown.
    pub fn find(&self, key: &str) -> Option<Decision> {
        let key = key.trim().trim_matches('`').trim_matches(['<', '>']);
        // A link ends with guild, channel and message.
        let last = key.trim_end_matches('/').rsplit('/').next().unwrap_or(key);
        let id = last.parse::<u64>().ok();
        let matches = |decision: &&Decision| {
            id.is_some_and(|id| id == decision.id || Some(id) == decision.answer)
                || decision.error_id.eq_ignore_ascii_case(last)
        };
        self.lock().iter().rev().find(matches).cloned()
    }

    /// The latest decisions, newest first.
    pub fn latest(&self, count: usize) -> Vec<Decision> {
        self.lock().iter().rev().take(count).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Decision>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::failure::Failure;
    use crate::testing::{ALICE, call};
    use crate::trace::Outcome;

    fn decision(id: u64, user: u64) -> Decision {
        let mut call = call(user);
        call.id = id;
        Decision::new(&call, SystemTime::UNIX_EPOCH, vec![], Some(&Failure::GuildOnly))
    }

    #[test]
    fn decisions_are_found_by_id_link_and_error_id() {
        let ring = Decisions::default();
        let id = 1_400_000_000_000_000_123;
        ring.add(decision(id, ALICE));
        let error_id = decision(id, ALICE).error_id;
        let link = format!("<https://discord.com/channels/1/2/{id}>");
        for key in [&id.to_string(), &link, &error_id, &error_id.to_uppercase(), &format!(" `{error_id}` ")] {
            assert_eq!(ring.find(key).map(|found| found.id), Some(id), "{key}");
        }
        for key in ["", "/", "1", "https://discord.com/channels/1/2/3", "zzz"] {
            assert_eq!(ring.find(key), None, "{key}");
        }
    }

    #[test]
    fn decisions_are_found_by_the_message_that_told_them() {
        let ring = Decisions::default();
        for id in [5, 7, 5, 8] {
            ring.add(decision(id, ALICE));
        }
        ring.told(5, Id::new(9));
        ring.told(6, Id::new(10));
        let found = ring.find("https://discord.com/channels/1/2/9").map(|found| (found.id, found.answer));
        assert_eq!((found, ring.find("10")), (Some((5, Some(9))), None));
        let answers: Vec<_> = ring.latest(4).into_iter().map(|decision| decision.answer).collect();
        assert_eq!(answers, [None, Some(9), None, None], "the latest of the call");
    }

    #[test]
    fn the_ring_is_bounded() {
        let ring = Decisions::default();
        for id in 1..=MAX as u64 + 1 {
            ring.add(decision(id, ALICE));
        }
        assert_eq!((ring.find("1"), ring.latest(usize::MAX).len()), (None, MAX));
        assert_eq!(ring.latest(1)[0].id, MAX as u64 + 1);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let failure = Failure::refused("é".repeat(4_000));
        let decision = Decision::new(&call(ALICE), SystemTime::UNIX_EPOCH, vec![], Some(&failure));
        let Outcome::Refused { text, .. } = decision.outcome else { panic!("it is refused") };
        assert!(text.len() < 320 && text.ends_with('…'), "{}", text.len());
    }
}
