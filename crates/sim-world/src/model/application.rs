//! Applications and their commands.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ApplicationId, CommandId, GuildId, OAuth2Client, UserId};

/// An application with a bot user of the same id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Application {
    /// Id, also of the bot user.
    pub id: ApplicationId,
    /// Name.
    pub name: String,
    /// Description, up to 400 characters.
    pub description: String,
    /// Who created it.
    pub owner: UserId,
    /// Bot token: base64 of the id, then two more parts. Never rendered.
    pub token: String,
    /// Privileged intents switched on in the portal, as intent bits.
    pub privileged_intents: u64,
    /// Whether anybody may add it.
    pub public: bool,
    /// Up to 5 tags.
    pub tags: Vec<String>,
    /// Identifies at once per 5 s.
    pub max_concurrency: u32,
    /// Session starts per 24 h.
    pub session_starts: u32,
    /// 64 hex digits.
    pub verify_key: String,
    /// Icon hash.
    #[serde(default)]
    pub icon: Option<String>,
    /// Settings kept as they were given, by the name the API answers them under (`install_params`,
    /// `custom_install_url`, ...); at most one entry per such name.
    #[serde(default)]
    pub settings: serde_json::Map<String, Value>,
    /// What it is to OAuth2.
    #[serde(default)]
    pub oauth2: OAuth2Client,
}

impl Application {
    /// Where it can be installed: 0 for guilds, 1 for people; both unless its settings say otherwise, as for a new
    /// application on Discord.
    pub fn integration_types(&self) -> Vec<u64> {
        let config = self.settings.get("integration_types_config").and_then(Value::as_object);
        let on = |n: &u64| {
            config.is_none_or(|config| config.get(&n.to_string()).is_some_and(|value| !value.is_null()))
        };
        [0, 1].into_iter().filter(on).collect()
    }
}

/// What kind of command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum CommandKind {
    /// Slash command.
    ChatInput = 1,
    /// User context menu.
    User = 2,
    /// Message context menu.
    Message = 3,
}

impl CommandKind {
    /// From the wire's number.
    pub fn from_number(n: u64) -> Option<Self> {
        [Self::ChatInput, Self::User, Self::Message].into_iter().find(|k| *k as u64 == n)
    }
}

/// A registered command.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Command {
    /// Id; stays over overwrites with the same name, kind and scope.
    pub id: CommandId,
    /// Whose.
    pub application: ApplicationId,
    /// Guild scope, or global.
    pub guild: Option<GuildId>,
    /// Kind.
    pub kind: CommandKind,
    /// Name.
    pub name: String,
    /// Rises with every change (a snowflake).
    pub version: u64,
    /// The validated, normalised body as the API answers it (with id, application_id, version and so on).
    pub body: Value,
}
