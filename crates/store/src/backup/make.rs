//! Making backups beside the running bot: one, all, or what has changed, within a deadline.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::{
    BackupFile, Copied, GoOn, Retention, Target, copy, files, free_name, prefix, retention, to_the_end,
};
use cogwright_lifecycle::CancellationToken;

use crate::db::{Access, Db, open_readonly};
use crate::store::blocking;
use crate::{MainFile, Store, StoreError, platform};

/// What came of making several backups.
#[derive(Debug, Default)]
pub struct BackupReport {
    /// Made, checked and on disk.
    pub made: Vec<BackupFile>,
    /// Databases that are as their newest backup is.
    pub unchanged: usize,
    /// Databases for which there was no time. The next call finds them again by themselves.
    pub left: Vec<Target>,
    /// Databases that could not be backed up, and why.
    pub failed: Vec<(Target, StoreError)>,
    /// Old backups that were removed.
    pub removed: usize,
    /// Whether it is noted that the next start makes what is left; only a stop notes it.
    pub noted: bool,
}

impl Store {
    /// Backs up one database now. Whoever drops this, or what follows, stops the copy that is under way.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a guild without a file; [`StoreError::Corrupt`] if the copy does not pass the check:
    /// then there is no backup.
    pub async fn backup(&self, target: Target) -> Result<BackupFile, StoreError> {
        let _one = self.backing_up().await?;
        match self.back_up(target, None).await? {
            Some((made, _)) => Ok(made),
            None => Err(StoreError::Internal("a backup without a deadline ran out of time".to_owned())),
        }
    }

    /// Backs up all databases now.
    pub async fn backup_all(&self) -> Result<BackupReport, StoreError> {
        self.back_up_many(None, false).await
    }

    /// Backs up what has changed since its newest backup, the longest without one first, until `within` has passed if
    /// it is given. Nothing needs to be remembered about the rest: it still differs from its backup at the next call.
    ///
    /// What a deadline cannot cut short is the flush of a copy's last 64 MiB to the disk.
    pub async fn backup_changed(&self, within: Option<Duration>) -> Result<BackupReport, StoreError> {
        self.back_up_many(within.map(|within| Instant::now() + within), true).await
    }

    async fn back_up_many(
        &self,
        end: Option<Instant>,
        only_changed: bool,
    ) -> Result<BackupReport, StoreError> {
        let _one = self.backing_up().await?;
        let data = self.folder().to_owned();
        let mut report = BackupReport::default();
        let late = move || end.is_some_and(|end| Instant::now() >= end);
        // One that is lost has no file to compare.
        let saved = self.saved_main().await.is_some();
        let found = blocking(move || {
            let (mut all, mut unseen) = (Vec::new(), Vec::new());
            for target in files::targets(&data)? {
                if late() {
                    unseen.push(target);
                    continue;
                }
                let newest = files::list(&data, target)?.pop();
                let same =
                    newest.as_ref().is_some_and(|backup| backup.version == version(&target.path(&data)))
                        || saved && target == Target::Main;
                all.push((newest.map(|backup| backup.at), target, same));
            }
            all.sort_unstable();
            Ok((all, unseen))
        });
        let (found, unseen) = found.await?;
        report.left = unseen;
        for (_, target, same) in found {
            if same && only_changed {
                report.unchanged += 1;
            } else if late() {
                report.left.push(target);
            } else {
                match self.back_up(target, end).await {
                    Ok(Some((backup, removed))) => {
                        report.made.push(backup);
                        report.removed += removed;
                    }
                    Ok(None) => report.left.push(target),
                    Err(StoreError::Closed) => return Err(StoreError::Closed),
                    Err(error) => report.failed.push((target, error)),
                }
            }
        }
        Ok(report)
    }

    /// Answers with the backup and how many old ones went for it; `None` when there was no time.
    async fn back_up(
        &self,
        target: Target,
        end: Option<Instant>,
    ) -> Result<Option<(BackupFile, usize)>, StoreError> {
        if target == Target::Main {
            let found = self.main_file().await?;
            if !found.can_be_saved() {
                let detail = found.trouble().unwrap_or_default().to_owned();
                return Err(StoreError::Corrupt { path: target.path(self.folder()), detail });
            }
            if found != MainFile::Sound {
                return self.back_up_open().await.map(Some);
            }
        }
        self.settle(target).await?;
        let (data, now, keep): (_, _, Retention) = (self.folder().to_owned(), self.now(), self.retention());
        // The thread that copies goes on when its task is aborted, and holds up the end of the process.
        let dropped = CancellationToken::new();
        let _guard = dropped.clone().drop_guard();
        let go_on: GoOn =
            Arc::new(move || !dropped.is_cancelled() && end.is_none_or(|end| Instant::now() < end));
        blocking(move || {
            let path = target.path(&data);
            let version = version(&path);
            let source = open_readonly(&path)?;
            let folder = target.folder(&data);
            let name = free_name(&folder, prefix(target.kind()), now);
            let Copied::Done(bytes) = copy(&source, &path, &name, version, &go_on)? else { return Ok(None) };
            let removed = retention::prune(&data, target, keep, now)?;
            found(&data, target, &name, bytes).map(|made| Some((made, removed)))
        })
        .await
    }

    /// Moves the write-ahead log into the file, so that closing it later is no change.
    pub(crate) async fn settle(&self, target: Target) -> Result<(), StoreError> {
        let checkpoint = |db: &Db<'_>| db.row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map(|_| ());
        match target {
            Target::Main => self.pool().main_outside(checkpoint).await,
            Target::Guild(guild) => {
                let there = self.pool().guild(guild, Access::Read, checkpoint).await?;
                there.ok_or_else(|| StoreError::Invalid(format!("guild {guild} has no data to back up")))
            }
        }
    }
}

/// Backs up what the storage thread has open as `main.db`, although its name is gone or another's.
pub(crate) fn open_main(
    db: &Db<'_>,
    data: &Path,
    now: SystemTime,
    keep: Retention,
) -> Result<(BackupFile, usize), StoreError> {
    // The whole folder may have gone with it.
    platform::create_private_dir(data).map_err(StoreError::io("create", data))?;
    let name = free_name(data, prefix(Target::Main.kind()), now);
    match copy(db.connection, db.path, &name, None, &to_the_end())? {
        Copied::Done(bytes) => {
            let removed = retention::prune(data, Target::Main, keep, now)?;
            found(data, Target::Main, &name, bytes).map(|made| (made, removed))
        }
        Copied::Stopped => Err(StoreError::Internal("a copy stopped by itself".to_owned())),
    }
}

fn found(data: &Path, target: Target, name: &Path, bytes: u64) -> Result<BackupFile, StoreError> {
    let made = files::list(data, target)?.into_iter().find(|backup| backup.path == name);
    made.ok_or_else(|| StoreError::Internal(format!("a backup of {bytes} bytes is gone again")))
}

/// Tells one state of a database from another: when its file, or a log that is not empty, was last changed.
/// A backup carries the version that was read before the copy began; a change during the copy therefore
/// makes another version and the database is backed up again.
fn version(path: &Path) -> Option<SystemTime> {
    let log = path.with_extension("db-wal");
    let changed = |meta: std::fs::Metadata| meta.modified().ok();
    let file = std::fs::metadata(path).ok().and_then(changed)?;
    let log = std::fs::metadata(log).ok().filter(|meta| meta.len() > 0).and_then(changed);
    Some(log.map_or(file, |log| log.max(file)))
}
