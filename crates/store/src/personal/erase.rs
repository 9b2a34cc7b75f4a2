//! Erasing a person.

use std::path::PathBuf;

use super::find::{holds, opaque, places, quoted};
use crate::backup::{Target, files};
use crate::db::{Access, Db, Erase, Kind, Meter, open_readonly};
use crate::id::Id;
use crate::store::blocking;
use crate::{Store, StoreError};

/// What stands in a text where the id stood.
const ERASED: &str = "[erased]";

/// What an erasure did.
#[derive(Debug, Default)]
pub struct ErasureReport {
    /// Rows that were deleted.
    pub deleted: usize,
    /// Rows that stay without the user's id, such as audit rows, and texts in which it stood.
    pub anonymised: usize,
    /// Gateway sessions that were dropped, because their snapshots of the guilds cannot be searched for the user. The
    /// next start identifies these shards instead of resuming them.
    pub sessions: usize,
    /// What is left, and why.
    pub remaining: Vec<Remaining>,
}

/// Where the user still is after an erasure; somebody has to decide about it.
#[derive(Debug)]
pub enum Remaining {
    /// Rows in a table that is not ours; only its owner knows whether they may go.
    ForeignTable {
        /// The database.
        target: Target,
        /// The table.
        table: String,
        /// How many rows.
        rows: usize,
    },
    /// A backup from before. It goes with the retention of backups, or delete it.
    Backup(PathBuf),
    /// A database that could not be opened.
    Failed {
        /// The database, or the one that a backup is of.
        target: Target,
        /// Why.
        error: StoreError,
    },
}

impl Store {
    /// Erases a user from all databases, one transaction each, and overwrites what was there. Backups are not changed;
    /// those that still hold the user are named, as are tables of others' making.
    pub async fn erase_user(&self, user: u64) -> Result<ErasureReport, StoreError> {
        let mut report = self.pool().main_write(move |db| erase(db, Target::Main, Id(user))).await?;
        for guild in self.guilds().await? {
            let target = Target::Guild(guild);
            let work = move |db: &Db<'_>| erase(db, target, Id(user));
            match self.pool().guild(guild, Access::WriteDurable, work).await {
                Ok(done) => report.add(done.unwrap_or_default()),
                Err(StoreError::Closed) => return Err(StoreError::Closed),
                Err(error) => report.remaining.push(Remaining::Failed { target, error }),
            }
            // The log holds the pages as they were.
            let _ = self.settle(target).await;
        }
        self.settle(Target::Main).await?;
        let data = self.folder().to_owned();
        let backups = move || {
            let mut remaining = Vec::new();
            for target in files::targets(&data)? {
                for backup in files::list(&data, target)? {
                    match in_backup(&backup.path, target.kind(), Id(user)) {
                        Ok(true) => remaining.push(Remaining::Backup(backup.path)),
                        Ok(false) => {}
                        Err(error) => remaining.push(Remaining::Failed { target, error }),
                    }
                }
            }
            Ok(remaining)
        };
        report.remaining.extend(blocking(backups).await?);
        Ok(report)
    }
}

impl ErasureReport {
    fn add(&mut self, other: Self) {
        self.deleted += other.deleted;
        self.anonymised += other.anonymised;
        self.sessions += other.sessions;
        self.remaining.extend(other.remaining);
    }
}

fn erase(db: &Db<'_>, target: Target, user: Id) -> Result<ErasureReport, StoreError> {
    let mut report = ErasureReport::default();
    for table in opaque(target.kind()) {
        report.sessions += db.execute(&format!("DELETE FROM {table}"), [])?;
    }
    for place in places(db, target.kind())? {
        let (table, condition) = (quoted(&place.table), &place.condition);
        match place.erase {
            Some(Erase::Row) => {
                report.deleted += db.execute(&format!("DELETE FROM {table} WHERE {condition}"), [user])?;
            }
            Some(Erase::Name) => {
                let sql = format!("UPDATE {table} SET {} = NULL WHERE {condition}", place.column);
                report.anonymised += db.execute(&sql, [user])?;
            }
            Some(Erase::Texts(columns)) => {
                let set =
                    |column: &&str| format!("{column} = replace({column}, CAST(?1 AS TEXT), '{ERASED}')");
                let set = columns.iter().map(set).collect::<Vec<_>>().join(", ");
                report.anonymised +=
                    db.execute(&format!("UPDATE {table} SET {set} WHERE {condition}"), [user])?;
            }
            None => {
                let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
                let rows = db.row(&sql, [user], |row| row.get::<_, u32>(0))?.unwrap_or_default() as usize;
                if rows > 0 {
                    report.remaining.push(Remaining::ForeignTable { target, table: place.table, rows });
                }
            }
        }
    }
    Ok(report)
}

fn in_backup(path: &std::path::Path, kind: Kind, user: Id) -> Result<bool, StoreError> {
    let connection = open_readonly(path)?;
    let meter = Meter::default();
    holds(&Db::on(&connection, path, &meter), kind, user)
}
