//! The contents used last: 1,000 at most, 300 s at most.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::cached::Cached;

/// A bounded map that forgets what was used least recently.
#[derive(Debug)]
pub(crate) struct Cache {
    entries: HashMap<PathBuf, Entry>,
    max_entries: usize,
    max_bytes: usize,
    ttl: Duration,
    bytes: usize,
    tick: u64,
}

#[derive(Debug)]
struct Entry {
    cached: Cached,
    stored: SystemTime,
    used: u64,
}

impl Cache {
    pub(crate) fn new(max_entries: usize, max_bytes: usize, ttl: Duration) -> Self {
        Self { entries: HashMap::new(), max_entries, max_bytes, ttl, bytes: 0, tick: 0 }
    }

    /// What is known about a file, unless it is too old by `now`.
    pub(crate) fn get(&mut self, path: &Path, now: SystemTime) -> Option<Cached> {
        self.tick += 1;
        let entry = self.entries.get_mut(path)?;
        // A clock that went back makes nothing old.
        if now.duration_since(entry.stored).is_ok_and(|age| age >= self.ttl) {
            self.remove(path);
            return None;
        }
        entry.used = self.tick;
        Some(entry.cached.clone())
    }

    /// Keeps a content, in place of the least recently used ones. One too big for the whole cache is not kept.
    pub(crate) fn put(&mut self, path: PathBuf, cached: Cached, now: SystemTime) {
        self.tick += 1;
        self.remove(&path);
        let size = cached.text.len();
        if size > self.max_bytes || self.max_entries == 0 {
            return;
        }
        while self.entries.len() >= self.max_entries || self.bytes + size > self.max_bytes {
            let oldest =
                self.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(path, _)| path.clone());
            let Some(oldest) = oldest else { break };
            self.remove(&oldest);
        }
        self.bytes += size;
        self.entries.insert(path, Entry { cached, stored: now, used: self.tick });
    }

    /// Forgets a file; whether it was known.
    pub(crate) fn remove(&mut self, path: &Path) -> bool {
        let removed = self.entries.remove(path);
        self.bytes -= removed.as_ref().map_or(0, |entry| entry.cached.text.len());
        removed.is_some()
    }

    /// Forgets everything; how many files that were.
    pub(crate) fn clear(&mut self) -> usize {
        let count = self.entries.len();
        self.entries.clear();
        self.bytes = 0;
        count
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}
