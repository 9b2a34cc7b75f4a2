//! Whether `main.db` still is the file that this process has open, with what it wrote there. Where an open file can be
//! removed, what is written goes on into a file without a name, and is gone when the process ends: somebody has to be told,
//! and a copy made. One that was written over, as by `cp`, cannot be saved any more, and must not be backed up.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::PoisonError;

use rusqlite::{ErrorCode, Transaction, TransactionBehavior};

use crate::backup::{self, BackupFile, Target};
use crate::db::{Db, Opened, open_readonly};
use crate::store::blocking;
use crate::{Store, StoreError, platform};

/// What has become of `main.db` under the running process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MainFile {
    /// Nothing.
    Sound,
    /// There is no file of that name any more.
    Gone,
    /// Another file has its name.
    Replaced,
    /// The file is the same, and holds something else.
    Overwritten,
}

impl MainFile {
    /// What happened and what it means, for an operator; none if nothing did.
    pub fn trouble(self) -> Option<&'static str> {
        match self {
            Self::Sound => None,
            Self::Gone => {
                Some("main.db was deleted while the bot runs: what it writes is lost when it stops")
            }
            Self::Replaced => Some(
                "main.db was replaced while the bot runs: what it writes goes to the old file and is lost when it stops",
            ),
            Self::Overwritten => Some(
                "main.db was overwritten while the bot runs: what was there is gone, and what the bot writes spoils what is there now",
            ),
        }
    }

    /// Whether what the process has open can still be saved by a backup.
    pub fn can_be_saved(self) -> bool {
        self != Self::Overwritten
    }
}

/// What was saved of a `main.db` that has no name any more.
#[derive(Clone, Debug)]
pub(crate) struct Saved {
    backup: BackupFile,
    /// How many rows the connection had changed by then.
    changes: u64,
}

impl Store {
    /// Looks whether `main.db` still is the file that is open here, with the row that was written there when it was opened.
    /// A copy of it that was made in the same run cannot be told from it, unless it was made as a backup.
    ///
    /// # Errors
    /// [`StoreError::Io`] or [`StoreError::Database`] if it cannot be looked at.
    pub async fn main_file(&self) -> Result<MainFile, StoreError> {
        let path = Target::Main.path(self.folder());
        let (opened, token) = (self.pool().main_identity(), self.pool().token().map(str::to_owned));
        blocking(move || match platform::identity(&path) {
            Ok(found) if found == opened => match token {
                Some(token) if is_overwritten(&path, &token)? => Ok(MainFile::Overwritten),
                _ => Ok(MainFile::Sound),
            },
            Ok(_) => Ok(MainFile::Replaced),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(MainFile::Gone),
            Err(error) => Err(StoreError::io("look at", &path)(error)),
        })
        .await
    }

    /// Saves a `main.db` that was deleted or replaced; answers with the backup that holds all of it, which is an earlier one
    /// if nothing has changed since.
    ///
    /// # Errors
    /// As [`backup`](Self::backup).
    pub async fn save_lost_main(&self) -> Result<BackupFile, StoreError> {
        match self.saved_main().await {
            Some(backup) => Ok(backup),
            None => self.backup(Target::Main).await,
        }
    }

    /// The backup of a lost `main.db`, if nothing has changed since.
    pub(crate) async fn saved_main(&self) -> Option<BackupFile> {
        let saved = self.saved().lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let changes = self.pool().main_outside(|db| Ok(db.connection.total_changes())).await.ok()?;
        (saved.changes == changes && saved.backup.path.is_file()).then_some(saved.backup)
    }

    /// Backs up what is open as `main.db`, whatever lies under that name. It holds up the storage thread meanwhile.
    pub(crate) async fn back_up_open(&self) -> Result<(BackupFile, usize), StoreError> {
        let (data, now, keep) = (self.folder().to_owned(), self.now(), self.retention());
        let made = self.pool().main_outside(move |db: &Db<'_>| {
            let (backup, removed) = backup::open_main(db, &data, now, keep)?;
            Ok((Saved { backup, changes: db.connection.total_changes() }, removed))
        });
        let (saved, removed) = made.await?;
        let backup = saved.backup.clone();
        *self.saved().lock().unwrap_or_else(PoisonError::into_inner) = Some(saved);
        Ok((backup, removed))
    }
}

/// Writes into the file whose it is from now on, and answers with that. It has to reach the file itself: read from the log,
/// it would say nothing about the file.
pub(crate) fn sign(file: &Opened) -> rusqlite::Result<String> {
    let change = Transaction::new_unchecked(&file.connection, TransactionBehavior::Immediate)?;
    change.execute("DELETE FROM this_run", [])?;
    let put = "INSERT INTO this_run (token) VALUES (hex(randomblob(16))) RETURNING token";
    let token = change.query_row(put, [], |row| row.get(0))?;
    change.commit()?;
    // Beside somebody who reads it waits for nobody; a later checkpoint does it then.
    file.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    Ok(token)
}

/// Reads by a connection of its own, which has read nothing before.
fn is_overwritten(path: &Path, token: &str) -> Result<bool, StoreError> {
    // SQLite would take it for a new database, and remove the log of the one that is open.
    if std::fs::metadata(path).map_err(StoreError::io("look at", path))?.len() == 0 {
        return Ok(true);
    }
    let db = open_readonly(path)?;
    let one = |sql: &str| db.query_row(sql, [], |row| row.get::<_, Option<String>>(0));
    let found = one("SELECT max(name) FROM sqlite_schema WHERE name = 'this_run'")
        .and_then(|table| if table.is_some() { one("SELECT max(token) FROM this_run") } else { Ok(None) });
    match found {
        Ok(found) => Ok(found.as_deref() != Some(token)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Ok(true),
            _ => Err(StoreError::sql(path)(error)),
        },
    }
}
