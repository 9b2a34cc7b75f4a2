//! The validated settings, one type a section. Names and defaults are those of the registry; a test there
//! holds the two together.

mod commands;
mod connection;
mod features;
mod operation;
mod status;
mod storage;
mod theme;

use serde::{Deserialize, Deserializer};

use crate::secret::Secret;
use crate::values::Values;

pub use commands::{AutoDelete, Commands, Cooldowns, RoleRules, SlashLimiter};
pub use connection::{Rest, Sharding};
pub use features::{
    Assistant, BackupRestore, Diagnostics, Extensions, Framework, ShardManager, ShardMonitor,
};
pub(crate) use operation::headers;
pub use operation::{Health, Level, Logging, Telemetry};
pub use status::{Activity, Presence, Status, StatusEntry};
pub use storage::{Backup, Database};
pub use theme::{Bar, Colours, Emoji, Theme};

/// Everything the bot can be told, validated. `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The bot's token, without `Bot ` before it.
    pub token: Secret,
    /// BOT_OWNER_ID. Without it the owner of the application is taken.
    pub owner: Option<u64>,
    /// What a message begins with to be read as a command: 1 to [`MAX_PREFIX`](crate::MAX_PREFIX) characters.
    pub prefix: String,
    /// Whether a mention of the bot works like the prefix.
    pub allow_mention_prefix: bool,
    /// User ids of further bot owners.
    pub owner_ids: Vec<u64>,
    /// Whether owner, admins and developers of the application's team count as bot owners.
    pub team_owners: bool,
    /// Whether extensions are loaded again when their files change.
    pub auto_reload: bool,
    /// What Discord shows under the bot's name.
    pub status: Status,
    /// Cooldown of commands without one of their own.
    pub cooldowns: Cooldowns,
    /// Roles that a command needs, in all guilds.
    pub command_permissions: RoleRules,
    /// Switches of commands.
    pub commands: Commands,
    /// Thresholds of the slash command limiter.
    pub slash_limiter: SlashLimiter,
    /// When answers are deleted.
    pub auto_delete: AutoDelete,
    /// Where databases and their backups lie.
    pub database: Database,
    /// How much is logged, and for how long it is kept.
    pub logging: Logging,
    /// The health listener.
    pub health: Health,
    /// Traces.
    pub telemetry: Telemetry,
    /// Which shards run here.
    pub sharding: Sharding,
    /// Limits of requests.
    pub rest: Rest,
    /// Which parts of the framework are loaded.
    pub framework: Framework,
    /// Which extensions are loaded.
    pub extensions: Extensions,
    /// Colours and emoji.
    pub theme: Theme,
    /// The shard monitor, to come.
    pub shard_monitor: ShardMonitor,
    /// Several processes, to come.
    pub shard_manager: ShardManager,
    /// Backup and restore of guilds, to come.
    pub backup_restore: BackupRestore,
    /// Diagnostics, to come.
    pub diagnostics: Diagnostics,
    /// The assistant, to come.
    pub assistant: Assistant,
}

impl Settings {
    /// Settings for a bot whose token is known already, all else at its default.
    pub fn with_token(token: impl Into<Secret>) -> Self {
        let mut values = Values::defaults();
        // Stands in until the line below; an unset token is none.
        values.set("token", String::new().into());
        let mut settings = values
            .settings()
            .unwrap_or_else(|error| unreachable!("the registry's defaults do not fit the settings: {error}"));
        settings.token = token.into();
        settings
    }

    /// All secrets, for whoever keeps them out of logs.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let others = [&self.shard_manager.secret, &self.assistant.api_key, &self.telemetry.headers];
        std::iter::once(&self.token).chain(others.into_iter().flatten())
    }
}

/// Whole seconds, for `Duration` fields.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<std::time::Duration, D::Error> {
    u64::deserialize(from).map(std::time::Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key of the registry has a field, every field a key, and every default fits.
    #[test]
    fn the_registry_and_the_settings_are_the_same() {
        let settings = Settings::with_token("a.b.c");
        assert_eq!(settings.token.expose(), "a.b.c");
        assert_eq!((settings.prefix.as_str(), settings.owner), ("!", None));
        assert_eq!((settings.theme.emoji.success.as_str(), settings.theme.colours.info), ("✅", 0x5865f2));
    }
}
