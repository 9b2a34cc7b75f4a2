//! A file of every dispatch sent, for the conformance pass that parses them with other libraries' models.
//!
//! Off unless `COGWRIGHT_EXCHANGES` names a directory; then `frames-<pid>.jsonl` in it grows by a line for each
//! frame. The pass fails when frames are missing, so an error here is logged and no more. Tokens are masked as in
//! the journal.

use std::{
    borrow::Cow,
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
    sync::{Mutex, OnceLock, PoisonError},
};

use serde_json::Value;

use crate::journal::masked;

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
    let mut lines = String::new();
    for frame in frames {
        lines.push_str(&without_tokens(frame));
        lines.push('\n');
    }
    let written = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(lines.as_bytes());
    if let Err(error) = written {
        tracing::error!(%error, "cannot record gateway frames");
    }
}

/// The frame as it was sent, unless it holds a token.
fn without_tokens(frame: &str) -> Cow<'_, str> {
    if !frame.contains("token\"") {
        return frame.into();
    }
    serde_json::from_str::<Value>(frame)
        .map_or_else(|_| "null".into(), |frame| masked(&frame).to_string().into())
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    #[test]
    fn tokens_are_masked_and_other_frames_stay_as_they_are() {
        let frame = r#"{"t":"INTERACTION_CREATE","s":2,"op":0,"d":{"id":"1","token":"secret"}}"#;
        assert_eq!(without_tokens(frame), frame.replace("secret", "[masked]"));
        assert!(!without_tokens(r#"{"d":{"token":"secret"}"#).contains("secret"), "not even when broken off");
        let plain = r#"{"t":"TYPING_START", "d":{}}"#;
        assert_eq!(without_tokens(plain), plain);
    }
}
