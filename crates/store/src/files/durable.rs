//! Replacing a file so that a crash at any moment leaves the old content or the new, and an answer means it is on disk.

use std::io;
use std::path::{Path, PathBuf};

use super::effects::Effects;

/// How names of files that are not finished begin. What a crash leaves of them is harmless; the next start
/// of a [`Store`](crate::Store) clears its data folder of them.
pub(crate) const TEMPORARY: &str = ".tmp_";

/// Under which name the content before is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// Not at all: it is the same.
    Nothing,
    /// `<name>.bak`, the last good version.
    Good,
    /// `<name>.broken`: somebody's edit that is no JSON. It must not push out the last good version.
    Broken,
}

/// Replaces the content of `path` (canonical, its folder exists), keeping `old` beside it.
///
/// Content is made durable before it gets a name: otherwise a power cut can leave the name with nothing in it.
/// The folder is made durable after: otherwise it can bring back the old name after we said it is done.
pub(crate) fn replace(
    fs: &dyn Effects,
    path: &Path,
    content: &[u8],
    old: Option<(&[u8], Aside)>,
) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("the path has no folder"))?;
    match old {
        Some((old, Aside::Good)) => put(fs, &beside(path, ".bak"), old, Some(path))?,
        Some((old, Aside::Broken)) => put(fs, &beside(path, ".broken"), old, Some(path))?,
        Some((_, Aside::Nothing)) | None => {}
    }
    put(fs, path, content, old.is_some().then_some(path))?;
    fs.sync_dir(folder)
}

/// The name with an ending, beside the file.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn put(fs: &dyn Effects, path: &Path, content: &[u8], like: Option<&Path>) -> io::Result<()> {
    let temporary = temporary(path);
    let steps = || {
        fs.write_new(&temporary, content, like)?;
        fs.sync_file(&temporary)?;
        fs.rename(&temporary, path)
    };
    steps().inspect_err(|_| {
        // Best effort: the first error is the one to tell.
        let _ = fs.remove(&temporary);
    })
}

/// A new name beside the file, as the original's: `.tmp_<random><name>`. Long names are cut to what file systems take.
fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let short: String = name.chars().take(40).collect();
    path.with_file_name(format!("{TEMPORARY}{:016x}{short}", fastrand::u64(..)))
}
