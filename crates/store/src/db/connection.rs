//! One open database file, and the counted, timed statements on it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, Params, Row};

use super::meter::Meter;
use super::migrate;
use crate::{StoreError, platform};

/// How long a statement waits for a backup's or an import's connection to the same file.
const BUSY: Duration = Duration::from_secs(5);
/// How long a look from outside waits.
const LOOK: Duration = Duration::from_secs(1);
/// Statements that each connection keeps compiled.
const STATEMENTS: usize = 32;

/// Which of the two schemas a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `main.db`: a commit survives a power cut.
    Main,
    /// `<guild>/guild.db`: a power cut may take the last commits, never the file.
    Guild,
}

/// A connection with its pragmas set and its schema current.
pub(crate) struct Opened {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
}

impl Opened {
    /// Opens or creates the file and brings its schema up to date.
    pub(crate) fn open(
        path: &Path,
        kind: Kind,
        clock: &cogwright_lifecycle::SharedClock,
    ) -> Result<Self, StoreError> {
        let sql = |error| StoreError::sql(path)(error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // Its logs get the mode of the file itself.
        let made = platform::private_options().write(true).create_new(true).open(path);
        if let Err(error) = made.map(drop)
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(StoreError::io("create", path)(error));
        }
        let mut connection = Connection::open_with_flags(path, flags).map_err(sql)?;
        prepare(&connection, kind).map_err(sql)?;
        migrate::migrate(&mut connection, path, kind, clock)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// The statements of one task.
    pub(crate) fn db<'c>(&'c self, meter: &'c Meter) -> Db<'c> {
        Db { connection: &self.connection, path: &self.path, meter }
    }
}

fn prepare(connection: &Connection, kind: Kind) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let (synchronous, cache) = match kind {
        Kind::Main => ("FULL", -8192),
        Kind::Guild => ("NORMAL", -256),
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "cache_size", cache)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is erased is overwritten rather than left in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    // fsync of macOS does not reach the disk without it; elsewhere it does nothing.
    connection.pragma_update(None, "fullfsync", true)
}

/// A second connection that cannot write, for backups and checks beside the storage threads.
pub(crate) fn open_readonly(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(StoreError::sql(path))?;
    connection.busy_timeout(BUSY).map_err(StoreError::sql(path))?;
    Ok(connection)
}

/// A connection from outside, which leaves no file behind and changes none, whether or not a bot runs.
pub(crate) fn open_untouched(path: &Path) -> rusqlite::Result<Connection> {
    let log = std::fs::metadata(path.with_extension("db-wal")).is_ok_and(|log| log.len() > 0);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if log || path.with_extension("db-shm").exists() {
        Connection::open_with_flags(path, flags)?
    } else {
        // Whole by itself, and nobody writes: SQLite need not put its files for sharing beside it.
        Connection::open_with_flags(immutable(path), flags | OpenFlags::SQLITE_OPEN_URI)?
    };
    connection.busy_timeout(LOOK)?;
    Ok(connection)
}

/// See <https://www.sqlite.org/uri.html>.
fn immutable(path: &Path) -> String {
    let mut uri = String::from("file:");
    let text = path.display().to_string().replace('\\', "/");
    if !text.starts_with('/') && text.contains(':') {
        uri.push('/');
    }
    for c in text.chars() {
        match c {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            c => uri.push(c),
        }
    }
    uri + "?immutable=1"
}

/// Creates a guild's folder so that its name survives a power cut, too.
pub(crate) fn create_guild_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    platform::create_private_dir(folder).map_err(StoreError::io("create", folder))?;
    let Some(parent) = folder.parent() else { return Ok(()) };
    platform::sync_dir(parent).map_err(StoreError::io("make durable", parent))
}

/// Statements on one file. Every one of them is counted and timed.
pub(crate) struct Db<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) path: &'c Path,
    meter: &'c Meter,
}

impl<'c> Db<'c> {
    /// For connections outside the storage threads.
    pub(crate) fn on(connection: &'c Connection, path: &'c Path, meter: &'c Meter) -> Self {
        Self { connection, path, meter }
    }

    /// Runs a statement; answers with the number of rows that it changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.timed(sql, |db| db.prepare_cached(sql)?.execute(params))
    }

    /// All rows of a query.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.timed(sql, |db| db.prepare_cached(sql)?.query_map(params, map)?.collect())
    }

    /// The first row of a query, if there is one.
    pub(crate) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.timed(sql, |db| {
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            rows.next()?.map(map).transpose()
        })
    }

    fn timed<T>(
        &self,
        sql: &str,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        let outcome = run(self.connection);
        self.meter.query(sql, began.elapsed());
        outcome.map_err(StoreError::sql(self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_uri() {
        assert_eq!(immutable(Path::new("/a b/%?#.db")), "file:/a b/%25%3f%23.db?immutable=1");
        assert_eq!(immutable(Path::new("data/main.db")), "file:data/main.db?immutable=1");
        assert_eq!(immutable(Path::new("C:\\data\\main.db")), "file:/C:/data/main.db?immutable=1");
    }
}
