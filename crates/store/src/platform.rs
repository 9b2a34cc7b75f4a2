//! What differs between operating systems, all of it: folder modes and making names durable.

use std::fs::File;
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
