//! The backup at a stop, and what it had no time for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::BackupReport;
use crate::files::{Disk, replace};
use crate::store::blocking;
use crate::{Store, StoreError, platform};

/// Lies in the data folder from the beginning of a stop's backup until everything is backed up.
const NOTE: &str = "backup_due.txt";

/// For whoever finds it.
const TEXT: &[u8] = b"The last stop did not back up everything that had changed. The next start does, and removes this file.\n";

impl Store {
    /// Backs up what has changed for at most `within`, and notes durably if that did not suffice, a process that was
    /// killed meanwhile included; [`backup_rest`](Self::backup_rest) of the next process makes the rest, if the report says
    /// that it is noted.
    ///
    /// # Errors
    /// As [`backup_changed`](Self::backup_changed). The note stays then.
    pub async fn backup_at_stop(&self, within: Duration) -> Result<BackupReport, StoreError> {
        let note = self.note();
        let noted =
            blocking(move || replace(&Disk, &note, TEXT, None).map_err(StoreError::io("write", &note)));
        // A backup without it is better than none.
        let noted = noted.await.inspect_err(|error| {
            tracing::warn!(%error, "what the backup has no time for cannot be noted for the next start");
        });
        let mut report = self.backup_changed(Some(within)).await?;
        report.noted = noted.is_ok();
        if report.left.is_empty() {
            self.forget().await?;
        }
        Ok(report)
    }

    /// Backs up what has changed if the last stop left something without a backup; `None` if it did not. Whoever drops
    /// this stops the copy that is under way, and the note stays.
    ///
    /// A database that fails is not tried again by the next start: it is in the report.
    ///
    /// # Errors
    /// As [`backup_changed`](Self::backup_changed). The note stays then.
    pub async fn backup_rest(&self) -> Result<Option<BackupReport>, StoreError> {
        let note = self.note();
        let there = blocking(move || note.try_exists().map_err(StoreError::io("look for", &note)));
        if !there.await? {
            return Ok(None);
        }
        let report = self.backup_changed(None).await?;
        self.forget().await?;
        Ok(Some(report))
    }

    fn note(&self) -> PathBuf {
        self.folder().join(NOTE)
    }

    async fn forget(&self) -> Result<(), StoreError> {
        let note = self.note();
        blocking(move || remove(&note)).await
    }
}

fn remove(note: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(note) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::io("remove", note)(error)),
    }
    let folder = note.parent().unwrap_or(Path::new("."));
    platform::sync_dir(folder).map_err(StoreError::io("make durable", folder))
}
