//! The conformance log: every exchange as a JSON line, for a later check against Discord's OpenAPI.
//!
//! On when the environment variable `COGWRIGHT_EXCHANGES` names a directory; each process writes a file of
//! its own there. Secrets are masked as in the journal.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::PathBuf,
    sync::{Mutex, OnceLock, PoisonError},
};

use serde_json::Value;

/// Names the directory.
const VARIABLE: &str = "COGWRIGHT_EXCHANGES";

static LOG: OnceLock<Option<Mutex<BufWriter<File>>>> = OnceLock::new();

fn open() -> Option<Mutex<BufWriter<File>>> {
    let directory = PathBuf::from(std::env::var_os(VARIABLE)?);
    let path = directory.join(format!("rest-{}.jsonl", std::process::id()));
    let opened = std::fs::create_dir_all(&directory)
        .and_then(|()| File::options().create(true).append(true).open(&path));
    match opened {
        Ok(file) => Some(Mutex::new(BufWriter::new(file))),
        Err(error) => {
            tracing::error!(path = %path.display(), %error, "cannot write the conformance log");
            None
        }
    }
}

/// Whether exchanges are written down.
pub(super) fn enabled() -> bool {
    LOG.get_or_init(open).is_some()
}

/// Appends a line; a full disk must not break the exchange itself.
pub(super) fn append(line: &Value) {
    let Some(log) = LOG.get_or_init(open) else { return };
    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
    let written = writeln!(log, "{line}").and_then(|()| log.flush());
    if let Err(error) = written {
        tracing::error!(%error, "cannot write the conformance log");
    }
}
