//! A file's content as it was read, and how to tell that it has changed since.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};

/// What the file system says about a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Look {
    /// Nothing if there is no file.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        let meta = std::fs::metadata(path).ok()?;
        Some(Self { modified: meta.modified().ok(), bytes: meta.len() })
    }

    /// Whether the last change is long enough ago for the next one to look different. File systems count time in steps
    /// of milliseconds (ext4) to 2 s (FAT). Real time, because the file system goes by it.
    pub(crate) fn settled(self) -> bool {
        let age = self.modified.and_then(|at| SystemTime::now().duration_since(at).ok());
        age.is_some_and(|age| age > Duration::from_secs(2))
    }
}

/// A content that is known.
#[derive(Clone, Debug)]
pub(crate) struct Cached {
    pub(crate) text: Arc<str>,
    /// How the file looked. Another look means that somebody edited it.
    pub(crate) look: Look,
    /// Whether another look is sure to be seen; see [`Look::settled`].
    pub(crate) settled: bool,
    pub(crate) hash: [u8; 32],
}

/// Tells two contents apart.
pub(crate) fn hash(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}
