//! One lock per file. Idle ones are dropped when there are many; never one that is held or waited for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Locks above which idle ones are dropped.
pub(crate) const MAX_IDLE: usize = 500;

/// All known locks.
#[derive(Debug, Default)]
pub(crate) struct Locks {
    known: Mutex<HashMap<PathBuf, Arc<Semaphore>>>,
}

/// The right to work on one file. Whoever has it or waits for it keeps the lock in the table.
#[derive(Debug)]
pub(crate) struct Held {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Locks {
    /// Waits for the file's turn, first come first served. The second value is how many idle locks were dropped.
    pub(crate) async fn take(&self, path: &Path) -> (Held, usize) {
        let (lock, dropped) = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let dropped =
                if known.len() >= MAX_IDLE && !known.contains_key(path) { prune(&mut known) } else { 0 };
            let lock = known.entry(path.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(1)));
            (Arc::clone(lock), dropped)
        };
        // It fails only for a semaphore that was closed, which these never are.
        (Held { _permit: lock.acquire_owned().await.ok() }, dropped)
    }

    /// Known locks, and how many of them are held or waited for.
    pub(crate) fn count(&self) -> (usize, usize) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        (known.len(), known.values().filter(|lock| Arc::strong_count(lock) > 1).count())
    }
}

/// A lock of which only the table knows is idle: a holder's permit and a waiter both have it, too. New ones cannot
/// appear meanwhile, because they come through the table, which is locked.
fn prune(known: &mut HashMap<PathBuf, Arc<Semaphore>>) -> usize {
    let before = known.len();
    known.retain(|_, lock| Arc::strong_count(lock) > 1);
    before - known.len()
}
