//! Whether `main.db` still is the file that this process has open. Where an open file can be removed, what is written goes
//! on into a file without a name, and is gone when the process ends: somebody has to be told, and a copy made.

use std::io::ErrorKind;

use crate::backup::{self, BackupFile, Target};
use crate::db::Db;
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
        }
    }
}

impl Store {
    /// Looks whether `main.db` still is the file that is open here.
    ///
    /// # Errors
    /// [`StoreError::Io`] if it cannot be looked at.
    pub async fn main_file(&self) -> Result<MainFile, StoreError> {
        let (path, opened) = (Target::Main.path(self.folder()), self.pool().main_identity());
        blocking(move || match platform::identity(&path) {
            Ok(found) if found == opened => Ok(MainFile::Sound),
            Ok(_) => Ok(MainFile::Replaced),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(MainFile::Gone),
            Err(error) => Err(StoreError::io("look at", &path)(error)),
        })
        .await
    }

    /// Backs up what is open as `main.db`, whatever lies under that name. It holds up the storage thread meanwhile.
    pub(crate) async fn back_up_open(&self) -> Result<(BackupFile, usize), StoreError> {
        let (data, now, keep) = (self.folder().to_owned(), self.now(), self.retention());
        self.pool().main_outside(move |db: &Db<'_>| backup::open_main(db, &data, now, keep)).await
    }
}
