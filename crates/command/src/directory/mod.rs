//! What a command needs to know about guilds, asked of whoever keeps it.

mod cached;
mod standing;

use futures_util::future::BoxFuture;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, RoleMarker, UserMarker};

pub use self::cached::CacheDirectory;
pub use self::standing::{Above, Cause, Lack, Needs, Standing, Target};

use crate::args::{Channel, Role, User};
use crate::policy::RoleFacts;

/// How something is named in a line of chat: by id or mention, or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Query<'a> {
    /// Its snowflake.
    Id(u64),
    /// Its name, compared without regard to case.
    Name(&'a str),
}

/// Finds people, roles and channels, and knows what somebody may do where.
///
/// Everything but [`user`](Self::user) answers from memory.
pub trait Directory: Send + Sync + 'static {
    /// A person: a member of the guild, or anybody when the query is an id. May ask Discord.
    fn user<'a>(&'a self, guild: Option<Id<GuildMarker>>, query: Query<'a>) -> BoxFuture<'a, Option<User>>;

    /// A role of the guild.
    fn role(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Option<Role>;

    /// A channel or thread of the guild.
    fn channel(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Option<Channel>;

    /// What a member with these roles may do in the channel; `None` when too little is known.
    fn permissions(
        &self,
        guild: Id<GuildMarker>,
        channel: Id<ChannelMarker>,
        user: Id<UserMarker>,
        roles: &[Id<RoleMarker>],
    ) -> Option<Permissions>;

    /// What the bot itself may do in the channel; `None` when too little is known.
    fn own_permissions(&self, guild: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<Permissions>;

    /// The guild's owner; `None` when it is not known.
    fn owner(&self, _guild: Id<GuildMarker>) -> Option<Id<UserMarker>> {
        None
    }

    /// All roles of the guild, @everyone among them, in no order; empty when it is not known.
    fn roles(&self, _guild: Id<GuildMarker>) -> Vec<RoleFacts> {
        Vec::new()
    }

    /// What stands between the bot and something it wants to do; `None` when too little is known.
    fn standing(&self, _guild: Id<GuildMarker>, _needs: &Needs) -> Option<Standing> {
        None
    }
}

/// Knows nothing. For tests, and for bots that keep no cache.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyDirectory;

impl Directory for EmptyDirectory {
    fn user<'a>(&'a self, _: Option<Id<GuildMarker>>, _: Query<'a>) -> BoxFuture<'a, Option<User>> {
        Box::pin(std::future::ready(None))
    }

    fn role(&self, _: Id<GuildMarker>, _: Query<'_>) -> Option<Role> {
        None
    }

    fn channel(&self, _: Id<GuildMarker>, _: Query<'_>) -> Option<Channel> {
        None
    }

    fn permissions(
        &self,
        _: Id<GuildMarker>,
        _: Id<ChannelMarker>,
        _: Id<UserMarker>,
        _: &[Id<RoleMarker>],
    ) -> Option<Permissions> {
        None
    }

    fn own_permissions(&self, _: Id<GuildMarker>, _: Id<ChannelMarker>) -> Option<Permissions> {
        None
    }
}
