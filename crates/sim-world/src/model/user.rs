//! Users: people and bots.

use serde::{Deserialize, Serialize};

use crate::UserId;

/// A person or a bot user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Unique name, 2 to 32 characters.
    pub username: String,
    /// Display name.
    pub global_name: Option<String>,
    /// Four digits for bots, "0" for people.
    pub discriminator: String,
    /// Avatar hash; the CDN draws an image from it.
    pub avatar: Option<String>,
    /// Banner hash.
    #[serde(default)]
    pub banner: Option<String>,
    /// Whether it is an application's user.
    pub bot: bool,
    /// Whether strangers who share a guild may open a DM; off: 50007.
    pub dms_open: bool,
    /// Presence.
    pub status: Status,
    /// Activities, as the gateway shows them.
    pub activities: Vec<serde_json::Value>,
}

impl User {
    /// A person's mail address, which nobody reads: the username at `example.org`, and the id beside it where the
    /// name has letters that an address has not. Bots have none.
    pub fn email(&self) -> Option<String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        let name: String = self.username.chars().filter(|c| plain(*c)).collect();
        let rest = if name == self.username { String::new() } else { format!("+{}", self.id) };
        (!self.bot).then(|| format!("{name}{rest}@example.org"))
    }
}

/// Presence status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Online.
    Online,
    /// Idle.
    Idle,
    /// Do not disturb.
    Dnd,
    /// Invisible or not connected.
    #[default]
    Offline,
}
