//! How commands behave.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Role ids that a command needs, by its qualified name.
pub type RoleRules = BTreeMap<String, Vec<u64>>;

/// Cooldown of commands without one of their own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cooldowns {
    /// Calls within `default_per`, at least 1.
    pub default_rate: u32,
    /// The time they are counted over, at least half a second.
    #[serde(deserialize_with = "fraction")]
    pub default_per: Duration,
}

/// Switches of commands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    /// Commands that do not exist for anybody.
    pub disabled: Vec<String>,
    /// Whether an edited message calls its command again.
    pub edit_tracking: bool,
}

/// Thresholds of the slash command limiter, in commands: 1 to 100, warning and safe limit at most `max_limit`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlashLimiter {
    /// The most that are registered.
    pub max_limit: u32,
    /// From here on a warning is logged.
    pub warning_threshold: u32,
    /// From here on new ones become prefix commands.
    pub safe_limit: u32,
    /// Whether each decision is logged.
    pub debug_mode: bool,
}

/// When answers are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoDelete {
    /// Confirmations after this time, 5 to 15 s; `None` never.
    #[serde(deserialize_with = "zero_is_never")]
    pub success: Option<Duration>,
    /// Error messages after this time, 5 to 15 s; `None` never.
    #[serde(deserialize_with = "zero_is_never")]
    pub error: Option<Duration>,
    /// The message that called the command, with the answer.
    pub invocation: bool,
}

fn zero_is_never<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let seconds = u64::deserialize(from)?;
    Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
}

fn fraction<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(serde::de::Error::custom)
}
