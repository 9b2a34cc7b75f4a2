//! How much the databases do and how long it takes.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Counters of one storage thread.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    queries: AtomicU64,
    nanos: AtomicU64,
    commits: AtomicU64,
    open: AtomicUsize,
    slowest: Mutex<Option<SlowQuery>>,
}

/// The slowest statement so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowQuery {
    /// Its text. Values are parameters and not part of it.
    pub sql: String,
    /// How long it took.
    pub took: Duration,
}

/// One storage thread's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadStats {
    /// The thread's name.
    pub name: String,
    /// Files that it has open.
    pub open_files: usize,
    /// Tasks that wait for it now.
    pub queued: usize,
    /// Statements so far.
    pub queries: u64,
    /// Commits so far. Many tasks may share one.
    pub commits: u64,
    /// Time spent in statements.
    pub total: Duration,
    /// The slowest statement.
    pub slowest: Option<SlowQuery>,
}

/// What `dbstats` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseStats {
    /// The thread of `main.db` first, then those of the guilds' files.
    pub threads: Vec<ThreadStats>,
    /// Guild files that may be open at a time.
    pub max_open_guilds: usize,
}

impl DatabaseStats {
    /// Guild files open now.
    pub fn open_guilds(&self) -> usize {
        self.threads.iter().skip(1).map(|thread| thread.open_files).sum()
    }

    /// Statements of all threads.
    pub fn queries(&self) -> u64 {
        self.threads.iter().map(|thread| thread.queries).sum()
    }

    /// Time in statements of all threads.
    pub fn total(&self) -> Duration {
        self.threads.iter().map(|thread| thread.total).sum()
    }

    /// The slowest statement of all.
    pub fn slowest(&self) -> Option<&SlowQuery> {
        self.threads.iter().filter_map(|thread| thread.slowest.as_ref()).max_by_key(|slow| slow.took)
    }
}

impl Meter {
    pub(crate) fn query(&self, sql: &str, took: Duration) {
        self.queries.fetch_add(1, Relaxed);
        self.nanos.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Relaxed);
        let mut slowest = self.slowest.lock().unwrap_or_else(PoisonError::into_inner);
        if slowest.as_ref().is_none_or(|slow| slow.took < took) {
            *slowest = Some(SlowQuery { sql: sql.split_whitespace().collect::<Vec<_>>().join(" "), took });
        }
    }

    pub(crate) fn commit(&self) {
        self.commits.fetch_add(1, Relaxed);
    }

    pub(crate) fn set_open(&self, files: usize) {
        self.open.store(files, Relaxed);
    }

    pub(crate) fn read(&self, name: &str, queued: usize) -> ThreadStats {
        ThreadStats {
            name: name.to_owned(),
            open_files: self.open.load(Relaxed),
            queued,
            queries: self.queries.load(Relaxed),
            commits: self.commits.load(Relaxed),
            total: Duration::from_nanos(self.nanos.load(Relaxed)),
            slowest: self.slowest.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}
