//! The handle: reading and writing, with the cache and the locks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use cogwright_lifecycle::{SharedClock, SystemClock};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use super::cache::Cache;
use super::cached::{Cached, Look, hash};
use super::durable::{self, Aside};
use super::effects::{Disk, Effects};
use super::health::{Counters, FileOperation, FileStats, OperationKind};
use super::locks::{Held, Locks};
use super::paths;
use crate::StoreError;
use crate::store::blocking;

/// Files that are read or written at the same time at most.
const AT_ONCE: usize = 8;
/// Attempts at a write or read that fails in a way that may pass.
const ATTEMPTS: u32 = 3;
/// Wait before the second attempt; doubled before the third.
const BACK_OFF: Duration = Duration::from_millis(100);
/// Largest file that is read or written, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// Whether a read may be answered by the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadMode {
    /// By the cache, if the file looks as it did; the disk fills the cache.
    Cached,
    /// By the disk; the cache stays as it is.
    PastCache,
}

/// What a write does to the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteMode {
    /// The next cached read goes to the disk.
    Invalidate,
    /// The new content is kept in the cache.
    Keep,
}

/// Bounds of the cache.
#[derive(Clone, Debug)]
pub struct FilesOptions {
    /// Files in the cache.
    pub max_entries: usize,
    /// Bytes in the cache.
    pub max_bytes: usize,
    /// How long a file stays there.
    pub ttl: Duration,
    /// The clock for it.
    pub clock: SharedClock,
}

