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
