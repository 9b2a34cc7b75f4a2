//! Putting a backup back, while no process has the data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::{RESTORING, Target, copy, free_name, to_the_end};
use crate::db::{Kind, known_version, open_readonly};
use crate::lock::DataLock;
use crate::store::{StoreOptions, blocking};
use crate::{StoreError, platform};

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The database.
    pub path: PathBuf,
    /// A copy of what was there before; none if there was nothing.
    pub kept: Option<PathBuf>,
}

/// Puts `backup` in place of a database. It is checked first; what it replaces is kept beside it as `*_replaced_<stamp>.db`.
///
/// # Errors
/// [`StoreError::InUse`] while a process has the folder; [`StoreError::Corrupt`], [`StoreError::TooNew`] or
/// [`StoreError::Invalid`] if the backup is damaged, of a newer version, or of another kind. Then nothing was changed.
pub async fn restore(options: StoreOptions, target: Target, backup: &Path) -> Result<Restored, StoreError> {
    let backup = backup.to_owned();
    blocking(move || {
        let lock = Arc::new(DataLock::take(&options.folder)?);
        let backup = backup.canonicalize().map_err(StoreError::io("find the backup", &backup))?;
        let path = target.path(lock.folder());
        if backup == path {
            return Err(StoreError::Invalid(format!(
                "{} is the database itself, not a backup",
                path.display()
            )));
        }
        let source = open_readonly(&backup)?;
        check(&source, &backup, target.kind())?;
        let folder = target.folder(lock.folder());
        platform::create_private_dir(&folder).map_err(StoreError::io("create", &folder))?;
        let now = options.clock.now();
        let aside = free_name(&folder, replaced(target.kind()), now);
        let kept = if path.exists() { Some(keep(&path, &aside)?) } else { None };
        set_logs_aside(&path, &aside)?;
        // The whole copy under another name first; the rename is the one step that counts.
        let ready = free_name(&folder, RESTORING, now);
        copy(&source, &backup, &ready, None, &to_the_end())?;
        std::fs::rename(&ready, &path).map_err(StoreError::io("replace", &path))?;
        platform::sync_dir(&folder).map_err(StoreError::io("make durable", &folder))?;
        Ok(Restored { path, kept })
    })
    .await
}

fn check(backup: &Connection, path: &Path, kind: Kind) -> Result<(), StoreError> {
    let sql = |error| StoreError::sql(path)(error);
    let verdict: String = backup.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(sql)?;
    if verdict != "ok" {
        return Err(StoreError::Corrupt { path: path.to_owned(), detail: verdict });
    }
    let (table, name) = match kind {
        Kind::Main => ("global_stats", "main.db"),
        Kind::Guild => ("guild_settings", "guild.db"),
    };
    let count = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
    let tables: u32 = backup.query_row(count, [table], |row| row.get(0)).map_err(sql)?;
    if tables == 0 {
        let text = format!("{} is no backup of a {name}: it has no table {table}", path.display());
        return Err(StoreError::Invalid(text));
    }
    let found: u32 = backup.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sql)?;
    let known = known_version(kind);
    if found > known {
        return Err(StoreError::TooNew { path: path.to_owned(), found, known });
    }
    Ok(())
}

/// How the names begin of what a restore replaces.
fn replaced(kind: Kind) -> &'static str {
    match kind {
        Kind::Main => "main_replaced_",
        Kind::Guild => "guild_replaced_",
    }
}

/// Keeps what is there, with what its log holds.
fn keep(path: &Path, kept: &Path) -> Result<PathBuf, StoreError> {
    let whole = Connection::open(path).map_err(StoreError::sql(path)).and_then(|old| {
        copy(&old, path, kept, None, &to_the_end())?;
        // Empties the log; closing the only connection removes it.
        old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(StoreError::sql(path))
    });
    if whole.is_err() {
        // Too damaged to be copied as a database, which is why it is being replaced: keep the bytes.
        std::fs::copy(path, kept).map_err(StoreError::io("keep a copy of", path))?;
    }
    Ok(kept.to_owned())
}

/// Leaves no log behind that SQLite would take for the new file's: also where the database itself is lost.
fn set_logs_aside(path: &Path, kept: &Path) -> Result<(), StoreError> {
    for log in ["db-wal", "db-shm"].map(|end| path.with_extension(end)).iter().filter(|log| log.exists()) {
        let saved = kept.with_extension(log.extension().unwrap_or_default());
        std::fs::rename(log, &saved).map_err(StoreError::io("set aside", log))?;
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    platform::sync_dir(folder).map_err(StoreError::io("make durable", folder))
}
