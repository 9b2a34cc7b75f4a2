//! What differs between operating systems, all of it: rights of files and folders, which file is which, and making names
//! durable.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Creates a folder that only this user can read, with its parents. What exists keeps its mode.
#[cfg(unix)]
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Creates a folder with its parents; on Windows it inherits the rights of the folder above.
#[cfg(not(unix))]
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Takes the folder itself, beside the file in it that says who has it: that file can be removed. `None` where folders
/// cannot be locked.
#[cfg(unix)]
pub(crate) fn lock_folder(path: &Path) -> Result<Option<File>, TryLockError> {
    let folder = File::open(path).map_err(TryLockError::Error)?;
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        // Such as on NFS, which locks only what can be written.
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Windows gives a removed file's name free only when nobody has it open any more.
#[cfg(not(unix))]
pub(crate) fn lock_folder(_: &Path) -> Result<Option<File>, TryLockError> {
    Ok(None)
}

/// Makes the names in a folder durable: created, renamed and removed files.
#[cfg(unix)]
pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Windows has no such call; NTFS journals names by itself.
#[cfg(not(unix))]
pub(crate) fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives `file` the mode and, where allowed, the owner of `like`; without one, readable by this user only.
#[cfg(unix)]
pub(crate) fn copy_mode(file: &File, like: Option<&std::fs::Metadata>) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let Some(like) = like else {
        return file.set_permissions(std::fs::Permissions::from_mode(0o600));
    };
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
        // Only root may give files away. Keeping the content matters more than keeping the owner.
        let _ = fchown(file, Some(like.uid()), Some(like.gid()));
    }
    // After the owner, because a change of owner clears bits of the mode.
    file.set_permissions(like.permissions())
}

/// Windows keeps rights with the folder; only "read-only" exists and must not be carried over.
#[cfg(not(unix))]
pub(crate) fn copy_mode(_: &File, _: Option<&std::fs::Metadata>) -> io::Result<()> {
    Ok(())
}

/// How to open a file that, if it is made, only this user can read. What exists keeps its mode.
#[cfg(unix)]
pub(crate) fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// How to open a file; on Windows a new one inherits the rights of its folder.
#[cfg(not(unix))]
pub(crate) fn private_options() -> OpenOptions {
    OpenOptions::new()
}

/// The rights of a file or folder that others than its user and group can read or enter, such as `0o755`; none if they
/// cannot, if it is not there, or where a system keeps rights otherwise (Windows: with the folder above).
#[cfg(unix)]
pub fn open_to_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o005 != 0).then_some(mode)
}

/// The rights of a file or folder that others can read; Windows keeps rights with the folder above.
#[cfg(not(unix))]
pub fn open_to_others(_: &Path) -> Option<u32> {
    None
}

/// Tells the file that has this name now from others that had it or get it.
#[cfg(unix)]
pub(crate) fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = std::fs::metadata(path)?;
    Ok((meta.dev(), meta.ino()))
}

/// Tells the file that has this name now from others. Windows does not let go of an open file; if one is swapped all the
/// same, the other one was made at another time.
#[cfg(not(unix))]
pub(crate) fn identity(path: &Path) -> io::Result<(u64, u64)> {
    let made = std::fs::metadata(path)?.created()?;
    let since = made.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok((since.as_secs(), u64::from(since.subsec_nanos())))
}
