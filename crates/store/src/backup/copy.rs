//! One consistent, verified copy of an open database, by SQLite's backup API.

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::{StoreError, platform};

/// Pages between two looks at whether to go on: 1 MiB.
const STEP: i32 = 256;

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
    go_on: &mut dyn FnMut() -> bool,
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

fn fill(
    source: &Connection,
    source_path: &Path,
    target: &Path,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, StoreError> {
    let mut copy = Connection::open(target).map_err(StoreError::sql(target))?;
    let from = |error| StoreError::sql(source_path)(error);
    // A read transaction pins what is seen; without one every commit in between begins the copy anew.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_master").map_err(from)?;
    let outcome = steps(source, &mut copy, go_on).map_err(from);
    let ended = source.execute_batch("COMMIT").map_err(from);
    if !outcome? {
        return Ok(false);
    }
    ended?;
    // The copy takes over the mark of a write-ahead log; by itself it shall be one plain file.
    copy.pragma_update(None, "journal_mode", "DELETE").map_err(StoreError::sql(target))?;
    leave_out(&copy).map_err(StoreError::sql(target))?;
    let verdict: String =
        copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(StoreError::sql(target))?;
    if verdict == "ok" {
        return Ok(true);
    }
    Err(StoreError::Corrupt { path: source_path.to_owned(), detail: verdict })
}

/// What only this moment may use is no part of a copy. A session of the past must not be resumed, or what was handled since
/// would be handled again; its snapshot names people whom a later erasure could not find in there. A deletion that is
/// under way must not be finished in what is put back.
fn leave_out(copy: &Connection) -> rusqlite::Result<()> {
    // The file has no name yet: after a crash it is cleared away.
    copy.pragma_update(None, "synchronous", "OFF")?;
    copy.pragma_update(None, "secure_delete", true)?;
    for table in ["gateway_sessions", "guild_deletions"] {
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
    go_on: &mut dyn FnMut() -> bool,
) -> rusqlite::Result<bool> {
    let backup = Backup::new(source, copy)?;
    while go_on() {
        match backup.step(STEP)? {
            StepResult::Done => return Ok(true),
            StepResult::More => {}
            // Nobody else writes to the copy, and the source is pinned.
            _ => {
                return Err(rusqlite::Error::SqliteFailure(
                    rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                    None,
                ));
            }
        }
    }
    Ok(false)
}
