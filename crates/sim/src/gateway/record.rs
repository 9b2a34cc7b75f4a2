//! A file of every dispatch sent, for the conformance pass that parses them with other libraries' models.
//!
//! Off unless `COGWRIGHT_EXCHANGES` names a directory; then `frames-<pid>.jsonl` in it grows by a line for each
//! frame. The pass fails when frames are missing, so an error here is logged and no more.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
    sync::{Mutex, OnceLock, PoisonError},
};

static FILE: OnceLock<Option<Mutex<File>>> = OnceLock::new();

fn open() -> Option<Mutex<File>> {
    let directory = PathBuf::from(std::env::var_os("COGWRIGHT_EXCHANGES")?);
    let path = directory.join(format!("frames-{}.jsonl", std::process::id()));
    let opened = std::fs::create_dir_all(&directory)
        .and_then(|()| OpenOptions::new().create(true).append(true).open(&path));
    match opened {
        Ok(file) => Some(Mutex::new(file)),
        Err(error) => {
            tracing::error!(%error, path = %path.display(), "cannot record gateway frames");
            None
        }
    }
}

/// Appends dispatches, a line for each.
pub(crate) fn dispatches(frames: &[String]) {
    let Some(file) = FILE.get_or_init(open).as_ref().filter(|_| !frames.is_empty()) else { return };
    let mut lines = frames.join("\n");
    lines.push('\n');
    let written = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(lines.as_bytes());
    if let Err(error) = written {
        tracing::error!(%error, "cannot record gateway frames");
    }
}
