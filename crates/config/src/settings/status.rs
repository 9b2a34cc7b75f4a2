//! What Discord shows under the bot's name.

use std::time::Duration;

use serde::Deserialize;

/// What Discord shows under the bot's name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The kind of activity of the single status.
    #[serde(rename = "type")]
    pub kind: Activity,
    /// The text of the single status, variables not yet replaced; at most 128 characters.
    pub text: String,
    /// The dot of the single status.
    pub presence: Presence,
    /// Statuses shown in turn; empty means the single one.
    pub statuses: Vec<StatusEntry>,
    /// Time until the next status, at least 15 s.
    #[serde(deserialize_with = "super::seconds")]
    pub interval: Duration,
    /// Whether each change is logged.
    pub log_status_updates: bool,
}

/// One status of the rotation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusEntry {
    /// The kind of activity.
    #[serde(rename = "type")]
    pub kind: Activity,
    /// The text, variables not yet replaced.
    pub text: String,
    /// The dot beside the name.
    pub presence: Presence,
}

/// Kinds of activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are Discord's words")]
pub enum Activity {
    Playing,
    Watching,
    Listening,
    Competing,
    Streaming,
    Custom,
}

/// The dot beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are Discord's words")]
pub enum Presence {
    Online,
    Dnd,
    Idle,
    Invisible,
}

impl Status {
    /// The statuses to show in turn; never empty.
    pub fn rotation(&self) -> Vec<StatusEntry> {
        if self.statuses.is_empty() {
            vec![StatusEntry { kind: self.kind, text: self.text.clone(), presence: self.presence }]
        } else {
            self.statuses.clone()
        }
    }
}
