//! Where long cooldowns are kept so that a restart does not end them.

use std::time::SystemTime;

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use super::{Scope, Whose};
use crate::policy::PolicyError;

/// A cooldown that is under way, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCooldown {
    /// What is counted: a command or a shared bucket, with its time. At most 200 characters.
    pub bucket: String,
    /// What it counts by. With the ids below it says whose uses are counted together.
    pub scope: Scope,
    /// The person: of [`Scope::User`], and of the other two in direct messages, which are a person's own.
    pub user: Option<Id<UserMarker>>,
    /// The guild: of [`Scope::Guild`], and the one that the channel of [`Scope::Channel`] is in.
    pub guild: Option<Id<GuildMarker>>,
    /// The channel of [`Scope::Channel`].
    pub channel: Option<Id<ChannelMarker>>,
    /// Uses so far.
    pub used: u32,
    /// When the first of them was.
    pub began: SystemTime,
    /// When it is over. What lies in the past may be dropped.
    pub ends: SystemTime,
}

impl SavedCooldown {
    /// The id that is counted by; none if the entry says of nobody whose it is.
    pub(super) fn counted(&self) -> Option<u64> {
        match self.scope {
            Scope::User => self.user.map(Id::get),
            Scope::Guild => self.guild.map(Id::get).or(self.user.map(Id::get)),
            Scope::Channel => self.channel.map(Id::get),
            Scope::Global => Some(0),
        }
    }

    pub(super) fn whose(&self) -> Whose {
        Whose { user: self.user, guild: self.guild }
    }
}

/// Keeps cooldowns of more than a minute over restarts. The runtime implements it over its database.
///
/// Losing an entry lets somebody run a command early and is no disaster: failures are logged and tried again with the
/// next change, they stop nothing.
pub trait CooldownJournal: Send + Sync + 'static {
    /// All that is kept and has not ended; at most `limit`, those that end last.
    fn load(&self, limit: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>>;

    /// Inserts or replaces what has the same bucket, scope and ids. At most 1,000 at once. Has to end by itself within seconds.
    fn save(&self, changed: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>>;
}

/// Keeps nothing: every restart ends all cooldowns. For tests, and for bots without a data folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoJournal;

impl CooldownJournal for NoJournal {
    fn load(&self, _: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn save(&self, _: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
