//! The source's files: where they are, and copies to read from, because opening a database in place creates files
//! beside it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::files::Look;
use crate::{StoreError, layout};

/// The databases of an original installation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    /// `main.db`.
    pub(crate) main: Option<PathBuf>,
    /// Guilds with a `guild.db`.
    pub(crate) guilds: Vec<(u64, PathBuf)>,
    /// The older single `bot.db`.
    pub(crate) single: Option<PathBuf>,
}

impl Sources {
    /// What lies in a data folder.
    pub(crate) fn find(data: &Path, single: Option<&Path>) -> Result<Self, StoreError> {
        let there = |path: PathBuf| path.is_file().then_some(path);
        let guilds = if data.is_dir() { layout::guilds(data)? } else { Vec::new() };
        Ok(Self {
            main: there(data.join("main.db")),
            guilds: guilds.into_iter().map(|guild| (guild, layout::guild_file(data, guild))).collect(),
            single: there(single.map_or_else(|| data.join("bot.db"), Path::to_owned)),
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.main.is_none() && self.guilds.is_empty() && self.single.is_none()
    }
}

/// A copy of a database in a folder of its own, which goes away with it.
pub(crate) struct Copy {
    // Closed before its folder is removed, which Windows insists on.
    pub(crate) db: Connection,
    _folder: TempDir,
}

impl Copy {
    /// Copies the file and its log and opens the copy.
    pub(crate) fn of(path: &Path) -> Result<Self, StoreError> {
        let folder = tempfile::tempdir().map_err(StoreError::io("create a folder for a copy of", path))?;
        let parts = [path.to_owned(), path.with_extension("db-wal")];
        let before = parts.each_ref().map(|part| Look::at(part));
        for part in parts.iter().filter(|part| part.is_file()) {
            let copy = folder.path().join(part.file_name().unwrap_or_default());
            std::fs::copy(part, &copy).map_err(StoreError::io("read", part))?;
        }
        if parts.each_ref().map(|part| Look::at(part)) != before {
            let text = format!("{} is being written; stop the original bot first", path.display());
            return Err(StoreError::Invalid(text));
        }
        let db = Connection::open(folder.path().join(path.file_name().unwrap_or_default()))
            .map_err(StoreError::sql(path))?;
        let verdict: String =
            db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(StoreError::sql(path))?;
        if verdict != "ok" {
            return Err(StoreError::Corrupt { path: path.to_owned(), detail: verdict });
        }
        Ok(Self { db, _folder: folder })
    }
}