impl Default for FilesOptions {
    /// 1,000 files, 64 MiB, 300 s, real time.
    fn default() -> Self {
        Self {
            max_entries: 1000,
            max_bytes: 64 * 1024 * 1024,
            ttl: Duration::from_secs(300),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Crash-safe files. Clones share cache, locks and counters; a process needs one.
///
/// A write that was answered with `Ok` survives a power cut; one that was cut off leaves the old content or the new.
/// The content before the last write is beside the file as `<name>.bak`. Mode and links are kept.
#[derive(Clone)]
pub struct Files {
    inner: Arc<Inner>,
}

struct Inner {
    effects: Arc<dyn Effects>,
    cache: Mutex<Cache>,
    options: FilesOptions,
    locks: Locks,
    counters: Counters,
    at_once: Semaphore,
    since: SystemTime,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Default for Files {
    fn default() -> Self {
        Self::new(FilesOptions::default())
    }
}

impl Files {
    /// On the real file system.
    pub fn new(options: FilesOptions) -> Self {
        Self::with_effects(options, Arc::new(Disk))
    }

    pub(crate) fn with_effects(options: FilesOptions, effects: Arc<dyn Effects>) -> Self {
        let cache = Mutex::new(Cache::new(options.max_entries, options.max_bytes, options.ttl));
        let since = options.clock.now();
        let (locks, counters, at_once) = (Locks::default(), Counters::default(), Semaphore::new(AT_ONCE));
        Self { inner: Arc::new(Inner { effects, cache, options, locks, counters, at_once, since }) }
    }

    /// A file's text; none if there is no file.
    ///
    /// # Errors
    /// What the system says, or [`StoreError::BadFile`] if the file is no UTF-8.
    pub async fn read(
        &self,
        path: impl Into<PathBuf>,
        mode: ReadMode,
    ) -> Result<Option<Arc<str>>, StoreError> {
        let began = Instant::now();
        let path = path.into();
        let looked = move || paths::canonical(&path).map(|path| (Look::at(&path), path));
        let (look, path) = self.off_thread(looked).await?;
        let known = if mode == ReadMode::Cached {
            let now = self.now();
            self.cache().get(&path, now)
        } else {
            self.inner.counters.bypasses.fetch_add(1, Relaxed);
            None
        };
        if let Some(known) = known.as_ref().filter(|known| known.settled && look == Some(known.look)) {
            self.inner.counters.note(OperationKind::CachedRead, &path, self.now(), began.elapsed(), None);
            return Ok(Some(Arc::clone(&known.text)));
        }
        let held = self.lock(&path).await;
        let file = path.clone();
        let outcome = self.attempts(&held, move || read(&file)).await;
        // The file was touched, or written just now: the content decides.
        let same = matches!((&known, &outcome), (Some(known), Ok(Some(found))) if known.hash == found.hash);
        let kind = if same { OperationKind::CachedRead } else { OperationKind::Read };
        let error = outcome.as_ref().err().map(ToString::to_string);
        self.inner.counters.note(kind, &path, self.now(), began.elapsed(), error);
        if mode == ReadMode::Cached {
            self.inner.counters.misses.fetch_add(u64::from(!same), Relaxed);
            self.remember(&path, outcome.as_ref().ok().and_then(Option::as_ref), known.is_some() && !same);
        }
        Ok(outcome?.map(|cached| cached.text))
    }

    /// A file's JSON; none if there is no file.
    ///
    /// # Errors
    /// As [`Files::read`]; [`StoreError::BadFile`] names line and column if it is no JSON of this type.
    pub async fn read_json<T: DeserializeOwned>(
        &self,
        path: impl Into<PathBuf>,
        mode: ReadMode,
    ) -> Result<Option<T>, StoreError> {
        let path = path.into();
        let Some(text) = self.read(&path, mode).await? else { return Ok(None) };
        let parsed = serde_json::from_str(&text);
        parsed.map(Some).map_err(|error| StoreError::BadFile { path, detail: error.to_string() })
    }

    /// Replaces a file's text, creating file and folders if need be.
    pub async fn write(
        &self,
        path: impl Into<PathBuf>,
        text: impl Into<Arc<str>>,
        mode: WriteMode,
    ) -> Result<(), StoreError> {
        let text = text.into();
        self.change(path.into(), mode, |_| true, move |_| Ok(Some(text))).await.map(|_| ())
    }

    /// Replaces a file's content by a value as JSON, indented by four as the original's.
    pub async fn write_json<T: Serialize + ?Sized>(
        &self,
        path: impl Into<PathBuf>,
        value: &T,
        mode: WriteMode,
    ) -> Result<(), StoreError> {
        let path = path.into();
        let text = serde_json::to_value(value).map(|value| indented(&value)).map_err(|error| {
            StoreError::Invalid(format!(
                "what is to be written to {} cannot be JSON: {error}",
                path.display()
            ))
        })?;
        self.change(path, mode, is_json, move |_| Ok(Some(text.into()))).await.map(|_| ())
    }

    /// Reads, changes and writes a file in one turn: nobody writes it in between. `change` gets the text as it is on
    /// disk, edits by hand included; none leaves the file alone. Answers with whether it was written.
    pub async fn update<F>(
        &self,
        path: impl Into<PathBuf>,
        mode: WriteMode,
        change: F,
    ) -> Result<bool, StoreError>
    where
        F: FnOnce(Option<&str>) -> Result<Option<Arc<str>>, StoreError> + Send + 'static,
    {
        self.change(path.into(), mode, |_| true, move |old| change(old?)).await
    }

    async fn change<F>(
        &self,
        path: PathBuf,
        mode: WriteMode,
        good: fn(&[u8]) -> bool,
        change: F,
    ) -> Result<bool, StoreError>
    where
        F: FnOnce(Result<Option<&str>, StoreError>) -> Result<Option<Arc<str>>, StoreError> + Send + 'static,
    {
        let began = Instant::now();
        let path = self.off_thread(move || paths::canonical(&path)).await?;
        let held = self.lock(&path).await;
        let outcome = self.change_locked(&path, &held, mode, good, change).await;
        // A change that was not wanted or made no sense says nothing about the files.
        if !matches!(outcome, Ok(false) | Err(StoreError::Invalid(_))) {
            let error = outcome.as_ref().err().map(ToString::to_string);
            self.inner.counters.note(OperationKind::Write, &path, self.now(), began.elapsed(), error);
        }
        outcome
    }

    async fn change_locked<F>(
        &self,
        path: &Path,
        held: &Arc<Held>,
        mode: WriteMode,
        good: fn(&[u8]) -> bool,
        change: F,
    ) -> Result<bool, StoreError>
    where
        F: FnOnce(Result<Option<&str>, StoreError>) -> Result<Option<Arc<str>>, StoreError> + Send + 'static,
    {
        let file = path.to_owned();
        let old = self.attempts(held, move || bytes(&file)).await?;
        let new = change(old.as_deref().map(|old| text(old, path)).transpose())?;
        let Some(new) = new else { return Ok(false) };
        if new.len() as u64 > MAX_FILE {
            let (path, bytes) = (path.display(), new.len());
            return Err(StoreError::Invalid(format!(
                "{path}: {bytes} bytes are too many, at most {MAX_FILE} are kept"
            )));
        }
        // The same content again must not push the last different one out of its `.bak`.
        let aside = old.map(|old| {
            let kept = if old == new.as_bytes() {
                Aside::Nothing
            } else if good(&old) {
                Aside::Good
            } else {
                Aside::Broken
            };
            (old, kept)
        });
        let aside: Arc<Option<(Vec<u8>, Aside)>> = Arc::new(aside);
        let (file, this) = (path.to_owned(), self.clone());
        let write = move || {
            paths::create_folder(&file)?;
            let old = aside.as_ref().as_ref().map(|(old, aside)| (old.as_slice(), *aside));
            durable::replace(&*this.inner.effects, &file, new.as_bytes(), old)
                .map_err(StoreError::io("write", &file))?;
            // While nobody else may write: whatever is there now is what the cache may know.
            let kept = if mode == WriteMode::Keep { read(&file)? } else { None };
            this.remember(&file, kept.as_ref(), true);
            Ok(())
        };
        self.attempts(held, write).await.map(|()| true)
    }

    /// Takes a file out of the cache; whether it was there.
    pub async fn invalidate(&self, path: impl Into<PathBuf>) -> Result<bool, StoreError> {
        let path = path.into();
        let path = self.off_thread(move || paths::canonical(&path)).await?;
        Ok(self.forget(&path))
    }

    /// Empties the cache; how many files were in it.
    pub fn clear(&self) -> usize {
        let count = self.cache().clear();
        self.inner.counters.invalidations.fetch_add(count as u64, Relaxed);
        count
    }

    /// The counters.
    pub fn stats(&self) -> FileStats {
        let counters = &self.inner.counters;
        let (locks, active_locks) = self.inner.locks.count();
        FileStats {
            cache_size: self.cache().len(),
            max_cache_size: self.inner.options.max_entries,
            cache_ttl: self.inner.options.ttl,
            locks,
            active_locks,
            reads: counters.reads.load(Relaxed),
            writes: counters.writes.load(Relaxed),
            cache_hits: counters.hits.load(Relaxed),
            cache_misses: counters.misses.load(Relaxed),
            cache_bypasses: counters.bypasses.load(Relaxed),
            read_failures: counters.read_failures.load(Relaxed),
            write_failures: counters.write_failures.load(Relaxed),
            lock_cleanups: counters.lock_cleanups.load(Relaxed),
            cache_invalidations: counters.invalidations.load(Relaxed),
            since: self.inner.since,
        }
    }

    /// The last 100 operations, newest first.
    pub fn history(&self) -> Vec<FileOperation> {
        self.inner.counters.history()
    }

    /// Puts what was read into the cache. Without anything to put, what was known is forgotten.
    fn remember(&self, path: &Path, found: Option<&Cached>, outdated: bool) {
        let now = self.now();
        match found {
            Some(found) => self.cache().put(path.to_owned(), found.clone(), now),
            None => {
                self.cache().remove(path);
            }
        }
        self.inner.counters.invalidations.fetch_add(u64::from(outdated), Relaxed);
    }

    fn forget(&self, path: &Path) -> bool {
        let known = self.cache().remove(path);
        self.inner.counters.invalidations.fetch_add(u64::from(known), Relaxed);
        known
    }

    async fn lock(&self, path: &Path) -> Arc<Held> {
        let (held, dropped) = self.inner.locks.take(path).await;
        self.inner.counters.lock_cleanups.fetch_add(dropped as u64, Relaxed);
        Arc::new(held)
    }

    /// Runs work that may fail for a moment, up to three times. The lock goes along: a caller that is cancelled must not
    /// let the next one in while this one's work still runs.
    async fn attempts<T, F>(&self, held: &Arc<Held>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn() -> Result<T, StoreError> + Clone + Send + 'static,
    {
        let mut wait = BACK_OFF;
        for _ in 1..ATTEMPTS {
            match self.attempt(held, work.clone()).await {
                Err(StoreError::Io { source, .. }) if passing(source.kind()) => {
                    tokio::time::sleep(wait).await;
                }
                outcome => return outcome,
            }
            wait *= 2;
        }
        self.attempt(held, work).await
    }

    async fn attempt<T, F>(&self, held: &Arc<Held>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        let held = Arc::clone(held);
        self.off_thread(move || {
            let outcome = work();
            drop(held);
            outcome
        })
        .await
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.inner.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> SystemTime {
        self.inner.options.clock.now()
    }

    async fn off_thread<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        let _turn = self.inner.at_once.acquire().await.map_err(|_| StoreError::Closed)?;
        blocking(work).await
    }
}

/// Whether a failure may be gone in a moment: a scanner that holds the file, an interrupted call, no free handle.
fn passing(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{
        FileTooLarge, InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound,
        ReadOnlyFilesystem, Unsupported,
    };
    let lasting = [
        FileTooLarge,
        InvalidFilename,
        InvalidInput,
        IsADirectory,
        NotADirectory,
        NotFound,
        ReadOnlyFilesystem,
        Unsupported,
    ];
    !lasting.contains(&kind)
}

fn bytes(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::io("read", path)(error)),
        Ok(meta) if meta.len() > MAX_FILE => {
            let detail = format!("{} bytes are too many, at most {MAX_FILE} are read", meta.len());
            return Err(StoreError::BadFile { path: path.to_owned(), detail });
        }
        Ok(_) => {}
    }
    match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some).map_err(StoreError::io("read", path)),
    }
}

/// The content with the look that it had. If somebody writes while we read, the entry is no use to the cache later: its
/// look is the one from before.
fn read(path: &Path) -> Result<Option<Cached>, StoreError> {
    let look = Look::at(path);
    let Some(bytes) = bytes(path)? else { return Ok(None) };
    let text = text(&bytes, path)?;
    Ok(look.map(|look| Cached { text: text.into(), hash: hash(&bytes), look, settled: look.settled() }))
}

fn text<'b>(bytes: &'b [u8], path: &Path) -> Result<&'b str, StoreError> {
    std::str::from_utf8(bytes).map_err(|error| StoreError::BadFile {
        path: path.to_owned(),
        detail: format!("it is no UTF-8: {error}"),
    })
}

fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
}

/// JSON indented by four, as the original writes it.
fn indented(value: &serde_json::Value) -> String {
    let mut out = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut writer = serde_json::Serializer::with_formatter(&mut out, format);
    // Writing a value into memory cannot fail; its own text is the same JSON.
    match value.serialize(&mut writer) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        Err(_) => value.to_string(),
    }
}
