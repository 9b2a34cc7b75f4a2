//! Answers from the cache, and about people who were not seen just now from Discord.

use cogwright_discord::{Cache, CachedMember, KnownMember, Picture, Priority, Rest, RestError};
use cogwright_lifecycle::SharedClock;
use futures_util::future::BoxFuture;
use twilight_model::guild::{Member, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, MessageMarker, RoleMarker, UserMarker};
use twilight_model::util::ImageHash;

use super::{Directory, GuildFacts, Lookup, Needs, Query, Standing, standing};
use crate::args::{Channel, Message, Role, User};
use crate::policy::RoleFacts;

/// Members asked for by name. Discord matches beginnings, so that the exact one may come later.
const CANDIDATES: u16 = 10;

/// A directory over the bot's cache. Few people are in it; others are asked of Discord.
#[derive(Clone, Debug)]
pub struct CacheDirectory {
    cache: Cache,
    rest: Rest,
    clock: SharedClock,
}

impl CacheDirectory {
    /// Over this cache; the clock decides whether a member's time-out has ended.
    pub fn new(cache: Cache, rest: Rest, clock: SharedClock) -> Self {
        Self { cache, rest, clock }
    }

    async fn find_user(&self, guild: Option<Id<GuildMarker>>, query: Query<'_>) -> Lookup<User> {
        match (guild, query) {
            (_, Query::Id(id)) => self.user_by_id(guild, id).await.into(),
            (Some(guild), Query::Name(name)) => {
                let search = self.rest.http().search_guild_members(guild, name).limit(CANDIDATES);
                let found = self.rest.send(search, Priority::Interaction).await;
                match known(found.and_then(|response| response.models())) {
                    Some(members) => best(&members, name),
                    None => Lookup::Unknown,
                }
            }
            (None, Query::Name(_)) => Lookup::Unknown,
        }
    }

    async fn user_by_id(&self, guild: Option<Id<GuildMarker>>, id: u64) -> Option<User> {
        let http = self.rest.http();
        let id = Id::new_checked(id)?;
        if let Some(guild) = guild {
            if let Some(known) = self.cache.member(guild, id) {
                return Some(from_known(&known));
            }
            let found = self.rest.send(http.guild_member(guild, id), Priority::Interaction).await;
            if let Some(member) = known(found.and_then(|response| response.model())) {
                return Some(from_member(&member));
            }
        }
        let found = self.rest.send(http.user(id), Priority::Interaction).await;
        let user = known(found.and_then(|response| response.model()))?;
        Some(User::from_wire(&user, None, None))
    }
}

impl Directory for CacheDirectory {
    fn user<'a>(&'a self, guild: Option<Id<GuildMarker>>, query: Query<'a>) -> BoxFuture<'a, Lookup<User>> {
        Box::pin(self.find_user(guild, query))
    }

