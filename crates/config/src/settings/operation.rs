//! What an operator sees of the running bot.

use std::net::SocketAddr;

use serde::Deserialize;

/// How much is logged, and for how long it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logging {
    /// The least severe level that is logged.
    pub level: Level,
    /// Bytes at which a file is put aside, at least 1,024.
    pub max_bytes: u64,
    /// How many files that were put aside are kept, at most 50.
    pub backup_count: u32,
    /// Days that they are kept.
    pub days: u32,
    /// Whether lines are JSON.
    pub json: bool,
    /// COGWRIGHT_LOG: a level or a filter in the syntax of `tracing`, instead of `level`.
    pub filter: Option<String>,
}

/// The specification's levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "their names say it")]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

impl Level {
    /// Its name, as config.json writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

/// The health listener.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Where it listens; `None` is off.
    pub listen: Option<SocketAddr>,
}

/// Traces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// The collector, http or https, without user information; `None` is off.
    pub otlp: Option<String>,
}
