//! Answers from the cache, and about people who were not seen just now from Discord.

use cogwright_discord::{Cache, CachedMember, KnownMember, Priority, Rest, RestError};
use cogwright_lifecycle::SharedClock;
use futures_util::future::BoxFuture;
use twilight_model::guild::{Member, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, RoleMarker, UserMarker};

use super::{Directory, Needs, Query, Standing, standing};
use crate::args::{Channel, Role, User};
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

    async fn find_user(&self, guild: Option<Id<GuildMarker>>, query: Query<'_>) -> Option<User> {
        let http = self.rest.http();
        match (guild, query) {
            (_, Query::Id(id)) => {
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
            (Some(guild), Query::Name(name)) => {
                let search = http.search_guild_members(guild, name).limit(CANDIDATES);
                let found = self.rest.send(search, Priority::Interaction).await;
                let members = known(found.and_then(|response| response.models()))?;
                best(&members, name).map(from_member)
            }
            (None, Query::Name(_)) => None,
        }
    }
}

impl Directory for CacheDirectory {
    fn user<'a>(&'a self, guild: Option<Id<GuildMarker>>, query: Query<'a>) -> BoxFuture<'a, Option<User>> {
        Box::pin(self.find_user(guild, query))
    }

    fn role(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Option<Role> {
        let guild = self.cache.guild(guild)?;
        let role = match query {
            Query::Id(id) => guild.roles.get(&Id::new_checked(id)?)?,
            Query::Name(name) => {
                let named = guild.roles.values().filter(|role| same(&role.name, name));
                // Several may have one name; the same one must be meant every time.
                named.min_by_key(|role| role.id)?
            }
        };
        Some(Role { id: role.id, name: role.name.to_string() })
    }

    fn channel(&self, guild: Id<GuildMarker>, query: Query<'_>) -> Option<Channel> {
        let guild = self.cache.guild(guild)?;
        let channel = match query {
            Query::Id(id) => guild.channels.get(&Id::new_checked(id)?)?,
            Query::Name(name) => {
                let named = guild.channels.values().filter(|channel| same(&channel.name, name));
                named.min_by_key(|channel| channel.id)?
            }
        };
        Some(Channel { id: channel.id, name: channel.name.to_string(), kind: channel.kind })
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

    fn roles(&self, guild: Id<GuildMarker>) -> Vec<RoleFacts> {
        let Some(guild) = self.cache.guild(guild) else { return Vec::new() };
        let roles = guild.roles.values().map(|role| RoleFacts {
            id: role.id,
            name: role.name.to_string(),
            permissions: role.permissions,
            position: role.position,
        });
        roles.collect()
    }

    fn standing(&self, guild: Id<GuildMarker>, needs: &Needs) -> Option<Standing> {
        standing::of_bot(&*self.cache.guild(guild)?, needs, self.clock.now())
    }
}

/// Who is unknown to Discord is just not there (404). Any other trouble looks the same to whoever
/// asked, so it has to be in the log.
fn known<T>(asked: Result<T, RestError>) -> Option<T> {
    match asked {
        Ok(found) => Some(found),
        Err(error) if error.status() == Some(404) => None,
        Err(error) => {
            tracing::warn!(%error, "Discord could not be asked about a person");
            None
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Whoever bears exactly this name: as user name, which is unique, else as nickname or display name.
fn best<'a>(members: &'a [Member], name: &str) -> Option<&'a Member> {
    members.iter().find(|member| same(&member.user.name, name)).or_else(|| {
        members.iter().find(|member| {
            let shown = member.nick.iter().chain(&member.user.global_name);
            shown.into_iter().any(|shown| same(shown, name))
        })
    })
}

fn from_known(known: &KnownMember) -> User {
    let shown = known.nick.as_deref().or(known.global_name.as_deref()).unwrap_or(&known.name);
    User {
        id: known.member.user,
        name: known.name.to_string(),
        display_name: shown.to_owned(),
        bot: known.bot,
        roles: Some(known.roles().to_vec()),
        permissions: None,
    }
}

fn from_member(member: &Member) -> User {
    User::from_wire(&member.user, member.nick.as_deref(), Some(&member.roles))
}
