//! The ways storage can fail: who failed, and whether trying again helps.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What went wrong. The texts name the file and say what to do; none holds a stored value.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the data folder open.
    #[error(
        "the data folder {} is in use by another process{}; stop that one first, or give this one a folder of its own",
        .folder.display(),
        .pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The other process, if it left its number.
        pid: Option<u32>,
    },
    /// The data folder, or a folder above it, is a file.
    #[error(
        "the data folder {} cannot be used: {} is a file, not a folder; name a folder with --data or database.base_path in \
         config.json, or move the file away",
        .folder.display(),
        .file.display()
    )]
    NoFolder {
        /// The folder that was asked for.
        folder: PathBuf,
        /// What lies there, or on the way.
        file: PathBuf,
    },
    /// The operating system refused something.
    #[error("cannot {what} {}: {source}{}", .path.display(), room(.source))]
    Io {
        /// What was tried, as in "cannot {what} {path}".
        what: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The system's reason.
        source: Arc<io::Error>,
    },
    /// A file is not what it should be.
    #[error("{} is damaged: {detail}; put back a backup with `cogwright data restore`, or move the file away to start it anew", .path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A text or JSON file is not what it should be.
    #[error("{} cannot be used: {detail}; mend it, or put back its last good version, which is beside it as `.bak`", .path.display())]
    BadFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column where there are any.
        detail: String,
    },
    /// A database was written by a newer version of this program.
    #[error("{} has schema {found}, this version knows up to {known}; use the newer version, or put back an older backup", .path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// A migration failed; the file still has its old schema.
    #[error("migration {number} ({name}) of {} failed and was undone, the file is as it was: {detail}", .path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// Which migration.
        number: u32,
        /// Its name.
        name: &'static str,
        /// Why.
        detail: String,
    },
    /// A database refused a statement.
    #[error("database {}: {detail}{}", .path.display(), if *.full { FREE } else { "" })]
    Database {
        /// The file.
        path: PathBuf,
        /// The database's reason.
        detail: String,
        /// Whether the same call may succeed later.
        retry: bool,
        /// Whether the disk is full.
        full: bool,
    },
    /// Too much is waiting already.
    #[error("storage is overloaded: no room in its queue within {seconds} s; try again later")]
    Overloaded {
        /// How long was waited.
        seconds: u64,
    },
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The caller asked for something that makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// Our own failure.
    #[error("a fault of ours in storage: {0}")]
    Internal(String),
}

/// What to do about a full disk.
const FREE: &str =
    "; nothing was changed, make room on that disk (old backups first), the bot goes on by itself";

fn room(source: &io::Error) -> &'static str {
    if source.kind() == io::ErrorKind::StorageFull { FREE } else { "" }
}

impl StoreError {
    /// Whether the same call may succeed later without anybody mending something.
    pub fn retry(&self) -> bool {
        match self {
            Self::Overloaded { .. } => true,
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            Self::Database { retry, .. } => *retry,
            _ => false,
        }
    }

    /// An error of the operating system, from `.map_err(StoreError::io("read", path))`.
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source: Arc::new(source) }
    }

    /// An error of SQLite in the file at `path`.
    pub(crate) fn sql(path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |error| {
            use rusqlite::ErrorCode::{
                DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase,
            };
            let detail = error.to_string();
            match error.sqlite_error_code() {
                Some(DatabaseCorrupt | NotADatabase) => Self::Corrupt { path, detail },
                Some(DiskFull) => Self::Database { path, detail, retry: true, full: true },
                Some(DatabaseBusy | DatabaseLocked) => {
                    Self::Database { path, detail, retry: true, full: false }
                }
                _ => Self::Database { path, detail, retry: false, full: false },
            }
        }
    }
}
