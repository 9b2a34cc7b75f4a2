//! Counts the runs of commands that are bounded in how many there may be at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Concurrency, Scope};
use crate::ctx::Invocation;

/// The runs under way. No larger than the number of running commands, which the gate and the views bound.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots(Arc<Mutex<HashMap<Key, u32>>>);

type Key = (String, Scope, u64);

/// A place among the runs; given up when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
    key: Key,
}

impl Slots {
    /// A place, or none while all are taken.
    pub(crate) fn take(&self, name: String, bound: Concurrency, call: &Invocation) -> Option<Slot> {
        let key = (name, bound.scope, bound.scope.id(call));
        let mut taken = self.lock();
        let count = taken.entry(key.clone()).or_insert(0);
        if *count >= bound.max {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Slot { slots: self.clone(), key })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.lock();
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ALICE, BOB, call};

    #[test]
    fn places_are_given_up_and_nothing_is_kept() {
        let slots = Slots::default();
        let one = Concurrency::new(1, Scope::User);
        let take = |user| slots.take("a".to_owned(), one, &call(user));
        let first = take(ALICE);
        assert!(first.is_some() && take(ALICE).is_none(), "one for Alice");
        assert!(take(BOB).is_some(), "Bob has his own");
        assert_eq!(slots.lock().len(), 1, "Bob's is given up already");
        drop(first);
        assert_eq!(slots.lock().len(), 0);
        assert!(take(ALICE).is_some());
    }

    #[test]
    fn scopes_count_together_what_they_name() {
        for (scope, together) in
            [(Scope::User, false), (Scope::Guild, true), (Scope::Channel, true), (Scope::Global, true)]
        {
            let slots = Slots::default();
            let bound = Concurrency::new(1, scope);
            let _first = slots.take("a".to_owned(), bound, &call(ALICE)).unwrap();
            assert_eq!(slots.take("a".to_owned(), bound, &call(BOB)).is_none(), together, "{scope:?}");
            assert!(slots.take("b".to_owned(), bound, &call(ALICE)).is_some(), "another command");
        }
    }
}
