//! One consistent, verified copy of an open database, by SQLite's backup API.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode};

use crate::{StoreError, platform};

/// Pages between two looks at whether to go on: 1 MiB.
const STEP: i32 = 256;

/// Steps between two flushes to disk, 64 MiB, so that the last one, which nothing can stop, has little to do.
const FLUSH: usize = 64;

/// Pages or instructions of SQLite between two such looks while a database is checked.
const CHECKED: i32 = 1_000;

/// Says whether somebody still wants the copy. Asked often, from the thread that copies.
pub(crate) type GoOn = Arc<dyn Fn() -> bool + Send + Sync>;

/// For copies that are needed however long they take.
pub(crate) fn to_the_end() -> GoOn {
    Arc::new(|| true)
}

/// How a copy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copied {
    /// The copy is whole, checked and on disk; its size in bytes.
    Done(u64),
    /// `go_on` said no; there is no copy.
    Stopped,
}

/// Copies what `source` sees into the new file `target`, for as long as `go_on` says so.
///
/// The copy carries `version` as its time of change, so that it can be told of which state it is.
/// It appears under its name only once it is whole, passes a check and is on disk.
pub(crate) fn copy(
    source: &Connection,
    source_path: &Path,
    target: &Path,
    version: Option<SystemTime>,
    go_on: &GoOn,
) -> Result<Copied, StoreError> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let temporary = tempfile::Builder::new()
        .prefix(".tmp_backup_")
        .suffix(".db")
        .tempfile_in(folder)
        .map_err(StoreError::io("create a backup in", folder))?
        .into_temp_path();
    if !fill(source, source_path, &temporary, go_on)? {
        return Ok(Copied::Stopped);
    }
    let file = File::options()
        .read(true)
        .write(true)
        .open(&temporary)
        .map_err(StoreError::io("open", &temporary))?;
    if let Some(version) = version {
        file.set_modified(version).map_err(StoreError::io("date", &temporary))?;
    }
    file.sync_all().map_err(StoreError::io("make durable", &temporary))?;
    let bytes = file.metadata().map_err(StoreError::io("read", &temporary))?.len();
    temporary
        .persist_noclobber(target)
        .map_err(|error| StoreError::io("name the backup", target)(error.error))?;
    platform::sync_dir(folder).map_err(StoreError::io("make durable", folder))?;
    Ok(Copied::Done(bytes))
}

fn fill(source: &Connection, source_path: &Path, target: &Path, go_on: &GoOn) -> Result<bool, StoreError> {
    let mut copy = Connection::open(target).map_err(StoreError::sql(target))?;
    // A torn copy is thrown away, so it needs neither a journal nor a flush of its own.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        .map_err(StoreError::sql(target))?;
    let file = File::options().write(true).open(target).map_err(StoreError::io("open", target))?;
    let from = |error| StoreError::sql(source_path)(error);
    // A read transaction pins what is seen; without one every commit in between begins the copy anew.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_master").map_err(from)?;
    let flush = || file.sync_data().map_err(StoreError::io("make durable", target));
    let outcome = steps(source, &mut copy, go_on, from, flush);
    let ended = source.execute_batch("COMMIT").map_err(from);
    if !outcome? {
        return Ok(false);
    }
    ended?;
    // The copy takes over the mark of a write-ahead log; by itself it shall be one plain file.
    copy.pragma_update(None, "journal_mode", "DELETE").map_err(StoreError::sql(target))?;
    let checked = while_wanted(&mut copy, go_on, |copy| leave_out(copy).and_then(|()| quick_check(copy)));
    match checked.map_err(StoreError::sql(target))? {
        None => Ok(false),
        Some(verdict) if verdict == "ok" => Ok(true),
        Some(detail) => Err(StoreError::Corrupt { path: source_path.to_owned(), detail }),
    }
}

/// Does something with a database that may take minutes if it is a large one; `None` once `go_on` has said no.
pub(crate) fn while_wanted<T>(
    connection: &mut Connection,
    go_on: &GoOn,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    let asked = Arc::clone(go_on);
    connection.progress_handler(CHECKED, Some(move || !asked()))?;
    let done = work(connection);
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match done {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(None),
        done => done.map(Some),
    }
}

/// "ok", or the first thing that is wrong with a database.
pub(crate) fn quick_check(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
}

/// What only this moment may use is no part of a copy. A session of the past must not be resumed, or what was handled since
/// would be handled again; its snapshot names people whom a later erasure could not find in there. A deletion that is
/// under way must not be finished in what is put back. Whose the file is says the one that is open, not its copy.
fn leave_out(copy: &Connection) -> rusqlite::Result<()> {
    copy.pragma_update(None, "secure_delete", true)?;
    for table in ["gateway_sessions", "guild_deletions", "this_run"] {
        let has = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?";
        // Guilds' files, older schemas and original installations have no such table.
        if copy.query_row(has, [table], |row| row.get::<_, u32>(0))? > 0 {
            copy.execute(&format!("DELETE FROM {table}"), [])?;
        }
    }
    Ok(())
}

fn steps(
    source: &Connection,
    copy: &mut Connection,
    go_on: &GoOn,
    sql: impl Fn(rusqlite::Error) -> StoreError,
    flush: impl Fn() -> Result<(), StoreError>,
) -> Result<bool, StoreError> {
    let backup = Backup::new(source, copy).map_err(&sql)?;
    for step in 1_usize.. {
        if !go_on() {
            break;
        }
        match backup.step(STEP).map_err(&sql)? {
            StepResult::Done => return Ok(true),
            StepResult::More => {}
            // Nobody else writes to the copy, and the source is pinned.
            _ => {
                let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                return Err(sql(rusqlite::Error::SqliteFailure(busy, None)));
            }
        }
        if step % FLUSH == 0 {
            flush()?;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A database of about 1,300 pages, which takes six steps.
    fn big(folder: &Path) -> Connection {
        let source = Connection::open(folder.join("source.db")).unwrap();
        source.execute_batch("CREATE TABLE t (x); CREATE INDEX i ON t (x)").unwrap();
        let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                    INSERT INTO t SELECT hex(randomblob(250)) FROM n";
        source.execute_batch(fill).unwrap();
        source
    }

    #[test]
    fn a_copy_that_nobody_wants_any_more_ends_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (source, path) = (big(folder.path()), folder.path().join("source.db"));
        let target = folder.path().join("copy.db");
        let tried = |patience: usize| {
            let asked = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&asked);
            let go_on: GoOn = Arc::new(move || count.fetch_add(1, Ordering::Relaxed) < patience);
            let copied = copy(&source, &path, &target, None, &go_on).unwrap();
            (copied, asked.load(Ordering::Relaxed))
        };
        let steps =
            1 + usize::try_from(std::fs::metadata(&path).unwrap().len()).unwrap() / 4096 / STEP as usize;
        for patience in [0, 1, steps] {
            assert_eq!(tried(patience), (Copied::Stopped, patience + 1), "as soon as it is asked");
            let names: Vec<_> =
                std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names, ["source.db"], "nothing is left behind");
        }
        assert!(tried(steps * 1_000).1 > steps, "the check asks as well");
        assert!(target.exists());
    }
}
