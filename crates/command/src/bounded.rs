//! A map that forgets its oldest entry when it is full.

use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    max: usize,
    known: HashMap<K, V>,
    /// Every key once, the oldest first.
    order: VecDeque<K>,
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    /// Holds at most `max` entries.
    pub(crate) fn new(max: usize) -> Self {
        Self { max, known: HashMap::new(), order: VecDeque::new() }
    }

    /// Sets an entry. One that is there keeps its age. Answers what it replaces.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let replaced = self.known.insert(key.clone(), value);
        if replaced.is_none() {
            self.order.push_back(key);
            if self.order.len() > self.max
                && let Some(oldest) = self.order.pop_front()
            {
                self.known.remove(&oldest);
            }
        }
        replaced
    }

    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.known.get(key)
    }

    /// Keeps the entries whose value is wanted.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&V) -> bool) {
        self.known.retain(|_, value| wanted(value));
        self.order.retain(|key| self.known.contains_key(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut map = Bounded::new(2);
        assert_eq!(map.insert("a", 1), None);
        assert_eq!(map.insert("b", 2), None);
        assert_eq!(map.insert("a", 3), Some(1));
        assert_eq!(map.insert("c", 4), None);
        assert_eq!((map.get(&"a"), map.get(&"b"), map.get(&"c")), (None, Some(&2), Some(&4)));
        assert_eq!((map.known.len(), map.order.len()), (2, 2));
        map.retain(|value| *value == 4);
        assert_eq!((map.get(&"b"), map.get(&"c")), (None, Some(&4)));
        assert_eq!((map.known.len(), map.order.len()), (1, 1));
    }
}
