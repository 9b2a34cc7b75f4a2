//! Bans of a guild. See Discord docs: Guild / Ban Object.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// That somebody may not join a guild. Whose ban it is says the key it is kept under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// Why, up to 512 characters.
    pub reason: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// They were no member when they were banned; there is a limit to how many such are banned in a day.
    pub stranger: bool,
}
