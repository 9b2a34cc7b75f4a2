//! Copies of databases: made while they are in use, checked before they count.

mod copy;
pub(crate) mod files;
mod make;
mod rest;
mod restore;
mod retention;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::StoreError;
use crate::db::Kind;
use crate::time::stamp;

pub(crate) use copy::{Copied, GoOn, copy, quick_check, to_the_end, while_wanted};
pub(crate) use files::of_missing;
pub use files::{BackupFile, backups_in};
pub use make::BackupReport;
pub(crate) use make::open_main;
pub use restore::{Restored, restore};
pub use retention::Retention;

/// How the names of copies begin that are about to replace a database.
pub(crate) const RESTORING: &str = ".restore_";

/// One of the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// `main.db`.
    Main,
    /// A guild's file.
    Guild(u64),
}

impl Target {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Main => Kind::Main,
            Self::Guild(_) => Kind::Guild,
        }
    }

    /// The folder with the database and its backups.
    pub(crate) fn folder(self, data: &Path) -> PathBuf {
        match self {
            Self::Main => data.to_owned(),
            Self::Guild(guild) => crate::layout::guild_folder(data, guild),
        }
    }

    /// The database.
    pub(crate) fn path(self, data: &Path) -> PathBuf {
        self.folder(data).join(match self {
            Self::Main => "main.db",
            Self::Guild(_) => "guild.db",
        })
    }
}

/// How the names of a kind's backups begin.
pub(crate) fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Main => "main_backup_",
        Kind::Guild => "guild_backup_",
    }
}

/// A name that is still free; a second backup within the same second takes the next second's.
pub(crate) fn free_name(folder: &Path, prefix: &str, now: SystemTime) -> PathBuf {
    let mut at = now;
    loop {
        let path = folder.join(format!("{prefix}{}.db", stamp(at)));
        if !path.exists() {
            return path;
        }
        at += Duration::from_secs(1);
    }
}

/// A copy of the file as it is before its schema changes, beside it.
pub(crate) fn before_migration(
    connection: &Connection,
    path: &Path,
    kind: Kind,
    now: SystemTime,
) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    copy(connection, path, &free_name(folder, prefix(kind), now), None, &to_the_end()).map(|_| ())
}
