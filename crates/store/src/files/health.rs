//! How the files are doing: counters, the last operations, a verdict.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// Operations that are remembered.
const HISTORY: usize = 100;
/// Per cent of failures from which on the files are degraded, and above which they are critical.
const DEGRADED: f64 = 1.0;
const CRITICAL: f64 = 5.0;
/// Hit rate in per cent below which a hint is due, once there were enough reads to tell.
const GOOD_HIT_RATE: f64 = 70.0;
const ENOUGH_READS: u64 = 20;

/// What an operation was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// A read from the disk.
    Read,
    /// A read answered by the cache.
    CachedRead,
    /// A write.
    Write,
}

/// One of the last operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOperation {
    /// What it was.
    pub kind: OperationKind,
    /// On which file.
    pub path: PathBuf,
    /// When it ended.
    pub at: SystemTime,
    /// How long it took, waiting for its turn included.
    pub took: Duration,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// The verdict, by the rate of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileHealth {
    /// Under 1 %.
    Healthy,
    /// 1 % to 5 %.
    Degraded,
    /// Over 5 %.
    Critical,
}

/// What `atomicstats` shows.
#[derive(Clone, Debug, PartialEq)]
pub struct FileStats {
    /// Files in the cache.
    pub cache_size: usize,
    /// How many the cache holds at most.
    pub max_cache_size: usize,
    /// How long a file stays in the cache.
    pub cache_ttl: Duration,
    /// Locks known, idle ones included.
    pub locks: usize,
    /// Locks held or waited for.
    pub active_locks: usize,
    /// Reads from the disk.
    pub reads: u64,
    /// Writes.
    pub writes: u64,
    /// Reads that the cache answered.
    pub cache_hits: u64,
    /// Reads that the cache could not answer.
    pub cache_misses: u64,
    /// Reads past the cache.
    pub cache_bypasses: u64,
    /// Reads that failed. That a file does not exist is no failure.
    pub read_failures: u64,
    /// Writes that failed, after all attempts.
    pub write_failures: u64,
    /// Idle locks that were dropped.
    pub lock_cleanups: u64,
    /// Files that were taken out of the cache.
    pub cache_invalidations: u64,
    /// Since when all this is counted.
    pub since: SystemTime,
}

impl FileStats {
    /// Per cent of cached reads that hit; 0 before the first.
    pub fn hit_rate(&self) -> f64 {
        percent(self.cache_hits, self.cache_hits + self.cache_misses)
    }

    /// Per cent of reads and writes on the disk that failed.
    pub fn failure_rate(&self) -> f64 {
        percent(self.read_failures + self.write_failures, self.reads + self.writes)
    }

    /// The verdict.
    pub fn health(&self) -> FileHealth {
        match self.failure_rate() {
            rate if rate < DEGRADED => FileHealth::Healthy,
            rate if rate <= CRITICAL => FileHealth::Degraded,
            _ => FileHealth::Critical,
        }
    }

    /// What might be done better, if anything.
    pub fn hint(&self) -> Option<&'static str> {
        let enough = self.cache_hits + self.cache_misses >= ENOUGH_READS;
        (enough && self.hit_rate() < GOOD_HIT_RATE).then_some(
            "less than 70 % of reads come from the cache: files are edited outside, read once only, or too many",
        )
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// Counts.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) reads: AtomicU64,
    pub(crate) writes: AtomicU64,
    pub(crate) hits: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) bypasses: AtomicU64,
    pub(crate) read_failures: AtomicU64,
    pub(crate) write_failures: AtomicU64,
    pub(crate) lock_cleanups: AtomicU64,
    pub(crate) invalidations: AtomicU64,
    history: Mutex<VecDeque<FileOperation>>,
}

impl Counters {
    /// Remembers an operation.
    pub(crate) fn note(
        &self,
        kind: OperationKind,
        path: &Path,
        at: SystemTime,
        took: Duration,
        error: Option<String>,
    ) {
        let (count, failures) = match kind {
            OperationKind::Read => (&self.reads, Some(&self.read_failures)),
            OperationKind::CachedRead => (&self.hits, None),
            OperationKind::Write => (&self.writes, Some(&self.write_failures)),
        };
        count.fetch_add(1, Relaxed);
        if let (Some(failures), Some(_)) = (failures, &error) {
            failures.fetch_add(1, Relaxed);
        }
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        if history.len() == HISTORY {
            history.pop_front();
        }
        history.push_back(FileOperation { kind, path: path.to_owned(), at, took, error });
    }

    /// The last operations, newest first.
    pub(crate) fn history(&self) -> Vec<FileOperation> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}
