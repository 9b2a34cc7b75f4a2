//! Brings a file's schema up to date: numbered, checksummed steps, all in one transaction, backed up before.

use std::path::Path;
use std::time::SystemTime;

use cogwright_lifecycle::SharedClock;
use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest as _, Sha256};

use super::connection::Kind;
use super::schema::{Migration, migrations};
use crate::StoreError;
use crate::backup;
use crate::time::Millis;

/// Not the original's `_schema_migrations`, whose numbers mean other steps.
pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS cogwright_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
)";

/// The newest schema of a kind of file.
pub(crate) fn known_version(kind: Kind) -> u32 {
    migrations(kind).last().map_or(0, |step| step.number)
}

/// Applies what is missing. On an error the file is as it was.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: &Path,
    kind: Kind,
    clock: &SharedClock,
) -> Result<(), StoreError> {
    apply(connection, path, kind, migrations(kind), clock.now())
}

/// A new file as a version of before left it.
#[cfg(test)]
pub(crate) fn file_of_schema(path: &Path, kind: Kind, number: usize) -> Connection {
    let mut db = Connection::open(path).unwrap();
    apply(&mut db, path, kind, &migrations(kind)[..number], SystemTime::UNIX_EPOCH).unwrap();
    db
}

fn apply(
    connection: &mut Connection,
    path: &Path,
    kind: Kind,
    steps: &[Migration],
    now: SystemTime,
) -> Result<(), StoreError> {
    let sql = |error| StoreError::sql(path)(error);
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sql)?;
    let known = steps.last().map_or(0, |step| step.number);
    if version > known {
        return Err(StoreError::TooNew { path: path.to_owned(), found: version, known });
    }
    let tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).map_err(sql)?;
    if version > 0 {
        verify(connection, path, steps, version)?;
    }
    if version == known {
        return Ok(());
    }
    if tables > 0 {
        backup::before_migration(connection, path, kind, now)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
    transaction.execute_batch(TABLE).map_err(sql)?;
    for step in steps.iter().filter(|step| step.number > version) {
        let failed = |error: rusqlite::Error| StoreError::Migration {
            path: path.to_owned(),
            number: step.number,
            name: step.name,
            detail: error.to_string(),
        };
        transaction.execute_batch(step.sql).map_err(failed)?;
        let row = (step.number, step.name, checksum(step.sql), Millis::from(now));
        transaction
            .execute(
                "INSERT INTO cogwright_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
                row,
            )
            .map_err(failed)?;
    }
    transaction.pragma_update(None, "user_version", known).map_err(sql)?;
    transaction.commit().map_err(sql)?;
    if tables > 0 {
        tracing::info!(file = %path.display(), from = version, to = known, "schema migrated");
    }
    Ok(())
}

/// A file whose history differs from ours must not be built upon.
fn verify(connection: &Connection, path: &Path, steps: &[Migration], version: u32) -> Result<(), StoreError> {
    let corrupt = |detail: String| StoreError::Corrupt { path: path.to_owned(), detail };
    let mut statement = connection
        .prepare("SELECT number, checksum FROM cogwright_migrations ORDER BY number")
        .map_err(|_| corrupt(format!("it says schema {version}, but has no list of migrations")))?;
    let applied: Vec<(u32, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .map_err(StoreError::sql(path))?;
    let expected: Vec<(u32, String)> = steps
        .iter()
        .filter(|step| step.number <= version)
        .map(|step| (step.number, checksum(step.sql)))
        .collect();
    if applied == expected {
        return Ok(());
    }
    let differing =
        expected.iter().find(|step| !applied.contains(step)).map_or(version, |(number, _)| *number);
    Err(corrupt(format!("migration {differing} was applied with another text than this version has")))
}

/// SHA-256 of a step's text. Line ends do not count: Git may change them on Windows.
fn checksum(sql: &str) -> String {
    crate::hex(&Sha256::digest(sql.replace("\r\n", "\n")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const ONE: Migration =
        Migration { number: 1, name: "one", sql: "CREATE TABLE a (x); INSERT INTO a VALUES (7);" };
    const TWO: Migration = Migration { number: 2, name: "two", sql: "ALTER TABLE a ADD COLUMN y" };
    const BAD: Migration =
        Migration { number: 3, name: "bad", sql: "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)" };

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000)
    }

    fn run(path: &Path, steps: &[Migration]) -> Result<Connection, StoreError> {
        let mut db = Connection::open(path).unwrap();
        apply(&mut db, path, Kind::Main, steps, now()).map(|()| db)
    }

    fn schema(path: &Path) -> (u32, Vec<String>) {
        let db = Connection::open(path).unwrap();
        let version = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        let mut tables = db.prepare("SELECT sql FROM sqlite_master ORDER BY name").unwrap();
        let sql = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        (version, sql)
    }

    #[test]
    fn a_failing_step_leaves_the_old_schema_and_a_backup() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.db");
        drop(run(&path, &[ONE]).unwrap());
        let before = schema(&path);
        let error = run(&path, &[ONE, TWO, BAD]).unwrap_err();
        assert!(matches!(error, StoreError::Migration { number: 3, name: "bad", .. }), "{error}");
        assert!(error.to_string().contains("nowhere"), "{error}");
        assert_eq!(schema(&path), before, "step 2 stayed although 3 failed");
        let backup = folder.path().join("main_backup_19700101_001640.db");
        assert_eq!(schema(&backup), before);
        let seven: u32 =
            Connection::open(&backup).unwrap().query_row("SELECT x FROM a", [], |r| r.get(0)).unwrap();
        assert_eq!(seven, 7);
        drop(run(&path, &[ONE, TWO]).unwrap());
        assert_eq!(schema(&path).0, 2);
    }

    #[test]
    fn a_changed_step_and_a_newer_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.db");
        drop(run(&path, &[ONE, TWO]).unwrap());
        assert!(run(&path, &[ONE, Migration { sql: "ALTER TABLE a ADD COLUMN\r\n y", ..TWO }]).is_err());
        assert!(matches!(run(&path, &[ONE]), Err(StoreError::TooNew { found: 2, known: 1, .. })));
        let edited = run(&path, &[Migration { sql: "CREATE TABLE a (z)", ..ONE }, TWO]).unwrap_err();
        assert!(edited.to_string().contains("migration 1"), "{edited}");
    }

    #[test]
    fn line_ends_do_not_count() {
        assert_eq!(checksum("a\r\nb"), checksum("a\nb"));
        assert_ne!(checksum("a\nb"), checksum("a b"));
    }

    #[test]
    fn numbers_count_up_from_one() {
        for kind in [Kind::Main, Kind::Guild] {
            let numbers: Vec<u32> = migrations(kind).iter().map(|step| step.number).collect();
            assert_eq!(numbers, (1..=known_version(kind)).collect::<Vec<_>>());
        }
    }
}
