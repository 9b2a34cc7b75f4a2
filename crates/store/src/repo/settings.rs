//! A guild's settings: `prefix`, `mention_prefix_enabled` and whatever else a guild may choose.

use std::collections::BTreeMap;

use super::audit::Actor;
use super::change::in_guild;
use super::guild::Guild;
use super::key_value::{GUILD, check};
use crate::StoreError;
use crate::time::Millis;

/// Keys of the specification.
impl Settings {
    /// The guild's prefix.
    pub const PREFIX: &str = "prefix";
    /// Whether a mention of the bot is a prefix: `1` or `0`.
    pub const MENTION_PREFIX: &str = "mention_prefix_enabled";
}

/// `guild_settings` of one guild. Every change is written down in the audit table.
#[derive(Clone, Debug)]
pub struct Settings {
    guild: Guild,
}

impl Settings {
    pub(crate) fn new(guild: Guild) -> Self {
        Self { guild }
    }

    /// One value; none if the guild has not set it.
    pub async fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.guild.read(move |db| GUILD.get(db, &key)).await
    }

    /// All that the guild has set.
    pub async fn all(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.guild.read(|db| GUILD.all(db)).await
    }

    /// Sets a value and writes down who did. Answers with the value before. Survives a power cut once answered.
    pub async fn set(
        &self,
        key: &str,
        value: impl Into<String>,
        actor: &Actor,
    ) -> Result<Option<String>, StoreError> {
        self.change(key, Some(value.into()), actor).await
    }

    /// Takes a value back and writes down who did. Answers with the value before.
    pub async fn remove(&self, key: &str, actor: &Actor) -> Result<Option<String>, StoreError> {
        if self.get(key).await?.is_none() {
            // A guild that never set anything gets no file by taking something back.
            return Ok(None);
        }
        self.change(key, None, actor).await
    }

    async fn change(
        &self,
        key: &str,
        new: Option<String>,
        actor: &Actor,
    ) -> Result<Option<String>, StoreError> {
        check(key, new.as_deref())?;
        let (key, at) = (key.to_owned(), Millis::from(self.guild.store().now()));
        in_guild(&self.guild, actor, move |db| GUILD.change(db, key, new, at)).await
    }
}
