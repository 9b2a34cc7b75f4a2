//! The handle to everything stored: opening, closing, and the way to each repository.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use cogwright_lifecycle::{SharedClock, SystemClock};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::backup::{self, BackupFile, RESTORING, Retention, Target};
use crate::db::{DatabaseStats, Kind, Opened, Pool, known_version};
use crate::files::TEMPORARY;
use crate::lock::DataLock;
use crate::main_file::Saved;
use crate::repo::{
    Audit, BotSettings, Cooldowns, GlobalStats, Guild, Sessions, Statuses, Usage, UserData, Withheld,
};
use crate::{StoreError, layout, platform};

/// Folders of guilds whose deletion was begun.
pub(crate) const DELETED: &str = ".deleted-";

/// Guilds that are told of, whose database is gone although there are backups.
const ANEW: usize = 10;

/// How to open a store.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The data folder (`database.base_path`); created if need be.
    pub folder: PathBuf,
    /// The clock by which rows are dated and things expire.
    pub clock: SharedClock,
    /// Which backups stay.
    pub retention: Retention,
}

impl StoreOptions {
    /// A folder, with real time.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), clock: Arc::new(SystemClock), retention: Retention::default() }
    }

    /// Another clock.
    pub fn clock(mut self, clock: SharedClock) -> Self {
        self.clock = clock;
        self
    }

    /// Another retention of backups.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }
}

/// The databases of one data folder. Clones share them.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    pool: Pool,
    clock: SharedClock,
    retention: Retention,
    begun_anew: Vec<BackupFile>,
    /// Backups are made one at a time.
    backing_up: Semaphore,
    /// What was saved last of a `main.db` that was lost.
    saved: Mutex<Option<Saved>>,
}

impl Store {
    /// Takes the folder for this process, opens `main.db`, migrates what is old.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process has it; [`StoreError::Migration`] if a file cannot be brought up to
    /// date (all files keep their old schema then); [`StoreError::Corrupt`] if `main.db` is damaged. A damaged guild
    /// file is logged and fails only what concerns that guild.
    pub async fn open(options: StoreOptions) -> Result<Self, StoreError> {
        let StoreOptions { folder, clock, retention } = options;
        let shared = SharedClock::clone(&clock);
        let (pool, begun_anew) = blocking(move || start(&folder, &shared)).await?;
        let (backing_up, saved) = (Semaphore::new(1), Mutex::new(None));
        let store = Self { inner: Arc::new(Inner { pool, clock, retention, begun_anew, backing_up, saved }) };
        store.finish_deletions().await?;
        store.settle_audit(true).await?;
        Ok(store)
    }

    /// Takes no more work, does what was accepted, closes all files and gives the folder back.
    pub async fn close(&self) -> Result<(), StoreError> {
        let threads = self.pool().close();
        blocking(move || {
            let failed = threads.into_iter().map(std::thread::JoinHandle::join).any(|end| end.is_err());
            if failed { Err(StoreError::Internal("a storage thread panicked".to_owned())) } else { Ok(()) }
        })
        .await
    }

    /// The data folder, canonical.
    pub fn folder(&self) -> &Path {
        self.pool().folder()
    }

    /// What the databases have done so far.
    pub fn stats(&self) -> DatabaseStats {
        self.pool().stats()
    }

    /// Size of `main.db` with its log, in bytes.
    pub async fn main_bytes(&self) -> Result<u64, StoreError> {
        let folder = self.folder().to_owned();
        let size = move |name| std::fs::metadata(folder.join(name)).map_or(0, |meta| meta.len());
        blocking(move || Ok(size("main.db") + size("main.db-wal"))).await
    }

    /// The newest backups of databases that were not there when the store was opened, and were begun anew; of guilds at
    /// most 10.
    pub fn begun_anew(&self) -> &[BackupFile] {
        &self.inner.begun_anew
    }

    /// A guild's own file. Reading from a guild that has none creates none.
    pub fn guild(&self, id: impl Into<u64>) -> Guild {
        Guild::new(self.clone(), id.into())
    }

    /// Guilds that have a file, ascending.
    pub async fn guilds(&self) -> Result<Vec<u64>, StoreError> {
        let folder = self.folder().to_owned();
        blocking(move || layout::guilds(&folder)).await
    }

