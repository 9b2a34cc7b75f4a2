//! The `.env` file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::problem::{Problem, Problems};
use crate::source::Environment;

/// Larger than any sensible `.env`; a bigger file is something else by mistake.
const MAX_BYTES: u64 = 256 * 1024;

/// The content of a `.env` file, read without changing the environment of the process.
#[derive(Clone, Debug, Default)]
pub struct DotEnv {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

impl DotEnv {
    /// Reads `path`; a file that does not exist is an empty one.
    ///
    /// # Errors
    /// When the file cannot be read or is not in the form `NAME=value`. The message gives the
    /// place, never the content.
    pub fn read(path: impl Into<PathBuf>) -> Result<Self, Problems> {
        let path = path.into();
        let problem = |what: String, remedy: &str| {
            Problems(vec![Problem {
                setting: "settings",
                place: format!("the file {}", path.display()),
                what,
                remedy: remedy.to_owned(),
            }])
        };
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self { path, ..Self::default() });
            }
            Ok(meta) if meta.len() > MAX_BYTES => {
                return Err(problem(
                    format!("is larger than {MAX_BYTES} bytes"),
                    "Give it one NAME=value per line.",
                ));
            }
            _ => {}
        }
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let remedy = match error.kind() {
                ErrorKind::InvalidData => "Save it as plain text in UTF-8.",
                ErrorKind::IsADirectory => "Make it a file with one NAME=value per line, or remove it.",
                _ => "Check who may read it.",
            };
            problem(format!("cannot be read ({error})"), remedy)
        })?;
        Self::parse(&path, &text)
    }

    /// Reads the text of a `.env` file; `path` only serves for messages.
    ///
    /// # Errors
    /// When a line is not of the form `NAME=value`; all such lines at once.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Problems> {
        let mut values = BTreeMap::new();
        let mut problems = Vec::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            // Line by line, so that the message can name the line without showing what it holds.
            match dotenvy::from_read_iter(line.as_bytes()).next() {
                None => {}
                Some(Ok((name, value))) => {
                    values.insert(name, value);
                }
                Some(Err(_)) => problems.push(Problem {
                    setting: "settings",
                    place: format!("the file {}, line {}", path.display(), index + 1),
                    what: "is not of the form NAME=value".to_owned(),
                    remedy: "Put values with spaces or # in single quotes, and comments behind #.".to_owned(),
                }),
            }
        }
        if problems.is_empty() { Ok(Self { path: path.to_owned(), values }) } else { Err(Problems(problems)) }
    }
}

impl Environment for DotEnv {
    fn get(&self, name: &str) -> Option<(String, String)> {
        let value = self.values.get(name)?;
        Some((value.clone(), self.places()))
    }

    fn places(&self) -> String {
        format!("the file {}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DotEnv, Problems> {
        DotEnv::parse(Path::new(".env"), text)
    }

    #[test]
    fn reads_quotes_comments_and_export() {
        let env = parse("# a bot\n\nexport A=1\nB='x # y'\nC=\"z\"  # last\r\n").expect("is valid");
        let get = |name| env.get(name).map(|found| found.0);
        assert_eq!(get("A").as_deref(), Some("1"));
        assert_eq!(get("B").as_deref(), Some("x # y"));
        assert_eq!(get("C").as_deref(), Some("z"));
        assert_eq!(get("D"), None);
    }

    #[test]
    fn names_every_bad_line_and_shows_none() {
        let problems = parse("A=1\nsecret words here\nB=2\nmore secret\n").expect_err("is not");
        let text = problems.to_string();
        assert_eq!(problems.iter().count(), 2);
        assert!(text.contains("line 2") && text.contains("line 4"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn a_missing_file_is_an_empty_one() {
        let env = DotEnv::read("/nonexistent/.env").expect("is empty");
        assert_eq!(env.get("A"), None);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_said() {
        let problems = DotEnv::read("/").expect_err("a folder is no file");
        let text = problems.to_string();
        assert!(text.contains("the file /") && text.contains("Make it a file"), "{text}");
    }

    #[test]
    fn a_file_that_is_no_text_is_said_without_its_content() {
        let folder = tempfile::tempdir().expect("can make a folder");
        let path = folder.path().join(".env");
        std::fs::write(&path, b"DISCORD_TOKEN=hunter2\xff\n").expect("can write");
        let text = DotEnv::read(path).expect_err("is no text").to_string();
        assert!(text.contains("UTF-8") && !text.contains("hunter2"), "{text}");
    }
}
