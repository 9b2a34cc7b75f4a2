//! What a command needs to know about guilds, asked of whoever keeps it.

mod cached;
mod standing;

use futures_util::future::BoxFuture;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker};
use twilight_model::util::ImageHash;

pub use self::cached::CacheDirectory;
pub use self::standing::{Above, Cause, Lack, Needs, Standing, Target};

use crate::args::{Channel, Message, Role, User};
use crate::policy::RoleFacts;

/// How something is named in a line of chat: by id or mention, or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Query<'a> {
    /// Its snowflake.
    Id(u64),
    /// Its name: the one that is exactly so, else without regard to case.
    Name(&'a str),
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    /// It.
    Found(T),
    /// Nothing is called so.
    Unknown,
    /// Several are called so; an id or a mention tells them apart.
    Ambiguous,
}

impl<T> Lookup<T> {
    /// The one among `candidates` that is called `name`: exactly so, else without regard to case.
    pub fn by_name<'n>(name: &str, candidates: impl IntoIterator<Item = (T, &'n str)>) -> Self {
        let (mut exact, mut alike) = (Vec::new(), Vec::new());
        let lower = name.to_lowercase();
        for (candidate, own) in candidates {
            if own == name {
                exact.push(candidate);
            } else if own.to_lowercase() == lower {
                alike.push(candidate);
            }
        }
        let mut best = if exact.is_empty() { alike } else { exact };
        match (best.pop(), best.is_empty()) {
            (Some(only), true) => Self::Found(only),
            (Some(_), false) => Self::Ambiguous,
            (None, _) => Self::Unknown,
        }
    }

    /// The same of another kind.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Lookup<U> {
        match self {
            Self::Found(found) => Lookup::Found(change(found)),
            Self::Unknown => Lookup::Unknown,
            Self::Ambiguous => Lookup::Ambiguous,
        }
    }
}

impl<T> From<Option<T>> for Lookup<T> {
    fn from(found: Option<T>) -> Self {
        found.map_or(Self::Unknown, Self::Found)
    }
}

/// What is known of a guild as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuildFacts {
    /// Its name, as somebody wrote it: not to be trusted in a text.
    pub name: String,
    /// Who owns it.
    pub owner: Id<UserMarker>,
    /// The address of its icon, if it has one.
    pub icon: Option<String>,
    /// Its members. Without the intent for members, as many as there were when the bot came online.
    pub members: u64,
}

/// Finds people, roles and channels, and knows what somebody may do where.
///
/// Everything but [`user`](Self::user) and [`message`](Self::message) answers from memory.
pub trait Directory: Send + Sync + 'static {
    /// A person: a member of the guild, or anybody when the query is an id. May ask Discord.
    fn user<'a>(&'a self, guild: Option<Id<GuildMarker>>, query: Query<'a>) -> BoxFuture<'a, Lookup<User>>;

    /// A role of the guild.
    fn role(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Lookup<Role>;

    /// A channel or thread of the guild.
    fn channel(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Lookup<Channel>;

    /// A message. Asks Discord, and does not care who may read it. `None` when there is none, or
    /// the bot may not read it.
    fn message(
        &self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
    ) -> BoxFuture<'_, Option<Message>>;

    /// Whether the channel is for adults; a thread is as its channel. `None` when it is not known.
    fn is_nsfw(&self, guild: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<bool>;

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

    /// The guild itself; `None` when it is not known.
    fn guild(&self, _guild: Id<GuildMarker>) -> Option<GuildFacts> {
        None
    }

    /// The address of the bot's own picture; `None` when it has none, or none is known.
    fn bot_picture(&self) -> Option<String> {
        None
    }

    /// The address of a person's picture with this hash; `None` when it is not known where pictures are.
    fn picture(&self, _user: Id<UserMarker>, _avatar: ImageHash) -> Option<String> {
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
    fn user<'a>(&'a self, _: Option<Id<GuildMarker>>, _: Query<'a>) -> BoxFuture<'a, Lookup<User>> {
        Box::pin(std::future::ready(Lookup::Unknown))
    }

    fn role(&self, _: Id<GuildMarker>, _: Query<'_>) -> Lookup<Role> {
        Lookup::Unknown
    }

    fn channel(&self, _: Id<GuildMarker>, _: Query<'_>) -> Lookup<Channel> {
        Lookup::Unknown
    }

    fn message(&self, _: Id<ChannelMarker>, _: Id<MessageMarker>) -> BoxFuture<'_, Option<Message>> {
        Box::pin(std::future::ready(None))
    }

    fn is_nsfw(&self, _: Id<GuildMarker>, _: Id<ChannelMarker>) -> Option<bool> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactness_comes_before_case_and_doubt_is_said() {
        let names = [(1, "Bakers"), (2, "bakers"), (3, "Cooks"), (4, "twins"), (5, "twins")];
        assert_eq!(Lookup::by_name("bakers", names), Lookup::Found(2));
        assert_eq!(Lookup::by_name("BAKERS", names), Lookup::Ambiguous);
        assert_eq!(Lookup::by_name("cooks", names), Lookup::Found(3));
        assert_eq!(Lookup::by_name("twins", names), Lookup::Ambiguous);
        assert_eq!(Lookup::by_name("", names), Lookup::Unknown);
    }
}
