//! What is wrong with a configuration, said so that the operator can put it right.

use std::fmt;

use crate::secret::masked;

/// One thing that is wrong, or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting it is about, as it is written there: `status.interval`, `DISCORD_TOKEN`. Empty when it is
    /// about a file as a whole.
    pub setting: String,
    /// Where it was written, or where it was looked for: `config.json:12:17`.
    pub place: String,
    /// What is wrong with it. Never holds a secret.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// Puts one together. Whatever is shaped like a token is taken out of every part of it.
    pub fn new(
        setting: impl Into<String>,
        place: impl fmt::Display,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let clean = |text: String| masked(&text).into_owned();
        Self {
            setting: clean(setting.into()),
            place: clean(place.to_string()),
            what: clean(what.into()),
            remedy: clean(remedy.into()),
        }
    }

    /// In one line, for a log.
    pub fn line(&self) -> String {
        let Self { setting, place, what, remedy } = self;
        let gap = if setting.is_empty() || place.is_empty() { "" } else { " " };
        let stop = if what.ends_with(['.', '!', '?']) { "" } else { "." };
        format!("{place}{gap}{setting}: {what}{stop} {remedy}")
    }
}

/// In three lines, indented, for a terminal.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, place, what, remedy } = self;
        let gap = if setting.is_empty() || place.is_empty() { "" } else { "  " };
        write!(f, "  {place}{gap}{setting}\n    {what}\n    -> {remedy}")
    }
}

/// Everything that is wrong, found in one pass; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    /// The problems: files first, then in the order of the registry.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("the configuration has a problem; nothing was changed")?,
            n => write!(f, "the configuration has {n} problems; nothing was changed")?,
        }
        for problem in &self.0 {
            write!(f, "\n\n{problem}")?;
        }
        f.write_str("\n")
    }
}

impl std::error::Error for Problems {}
