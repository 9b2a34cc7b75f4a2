//! What we remember of Discord's state: guilds, roles, channels and the bot itself.
//!
//! Enough for permission checks and for looking things up by name. Members other than the bot
//! are not kept: they are most of the memory and every event carries those it is about. Who was seen within
//! the last minute is remembered, within bounds.
//!
//! The budget is 20 KiB for a guild of 20 channels and 15 roles; `tests/cache_size.rs` holds it.

mod apply;
mod codec;
mod members;
mod model;
mod permissions;
mod snapshot;
mod table;

pub use members::KnownMember;
pub use model::{CachedChannel, CachedGuild, CachedMember, CachedRole, Me};
pub use permissions::{channel_permissions, guild_permissions};
pub use snapshot::{Snapshot, SnapshotError};
pub use table::{Keyed, Table};

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::SystemTime;

use twilight_gateway::{Event, EventTypeFlags};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use members::Members;

/// Guilds kept at most. A process that serves more needs more processes anyway; further guilds
/// are not remembered, which a log line says.
pub const MAX_GUILDS: usize = 50_000;

/// Channels and threads kept per guild. Discord allows 500 channels and 1,000 active threads.
pub(crate) const MAX_CHANNELS: usize = 2_000;

/// Roles kept per guild. Discord allows 250.
pub(crate) const MAX_ROLES: usize = 500;

/// A bounded memory of Discord's state, fed by events. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    state: Arc<RwLock<State>>,
    members: Arc<Members>,
}

#[derive(Debug, Default)]
struct State {
    me: Option<Arc<Me>>,
    guilds: HashMap<Id<GuildMarker>, Arc<CachedGuild>>,
    /// Guilds that the bot is in but that Discord cannot serve now, or has not sent yet.
    out: HashSet<Id<GuildMarker>>,
    /// The guild of every kept channel and thread.
    homes: HashMap<Id<ChannelMarker>, Id<GuildMarker>>,
}

impl Cache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// The events that the cache lives on.
    pub fn wanted() -> EventTypeFlags {
        EventTypeFlags::READY
            | EventTypeFlags::USER_UPDATE
            | EventTypeFlags::GUILD_CREATE
            | EventTypeFlags::GUILD_UPDATE
            | EventTypeFlags::GUILD_DELETE
            | EventTypeFlags::UNAVAILABLE_GUILD
            | EventTypeFlags::ROLE_CREATE
            | EventTypeFlags::ROLE_UPDATE
            | EventTypeFlags::ROLE_DELETE
            | EventTypeFlags::CHANNEL_CREATE
            | EventTypeFlags::CHANNEL_UPDATE
            | EventTypeFlags::CHANNEL_DELETE
            | EventTypeFlags::THREAD_CREATE
            | EventTypeFlags::THREAD_UPDATE
            | EventTypeFlags::THREAD_DELETE
            | EventTypeFlags::THREAD_LIST_SYNC
            | EventTypeFlags::MEMBER_ADD
            | EventTypeFlags::MEMBER_UPDATE
            | EventTypeFlags::MEMBER_REMOVE
    }

    /// Takes note of an event; others than [`wanted`](Cache::wanted) change nothing. Answers whether a
    /// snapshot taken before is out of date now.
    pub fn update(&self, event: &Event) -> bool {
        self.members.note(event);
        // Most events concern nothing that is kept; readers need not wait for them.
        apply::concerns(event) && apply::apply(&mut self.write(), event)
    }

    /// Somebody whom an event has shown within the last minute; `None` says nothing about who is a member.
    pub fn member(&self, guild: Id<GuildMarker>, user: Id<UserMarker>) -> Option<Arc<KnownMember>> {
        self.members.get(guild, user)
    }

    /// The bot itself; `None` until the first READY.
    pub fn me(&self) -> Option<Arc<Me>> {
        self.read().me.clone()
    }

    /// A guild as it stood at this moment; `None` when it is unknown or out of order.
    pub fn guild(&self, id: Id<GuildMarker>) -> Option<Arc<CachedGuild>> {
        self.read().guilds.get(&id).cloned()
    }

    /// The guild that a channel or thread belongs to.
    pub fn guild_of(&self, channel: Id<ChannelMarker>) -> Option<Arc<CachedGuild>> {
        let state = self.read();
        let guild = state.homes.get(&channel)?;
        state.guilds.get(guild).cloned()
    }

    /// A channel or thread of a guild.
    pub fn channel(&self, id: Id<ChannelMarker>) -> Option<CachedChannel> {
        self.guild_of(id)?.channels.get(&id).cloned()
    }

    /// How many guilds are known.
    pub fn guild_count(&self) -> usize {
        self.read().guilds.len()
    }

    /// Members of the known guilds; who is in two counts twice.
    pub fn member_count(&self) -> u64 {
        self.read().guilds.values().map(|guild| guild.member_count).sum()
    }

    /// Ids of the known guilds, in no order.
    pub fn guild_ids(&self) -> Vec<Id<GuildMarker>> {
        self.read().guilds.keys().copied().collect()
    }

    /// Ids of guilds that the bot is in but that Discord cannot serve now, or has announced and not sent yet.
    pub fn unavailable_ids(&self) -> Vec<Id<GuildMarker>> {
        self.read().out.iter().copied().collect()
    }

    /// What `member` may do in a channel or thread of `guild` at the time `now`; `None` when
    /// guild or channel are unknown.
    pub fn permissions(
        &self,
        guild: Id<GuildMarker>,
        channel: Id<ChannelMarker>,
        member: &CachedMember,
        now: SystemTime,
    ) -> Option<Permissions> {
        channel_permissions(&*self.guild(guild)?, channel, member, now)
    }

    /// What the bot may do in a channel or thread of `guild` at the time `now`.
    pub fn own_permissions(
        &self,
        guild: Id<GuildMarker>,
        channel: Id<ChannelMarker>,
        now: SystemTime,
    ) -> Option<Permissions> {
        let guild = self.guild(guild)?;
        channel_permissions(&guild, channel, guild.me.as_ref()?, now)
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The shard that a guild's events come over; those of direct messages (`None`) come over the first. See Discord docs:
/// Gateway / Sharding.
pub fn shard_of(guild: Option<Id<GuildMarker>>, shards: u32) -> u32 {
    guild.map_or(0, |guild| ((guild.get() >> 22) % u64::from(shards.max(1))) as u32)
}

#[cfg(test)]
mod tests;
