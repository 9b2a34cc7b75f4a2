//! Writes `config.json` when there is none, and its schema beside it. Never touches a `config.json` that exists.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::generate::{default_file, schema};
use crate::load::Sources;

/// The name of the schema's file.
pub(crate) const SCHEMA_FILE: &str = "config.schema.json";

/// What was written, and what could not be.
#[derive(Debug, Default)]
pub struct Written {
    /// New files.
    pub files: Vec<PathBuf>,
    /// Files that could not be written, and why; a bot runs without them.
    pub failed: Vec<(PathBuf, io::Error)>,
}

impl Sources {
    /// Writes the settings file with all defaults if there is none, and the schema beside it if it is missing
    /// or of another version. Failing is no reason not to run: a read-only folder is an honest choice.
    pub fn write_missing(&self) -> Written {
        let mut written = Written::default();
        let mut note = |path: PathBuf, outcome: io::Result<bool>| match outcome {
            Ok(true) => written.files.push(path),
            Ok(false) => {}
            Err(error) => written.failed.push((path, error)),
        };
        note(self.config.clone(), create(&self.config, &default_file()));
        let beside = self.config.with_file_name(SCHEMA_FILE);
        let outcome = refresh(&beside, &schema());
        note(beside, outcome);
        written
    }
}

/// Creates a file with this text in one step; `false` when there is one already, whatever it is.
fn create(path: &Path, text: &str) -> io::Result<bool> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(false);
    }
    let beside = fresh(path, text)?;
    // A link never replaces anything, a rename would. Where there are no links, the name is taken first.
    let outcome = match fs::hard_link(&beside, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(_) => directly(path, text),
    };
    // A leftover would only be untidy.
    let _ = fs::remove_file(&beside);
    outcome
}

fn directly(path: &Path, text: &str) -> io::Result<bool> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => fill(&mut file, text).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Brings a generated file up to date; `false` when it was.
fn refresh(path: &Path, text: &str) -> io::Result<bool> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(false);
    }
    let beside = fresh(path, text)?;
    let outcome = fs::rename(&beside, path);
    if outcome.is_err() {
        let _ = fs::remove_file(&beside);
    }
    outcome.map(|()| true)
}

/// A whole, durable file under a name of its own in the same folder.
fn fresh(path: &Path, text: &str) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let mut file = File::create(&beside)?;
    match fill(&mut file, text) {
        Ok(()) => Ok(beside),
        Err(error) => {
            drop(file);
            let _ = fs::remove_file(&beside);
            Err(error)
        }
    }
}

fn fill(file: &mut File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(folder: &Path) -> Sources {
        Sources { config: folder.join("config.json"), env: folder.join(".env"), ..Sources::default() }
    }

    #[test]
    fn files_are_written_once_and_only_if_missing() {
        let folder = tempfile::tempdir().expect("can make a folder");
        let sources = sources(folder.path());
        let written = sources.write_missing();
        assert_eq!(written.files.len(), 2, "{written:?}");
        assert_eq!(fs::read_to_string(&sources.config).expect("is there"), default_file());
        assert!(sources.write_missing().files.is_empty());

        fs::write(&sources.config, "{broken").expect("can write");
        fs::write(folder.path().join(SCHEMA_FILE), "old").expect("can write");
        assert_eq!(sources.write_missing().files, [folder.path().join(SCHEMA_FILE)]);
        assert_eq!(fs::read_to_string(&sources.config).expect("is there"), "{broken");
        assert_eq!(fs::read_dir(folder.path()).expect("can list").count(), 2, "nothing is left over");
    }

    #[test]
    fn a_folder_that_is_not_there_is_said_and_no_failure() {
        let folder = tempfile::tempdir().expect("can make a folder");
        let written = sources(&folder.path().join("none")).write_missing();
        assert_eq!((written.files.len(), written.failed.len()), (0, 2));
    }
}