    /// Who changed what.
    pub fn audit(&self) -> Audit {
        Audit::new(self.clone())
    }

    /// How often commands are used.
    pub fn usage(&self) -> Usage {
        Usage::new(self.clone())
    }

    /// Cooldowns that outlive a restart.
    pub fn cooldowns(&self) -> Cooldowns {
        Cooldowns::new(self.clone())
    }

    /// Gateway sessions to resume.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.clone())
    }

    /// The status list as changed at runtime.
    pub fn statuses(&self) -> Statuses {
        Statuses::new(self.clone())
    }

    /// Bot-wide settings as changed at runtime.
    pub fn bot_settings(&self) -> BotSettings {
        BotSettings::new(self.clone())
    }

    /// Slash commands that did not fit.
    pub fn withheld(&self) -> Withheld {
        Withheld::new(self.clone())
    }

    /// What is kept about users.
    pub fn user_data(&self) -> UserData {
        UserData::new(self.clone())
    }

    /// Bot-wide key-value statistics.
    pub fn global_stats(&self) -> GlobalStats {
        GlobalStats::new(self.clone())
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.inner.clock.now()
    }

    pub(crate) fn retention(&self) -> Retention {
        self.inner.retention
    }

    pub(crate) fn saved(&self) -> &Mutex<Option<Saved>> {
        &self.inner.saved
    }

    /// Waits until no other backup is being made.
    pub(crate) async fn backing_up(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        self.inner.backing_up.acquire().await.map_err(|_| StoreError::Closed)
    }
}

fn start(folder: &Path, clock: &SharedClock) -> Result<(Pool, Vec<BackupFile>), StoreError> {
    let lock = Arc::new(DataLock::take(folder)?);
    let folder = lock.folder();
    sweep(folder)?;
    let begun_anew = backup::of_missing(folder, ANEW)?;
    for newest in &begun_anew {
        let what = match newest.target {
            Target::Main => "main.db is not there, although there are backups of it: a new one is begun, without usage, audit, \
                             statuses and cooldowns".to_owned(),
            Target::Guild(guild) => format!("the database of server {guild} is not there, although there are backups of it"),
        };
        tracing::warn!("{what}. To put back the newest, stop the bot and run: {}", newest.restore_command());
    }
    // Before main.db is touched: what can fail is tried first on what matters least.
    for guild in layout::guilds(folder)? {
        let path = layout::guild_file(folder, guild);
        if layout::header_version(&path) == Some(known_version(Kind::Guild)) {
            continue;
        }
        match Opened::open(&path, Kind::Guild, clock) {
            Ok(_) => {}
            Err(error @ (StoreError::Migration { .. } | StoreError::TooNew { .. })) => return Err(error),
            Err(error) => tracing::error!(guild, %error, "a guild's file cannot be opened"),
        }
    }
    let pool = Pool::start(&lock, clock)?;
    platform::sync_dir(folder).map_err(StoreError::io("make durable", folder))?;
    Ok((pool, begun_anew))
}

/// Finishes deletions and clears away unfinished files that a crash left in the data folder and the guilds' folders.
fn sweep(folder: &Path) -> Result<(), StoreError> {
    let guilds = layout::guilds(folder)?.into_iter().map(|guild| layout::guild_folder(folder, guild));
    for folder in guilds.chain([folder.to_owned()]) {
        for entry in std::fs::read_dir(&folder).map_err(StoreError::io("list", &folder))?.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if entry.path().is_file() && [TEMPORARY, RESTORING].iter().any(|prefix| name.starts_with(prefix))
            {
                let path = entry.path();
                std::fs::remove_file(&path).map_err(StoreError::io("clear away", &path))?;
            }
        }
    }
    for entry in std::fs::read_dir(folder).map_err(StoreError::io("list", folder))?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(DELETED) {
            let path = entry.path();
            // No reason not to run; the next start tries again.
            if let Err(error) = std::fs::remove_dir_all(&path) {
                tracing::error!(folder = %path.display(), %error, "a deleted server's folder cannot be removed; remove it by hand");
            }
        }
    }
    Ok(())
}

/// Runs work that blocks where it holds up nobody. Rare, long work only: opening, backups, checks.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
{
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(StoreError::Internal(format!("a storage task failed: {error}"))))
}
