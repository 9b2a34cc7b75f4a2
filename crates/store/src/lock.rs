//! One process per data folder: a lock of the operating system, which ends with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::{StoreError, platform};

/// The file that carries the lock and the number of the process that has it.
const LOCK_FILE: &str = ".lock";

/// The folder belongs to this process for as long as this lives.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
    folder: PathBuf,
}

impl DataLock {
    /// Creates the folder if need be and takes it, or says who has it.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        platform::create_private_dir(folder).map_err(StoreError::io("create the data folder", folder))?;
        let folder = folder.canonicalize().map_err(StoreError::io("find the data folder", folder))?;
        let path = folder.join(LOCK_FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Windows refuses to read a locked file; then the number stays unknown.
                let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
                return Err(StoreError::InUse { folder, pid });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &path)(source)),
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(StoreError::io("write", &path))?;
        Ok(Self { _file: file, folder })
    }

    /// The folder, canonical.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}
