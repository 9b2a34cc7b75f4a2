//! The seam between the durable write and the file system: each step with an effect is one call, so that a test can
//! record the steps and ask what a power cut after each of them leaves.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::platform;

/// What writing a file does to the file system.
pub(crate) trait Effects: Send + Sync {
    /// Creates the new file `path` with this content and the rights of `like`.
    fn write_new(&self, path: &Path, content: &[u8], like: Option<&Path>) -> io::Result<()>;
    /// Waits until the content of `path` is on disk.
    fn sync_file(&self, path: &Path) -> io::Result<()>;
    /// Gives `from` the name `to`, in place of what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the names in the folder `path` are on disk.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The real file system.
pub(crate) struct Disk;

impl Effects for Disk {
    fn write_new(&self, path: &Path, content: &[u8], like: Option<&Path>) -> io::Result<()> {
        let mut file = File::create_new(path)?;
        let like = like.map(std::fs::metadata).transpose()?;
        platform::copy_mode(&file, like.as_ref())?;
        file.write_all(content)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        // Windows flushes only through a handle that may write.
        File::options().read(true).write(true).open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        platform::sync_dir(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
}
