//! A small map whose values hold their own keys, packed and sorted: a third of what a hash map takes for the
//! few dozen roles and channels of a guild.

use serde::{Deserialize, Serialize};

/// A value that knows its key.
pub trait Keyed {
    /// What it is found by.
    type Key: Ord + Copy;

    /// The key of this value.
    fn key(&self) -> Self::Key;
}

/// Values in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<V>", bound(deserialize = "V: Deserialize<'de> + Keyed"))]
pub struct Table<V> {
    values: Vec<V>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

impl<V: Keyed> Table<V> {
    /// The value of a key.
    pub fn get(&self, key: &V::Key) -> Option<&V> {
        self.values.get(self.place(key).ok()?)
    }

    /// Whether there is a value of this key.
    pub fn contains_key(&self, key: &V::Key) -> bool {
        self.place(key).is_ok()
    }

    /// All values, by key.
    pub fn values(&self) -> std::slice::Iter<'_, V> {
        self.values.iter()
    }

    /// All keys in order.
    pub fn keys(&self) -> impl Iterator<Item = V::Key> {
        self.values.iter().map(Keyed::key)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Puts a value in its place; one of the same key goes.
    pub(crate) fn insert(&mut self, value: V) {
        match self.place(&value.key()) {
            Ok(at) => {
                if let Some(slot) = self.values.get_mut(at) {
                    *slot = value;
                }
            }
            Err(at) => {
                // Growing by one keeps the table tight; it changes rarely.
                self.values.reserve_exact(1);
                self.values.insert(at, value);
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &V::Key) -> Option<V> {
        self.place(key).ok().map(|at| self.values.remove(at))
    }

    pub(crate) fn values_mut(&mut self) -> std::slice::IterMut<'_, V> {
        self.values.iter_mut()
    }

    fn place(&self, key: &V::Key) -> Result<usize, usize> {
        self.values.binary_search_by(|value| value.key().cmp(key))
    }
}

impl<V: Keyed> From<Vec<V>> for Table<V> {
    fn from(mut values: Vec<V>) -> Self {
        // Of equal keys the last one counts, as it would one after the other.
        values.reverse();
        values.sort_by_key(Keyed::key);
        values.dedup_by_key(|value| value.key());
        values.shrink_to_fit();
        Self { values }
    }
}

impl<V: Keyed> FromIterator<V> for Table<V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        values.into_iter().collect::<Vec<_>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Pair(u64, &'static str);

    impl Keyed for Pair {
        type Key = u64;

        fn key(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn it_behaves_like_a_map() {
        let mut table: Table<Pair> = [Pair(3, "c"), Pair(1, "a"), Pair(3, "C")].into_iter().collect();
        assert_eq!(table.values().map(|pair| pair.1).collect::<Vec<_>>(), ["a", "C"]);
        table.insert(Pair(2, "b"));
        table.insert(Pair(1, "A"));
        assert_eq!(table.keys().collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(table.get(&1), Some(&Pair(1, "A")));
        assert_eq!(table.remove(&2), Some(Pair(2, "b")));
        assert!(table.remove(&2).is_none() && !table.contains_key(&2) && table.len() == 2);
        assert!(!table.is_empty());
    }
}
