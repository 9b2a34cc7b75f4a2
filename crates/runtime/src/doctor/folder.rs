//! Whether the data folder can be written and has room.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::Finding;

pub(super) const SUBJECT: &str = "data folder";

/// Below this the next backup may not fit.
const SCARCE: u64 = 1024 * 1024 * 1024;

/// Below this databases stop working soon.
const FULL: u64 = 100 * 1024 * 1024;

/// What to do about a disk that is full.
const ROOM: &str = "delete what is not needed on that disk, old backups first, or move the folder";

/// What is written to find out whether writing works.
const PROBE: &[u8] = b"cogwright doctor";

pub(super) fn check(folder: &Path) -> Finding {
    match written(folder) {
        Ok((state, place)) => room(&state, fs4::available_space(&place).ok()),
        Err(problem) => problem,
    }
}

/// What can be done with the folder, and the place that decides it; otherwise why it cannot be written.
pub(super) fn written(folder: &Path) -> Result<(String, PathBuf), Finding> {
    let shown = folder.display();
    let exists = folder.exists();
    // A folder that is not there yet is made at the first start, so its parent decides.
    let place = existing(folder);
    if let Err(error) = probe(&place) {
        if place.is_file() {
            let fix = "name a folder with --data or database.base_path in config.json, or move the file away";
            return Err(Finding::problem(
                SUBJECT,
                format!("{shown} cannot be used: {} is a file, not a folder", place.display()),
                fix,
            ));
        }
        let what = if exists { "cannot be written" } else { "is not there and cannot be made" };
        let fix = remedy(error.kind(), &place);
        return Err(Finding::problem(SUBJECT, format!("{shown} {what}: {error}"), fix));
    }
    let state = if exists { "can be written" } else { "is made at the first start" };
    Ok((format!("{shown} {state}"), place))
}

/// Whether so many free bytes are enough; `None` when the system does not say. `folder` says which folder, and what can
/// be done with it.
fn room(folder: &str, free: Option<u64>) -> Finding {
    match free {
        Some(free) if free < FULL => {
            Finding::problem(SUBJECT, format!("{folder}, but only {} are free", size(free)), ROOM)
        }
        Some(free) if free < SCARCE => {
            Finding::warning(SUBJECT, format!("{folder}, but only {} are free", size(free)), ROOM)
        }
        Some(free) => Finding::fine(SUBJECT, format!("{folder}; {} are free", size(free))),
        None => Finding::fine(SUBJECT, format!("{folder}; how much is free, this system does not say")),
    }
}

/// What to do when writing fails like this.
fn remedy(kind: io::ErrorKind, place: &Path) -> String {
    use io::ErrorKind::{NotADirectory, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let place = place.display();
    let other = "name another folder with --data or database.base_path in config.json";
    match kind {
        StorageFull => ROOM.to_owned(),
        QuotaExceeded => format!("this user may not keep more there: {ROOM}"),
        ReadOnlyFilesystem => {
            format!("the disk of {place} is mounted for reading only: mount it for writing, or {other}")
        }
        NotADirectory => format!("move the file {place} away, or {other}"),
        _ => format!("give the user that runs the bot the right to write in {place}, or {other}"),
    }
}

/// The folder itself, or the nearest one above it that exists.
fn existing(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = absolute.ancestors().find(|path| path.exists()).map(Path::to_owned);
    found.unwrap_or(absolute)
}

/// Writes, reads and removes a file of its own.
fn probe(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is no folder"));
    }
    let path = folder.join(format!(".cogwright-doctor-{}", std::process::id()));
    let mut file = File::options().write(true).create_new(true).open(&path)?;
    let written = file.write_all(PROBE).and_then(|()| file.sync_all()).and_then(|()| {
        let mut back = Vec::new();
        File::open(&path)?.read_to_end(&mut back)?;
        if back == PROBE { Ok(()) } else { Err(io::Error::other("what was written reads differently")) }
    });
    drop(file);
    let removed = fs::remove_file(&path);
    written.and(removed)
}

fn size(bytes: u64) -> String {
    const MIB: f64 = 1024.0 * 1024.0;
    let mib = bytes as f64 / MIB;
    if mib < 1024.0 { format!("{mib:.0} MiB") } else { format!("{:.1} GiB", mib / 1024.0) }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_folder_that_can_be_written_is_left_as_it_was() {
        let folder = tempfile::tempdir().expect("can make one");
        let finding = check(folder.path());
        assert_ne!(finding.state, State::Problem, "{finding:?}");
        assert_eq!(fs::read_dir(folder.path()).expect("can be read").count(), 0);
        let later = check(&folder.path().join("a/b"));
        assert!(later.text.contains("first start"), "{}", later.text);
        assert!(!folder.path().join("a").exists());
    }

    #[test]
    fn what_is_no_folder_is_a_problem_with_a_fix() {
        let folder = tempfile::tempdir().expect("can make one");
        let file = folder.path().join("data");
        fs::write(&file, "x").expect("can write");
        let finding = check(&file);
        assert_eq!(finding.state, State::Problem);
        assert!(finding.text.contains("is a file, not a folder"), "{}", finding.text);
        let fix = finding.fix.expect("has one");
        assert!(
            fix.contains("--data") && fix.contains("move the file away") && !fix.contains("right to write"),
            "{fix}"
        );
    }

    #[test]
    fn a_full_disk_is_no_matter_of_rights() {
        let remedy = |kind| remedy(kind, Path::new("/data"));
        assert!(remedy(io::ErrorKind::StorageFull).starts_with("delete what is not needed"));
        assert!(remedy(io::ErrorKind::QuotaExceeded).contains("delete what is not needed"));
        assert!(remedy(io::ErrorKind::ReadOnlyFilesystem).contains("mount it for writing"));
        assert!(remedy(io::ErrorKind::PermissionDenied).contains("the right to write in /data"));
    }

    #[test]
    fn a_disk_without_room_is_a_problem_and_one_with_little_a_warning() {
        let folder = "/data can be written";
        for (free, state, text) in [
            (Some(0), State::Problem, "/data can be written, but only 0 MiB are free"),
            (Some(FULL - 1), State::Problem, "/data can be written, but only 100 MiB are free"),
            (Some(FULL), State::Warning, "/data can be written, but only 100 MiB are free"),
            (Some(SCARCE - 1), State::Warning, "/data can be written, but only 1024 MiB are free"),
            (Some(SCARCE), State::Fine, "/data can be written; 1.0 GiB are free"),
            (None, State::Fine, "/data can be written; how much is free, this system does not say"),
        ] {
            let finding = room(folder, free);
            assert_eq!((finding.state, &*finding.text), (state, text), "{free:?}");
            assert_eq!(finding.fix.is_some(), state != State::Fine, "{free:?}");
        }
    }

    #[test]
    fn sizes_are_readable() {
        assert_eq!((size(52_428_800), size(1_610_612_736)), ("50 MiB".to_owned(), "1.5 GiB".to_owned()));
    }
}
