//! Where databases and their backups lie.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Where databases lie.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The folder of all databases, `--data` included; seen from the working directory.
    pub base_path: PathBuf,
    /// The one database of an older installation; only for its import.
    pub path: Option<PathBuf>,
    /// Backups.
    pub backup: Backup,
}

/// When backups are made and for how long they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Time between scheduled ones; `None` makes none.
    #[serde(deserialize_with = "hours")]
    pub interval: Option<Duration>,
    /// How many of each database are kept; 0 is any number.
    pub keep: u32,
    /// Days they are kept, the newest excepted; 0 is for ever.
    pub days: u32,
    /// Whether what changed is backed up when the bot stops.
    pub at_shutdown: bool,
}

fn hours<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let hours = u64::deserialize(from)?;
    Ok((hours > 0).then(|| Duration::from_secs(hours.saturating_mul(3_600))))
}
