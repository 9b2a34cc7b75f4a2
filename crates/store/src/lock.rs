//! One process per data folder: a lock of the operating system, which ends with its process.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::{StoreError, platform};

/// The file that carries the lock and the number of the process that has it.
const LOCK_FILE: &str = ".lock";

/// The folder belongs to this process for as long as this lives.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
    _folder: Option<File>,
    folder: PathBuf,
}

impl DataLock {
    /// Creates the folder if need be and takes it, or says who has it.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        if let Some(file) = file_in_the_way(folder) {
            return Err(StoreError::NoFolder { folder: folder.to_owned(), file });
        }
        platform::create_private_dir(folder).map_err(StoreError::io("create the data folder", folder))?;
        let folder = folder.canonicalize().map_err(StoreError::io("find the data folder", folder))?;
        let path = folder.join(LOCK_FILE);
        let whole = match platform::lock_folder(&folder) {
            Ok(whole) => whole,
            Err(TryLockError::WouldBlock) => {
                let pid = File::open(&path).ok().and_then(|mut file| pid(&mut file));
                return Err(StoreError::InUse { folder, pid });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::io("open", &folder)(source)),
        };
        let mut file = platform::private_options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse { folder, pid: pid(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &path)(source)),
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(StoreError::io("write", &path))?;
        Ok(Self { _file: file, _folder: whole, folder })
    }

    /// The folder, canonical.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Who has the folder, without taking it. The lock is tried for a moment: a process that starts at the very same moment
/// may find the folder in use.
pub(crate) fn holder(folder: &Path) -> Result<Option<Holder>, StoreError> {
    let path = folder.join(LOCK_FILE);
    let mut file = match File::options().read(true).write(true).open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // A process whose file was removed still has the folder.
            let taken = matches!(platform::lock_folder(folder), Err(TryLockError::WouldBlock));
            return Ok(taken.then_some(Holder { pid: None }));
        }
        opened => opened.map_err(StoreError::io("open", &path))?,
    };
    match file.try_lock() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(Holder { pid: pid(&mut file) })),
        Err(TryLockError::Error(source)) => Err(StoreError::io("look at the lock", &path)(source)),
    }
}

/// A process that has a data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    /// Its number, if it is told.
    pub(crate) pid: Option<u32>,
}

/// Windows refuses to read a locked file; then the number stays unknown.
fn pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// The file that lies where the folder, or one above it, should be.
pub(crate) fn file_in_the_way(folder: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(folder).ok()?;
    let nearest = whole.ancestors().find(|path| path.symlink_metadata().is_ok())?;
    nearest.is_file().then(|| nearest.to_owned())
}
