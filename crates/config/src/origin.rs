//! Where a value comes from.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from. The order is the order of precedence: a later one wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The settings file.
    File {
        /// The file as it was named.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The `.env` file.
    DotEnv {
        /// The file as it was named.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The environment of the process.
    Environment,
    /// An argument, such as `--data`.
    CommandLine,
    /// A command in chat; kept in `main.db`.
    Command,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } | Self::DotEnv { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::CommandLine => f.write_str("command line"),
            Self::Command => f.write_str("set by a command (main.db)"),
        }
    }
}