    fn role(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Lookup<Role> {
        let Some(guild) = self.cache.guild(guild) else { return Lookup::Unknown };
        let role = match query {
            Query::Id(id) => Id::new_checked(id).and_then(|id| guild.roles.get(&id)).into(),
            Query::Name(name) => Lookup::by_name(name, guild.roles.values().map(|role| (role, &*role.name))),
        };
        role.map(|role| Role { id: role.id, name: role.name.to_string() })
    }

    fn channel(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Lookup<Channel> {
        let Some(guild) = self.cache.guild(guild) else { return Lookup::Unknown };
        let channel = match query {
            Query::Id(id) => Id::new_checked(id).and_then(|id| guild.channels.get(&id)).into(),
            Query::Name(name) => {
                Lookup::by_name(name, guild.channels.values().map(|channel| (channel, &*channel.name)))
            }
        };
        channel.map(|channel| Channel { id: channel.id, name: channel.name.to_string(), kind: channel.kind })
    }

    fn message(
        &self,
        channel: Id<ChannelMarker>,
        message: Id<MessageMarker>,
    ) -> BoxFuture<'_, Option<Message>> {
        Box::pin(async move {
            let asked = self.rest.http().message(channel, message);
            let found = self.rest.send(asked, Priority::Interaction).await;
            let message = known(found.and_then(|response| response.model()))?;
            Some(Message::from_wire(&message, None))
        })
    }

    fn is_nsfw(&self, guild: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<bool> {
        let guild = self.cache.guild(guild)?;
        let place = guild.channels.get(&channel)?;
        let parent = place.parent.filter(|_| place.kind.is_thread());
        Some(parent.and_then(|parent| guild.channels.get(&parent)).unwrap_or(place).nsfw)
    }

    fn permissions(
        &self,
        guild: Id<GuildMarker>,
        channel: Id<ChannelMarker>,
        user: Id<UserMarker>,
        roles: &[Id<RoleMarker>],
    ) -> Option<Permissions> {
        // Who can call a command here is not timed out: Discord takes no messages from them.
        let member = CachedMember { user, roles: roles.to_vec(), timeout_until: None };
        self.cache.permissions(guild, channel, &member, self.clock.now())
    }

    fn own_permissions(&self, guild: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<Permissions> {
        self.cache.own_permissions(guild, channel, self.clock.now())
    }

    fn owner(&self, guild: Id<GuildMarker>) -> Option<Id<UserMarker>> {
        self.cache.guild(guild).map(|guild| guild.owner)
    }

    fn guild(&self, guild: Id<GuildMarker>) -> Option<GuildFacts> {
        let guild = self.cache.guild(guild)?;
        let icon = guild.icon.map(|icon| self.rest.picture(Picture::GuildIcon(guild.id), icon));
        let name = guild.name.to_string();
        Some(GuildFacts { name, owner: guild.owner, icon, members: guild.member_count })
    }

    fn bot_picture(&self) -> Option<String> {
        let me = self.cache.me()?;
        Some(self.rest.picture(Picture::Avatar(me.id), me.avatar?))
    }

    fn picture(&self, user: Id<UserMarker>, avatar: ImageHash) -> Option<String> {
        Some(self.rest.picture(Picture::Avatar(user), avatar))
    }

    fn roles(&self, guild: Id<GuildMarker>) -> Vec<RoleFacts> {
        let Some(guild) = self.cache.guild(guild) else { return Vec::new() };
        let roles = guild.roles.values().map(|role| RoleFacts {
            id: role.id,
            name: role.name.to_string(),
            permissions: role.permissions,
            position: role.position,
            managed: role.managed,
        });
        roles.collect()
    }

    fn standing(&self, guild: Id<GuildMarker>, needs: &Needs) -> Option<Standing> {
        standing::of_bot(&*self.cache.guild(guild)?, needs, self.clock.now())
    }
}

/// What is unknown to Discord is just not there (404), and what it does not show the bot (403) is
/// as good as that. Any other trouble looks the same to whoever asked, so it has to be in the log.
fn known<T>(asked: Result<T, RestError>) -> Option<T> {
    match asked {
        Ok(found) => Some(found),
        Err(error) if matches!(error.status(), Some(403 | 404)) => None,
        Err(error) => {
            tracing::warn!(%error, "Discord could not be asked about a person or a message");
            None
        }
    }
}

/// Whoever bears exactly this name: as user name, which is unique, else as nickname or display name.
fn best(members: &[Member], name: &str) -> Lookup<User> {
    let by_user = Lookup::by_name(name, members.iter().map(|member| (member, member.user.name.as_str())));
    let member = match by_user {
        Lookup::Unknown => Lookup::by_name(
            name,
            members.iter().filter_map(|member| {
                // What is shown of them; a display name under a nickname is not.
                Some((member, member.nick.as_ref().or(member.user.global_name.as_ref())?.as_str()))
            }),
        ),
        found => found,
    };
    member.map(from_member)
}

fn from_known(known: &KnownMember) -> User {
    let shown = known.nick.as_deref().or(known.global_name.as_deref()).unwrap_or(&known.name);
    User {
        id: known.member.user,
        name: known.name.to_string(),
        display_name: shown.to_owned(),
        bot: known.bot,
        roles: Some(known.roles().to_vec()),
        joined_at: None,
        permissions: None,
    }
}

fn from_member(member: &Member) -> User {
    User {
        joined_at: member.joined_at,
        ..User::from_wire(&member.user, member.nick.as_deref(), Some(&member.roles))
    }
}
