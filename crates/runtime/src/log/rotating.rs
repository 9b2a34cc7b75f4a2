//! A file that is moved aside when it is full: `x.log`, `x.log.1` (the newest) to `x.log.N`.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A log file of bounded size. Rotates between lines: each `write` is one whole line or more.
#[derive(Debug)]
pub(crate) struct Rotating {
    path: PathBuf,
    /// Closed only while it is being moved: Windows cannot rename an open file.
    file: Option<File>,
    size: u64,
    max: u64,
    keep: u32,
}

/// Whether what a file already holds stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Append,
    Empty,
    /// It stays, and a file that is not there is made with the first line.
    WhenNeeded,
}

impl Rotating {
    /// Opens `path`, which then holds at most `max` bytes and has at most `keep` older files.
    pub(crate) fn open(path: PathBuf, max: u64, keep: u32, start: Start) -> io::Result<Self> {
        if start == Start::Empty {
            File::create(&path)?;
        }
        if start == Start::WhenNeeded && !path.exists() {
            return Ok(Self { path, file: None, size: 0, max, keep });
        }
        let file = append(&path)?;
        let size = file.metadata()?.len();
        Ok(Self { path, file: Some(file), size, max, keep })
    }

    fn older(&self, number: u32) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(format!(".{number}"));
        PathBuf::from(name)
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.file = None;
        if self.keep == 0 {
            File::create(&self.path)?;
        } else {
            for number in (1..self.keep).rev() {
                let from = self.older(number);
                if from.exists() {
                    std::fs::rename(from, self.older(number + 1))?;
                }
            }
            std::fs::rename(&self.path, self.older(1))?;
        }
        self.file = Some(append(&self.path)?);
        self.size = 0;
        Ok(())
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

impl Write for Rotating {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.size > 0 && self.size.saturating_add(line.len() as u64) > self.max {
            // A log that cannot be moved aside goes on in the same file: too long beats lost.
            let _ = self.rotate();
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(append(&self.path)?),
        };
        file.write_all(line)?;
        self.size += line.len() as u64;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<(String, String)> {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn full_files_move_aside_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Rotating::open(folder.path().join("x.log"), 8, 2, Start::Append).unwrap();
        for line in ["one\n", "two\n", "three\n", "four\n", "five\n"] {
            log.write_all(line.as_bytes()).unwrap();
        }
        let held = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            files(folder.path()),
            [held("x.log", "five\n"), held("x.log.1", "four\n"), held("x.log.2", "three\n")]
        );
    }

    #[test]
    fn a_later_start_goes_on_or_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        for (start, held) in [(Start::Append, "a\n"), (Start::Append, "a\na\n"), (Start::Empty, "a\n")] {
            let mut log = Rotating::open(path.clone(), 100, 1, start).unwrap();
            log.write_all(b"a\n").unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), held);
        }
        // What was there counts: the next line does not fit.
        let mut log = Rotating::open(path, 3, 1, Start::Append).unwrap();
        log.write_all(b"b\n").unwrap();
        assert_eq!(files(folder.path()).len(), 2);
    }

    #[test]
    fn a_file_that_cannot_be_moved_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.log");
        let mut log = Rotating::open(path.clone(), 3, 1, Start::Append).unwrap();
        log.write_all(b"a\n").unwrap();
        // A folder that is not empty is in the way.
        std::fs::create_dir_all(folder.path().join("x.log.1/full")).unwrap();
        log.write_all(b"b\n").unwrap();
        log.write_all(b"c\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a\nb\nc\n");
    }
}
