//! What is kept of each thing, and how it is made from Discord's.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use twilight_model::channel::permission_overwrite::PermissionOverwrite;
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::gateway::payload::incoming::MemberUpdate;
use twilight_model::guild::{Guild, Member, PartialMember, Permissions, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, ChannelMarker, GuildMarker, RoleMarker, UserMarker};
use twilight_model::user::CurrentUser;
use twilight_model::util::{ImageHash, Timestamp};

use super::codec;
use super::table::{Keyed, Table};

/// The bot itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// User id.
    #[serde(with = "codec::id")]
    pub id: Id<UserMarker>,
    /// The application the bot belongs to.
    #[serde(with = "codec::id")]
    pub application: Id<ApplicationMarker>,
    /// User name, 1 to 32 characters.
    pub name: String,
    /// Picture, if it has one.
    #[serde(with = "codec::image")]
    pub avatar: Option<ImageHash>,
}

impl Me {
    pub(crate) fn new(user: &CurrentUser, application: Id<ApplicationMarker>) -> Self {
        Self { id: user.id, application, name: user.name.clone(), avatar: user.avatar }
    }
}

/// A guild.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedGuild {
    /// Id of the guild, and of its @everyone role.
    #[serde(with = "codec::id")]
    pub id: Id<GuildMarker>,
    /// Name, 2 to 100 characters.
    pub name: Box<str>,
    /// The member who may do everything.
    #[serde(with = "codec::id")]
    pub owner: Id<UserMarker>,
    /// Picture, if it has one.
    #[serde(with = "codec::image")]
    pub icon: Option<ImageHash>,
    /// Language chosen by the guild, such as `en-US`.
    pub locale: Box<str>,
    /// Members when the bot came online; counted on only by a bot that is told of joins and leaves.
    pub member_count: u64,
    /// Roles by id, @everyone among them.
    pub roles: Table<CachedRole>,
    /// Channels and active threads by id.
    pub channels: Table<CachedChannel>,
    /// The bot as a member; `None` only if Discord did not send it.
    pub me: Option<CachedMember>,
}

impl CachedGuild {
    pub(crate) fn new(guild: &Guild, me: Option<Id<UserMarker>>) -> Self {
        let threads = guild.threads.iter();
        let channels = guild.channels.iter().chain(threads);
        let channels = channels.take(super::MAX_CHANNELS);
        let own = guild.members.iter().find(|m| Some(m.user.id) == me);
        let mut kept = Self {
            id: guild.id,
            name: guild.name.as_str().into(),
            owner: guild.owner_id,
            icon: guild.icon,
            locale: guild.preferred_locale.as_str().into(),
            member_count: guild.member_count.unwrap_or_default(),
            roles: roles(&guild.roles),
            channels: channels.map(CachedChannel::new).collect(),
            me: own.map(CachedMember::from),
        };
        kept.share_overwrites();
        kept
    }

    /// Channels that are in step with their category, as most are, share its list of exceptions.
    pub(crate) fn share_overwrites(&mut self) {
        let mut lists: Vec<Arc<[PermissionOverwrite]>> = Vec::new();
        for channel in self.channels.values_mut().filter(|channel| !channel.overwrites.is_empty()) {
            match lists.iter().find(|list| **list == channel.overwrites) {
                Some(list) => channel.overwrites = Arc::clone(list),
                None if lists.len() < SHARED_LISTS => lists.push(Arc::clone(&channel.overwrites)),
                None => {}
            }
        }
    }
}

/// Different lists of exceptions that are looked through for one to share; bounds the work in a guild where
/// each of hundreds of channels has its own.
const SHARED_LISTS: usize = 32;

pub(crate) fn roles(roles: &[Role]) -> Table<CachedRole> {
    roles.iter().take(super::MAX_ROLES).map(CachedRole::new).collect()
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedRole {
    /// Id.
    #[serde(with = "codec::id")]
    pub id: Id<RoleMarker>,
    /// Name, 1 to 100 characters.
    pub name: Box<str>,
    /// What it grants in the whole guild.
    #[serde(with = "codec::permissions")]
    pub permissions: Permissions,
    /// Rank; higher is mightier, equal ranks go by id (the lower one is mightier).
    pub position: i64,
    /// Whether it belongs to an integration and cannot be given by hand.
    pub managed: bool,
}

impl CachedRole {
    pub(crate) fn new(role: &Role) -> Self {
        Self {
            id: role.id,
            name: role.name.as_str().into(),
            permissions: role.permissions,
            position: role.position,
            managed: role.managed,
        }
    }
}

impl Keyed for CachedRole {
    type Key = Id<RoleMarker>;

    fn key(&self) -> Self::Key {
        self.id
    }
}

/// A channel or thread of a guild.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CachedChannel {
    /// Id.
    #[serde(with = "codec::id")]
    pub id: Id<ChannelMarker>,
    /// Name without `#`, 1 to 100 characters.
    pub name: Box<str>,
    /// What sort of channel it is.
    #[serde(with = "codec::kind")]
    pub kind: ChannelType,
    /// The category of a channel, the channel of a thread.
    #[serde(with = "codec::maybe_id")]
    pub parent: Option<Id<ChannelMarker>>,
    /// Whether it is marked as not safe for work.
    pub nsfw: bool,
    /// Exceptions for roles and members; empty on threads, which follow their parent.
    #[serde(with = "codec::overwrites")]
    pub overwrites: Arc<[PermissionOverwrite]>,
}

impl CachedChannel {
    pub(crate) fn new(channel: &Channel) -> Self {
        Self {
            id: channel.id,
            name: channel.name.as_deref().unwrap_or_default().into(),
            kind: channel.kind,
            parent: channel.parent_id,
            nsfw: channel.nsfw.unwrap_or_default(),
            overwrites: channel.permission_overwrites.as_deref().unwrap_or_default().into(),
        }
    }
}

impl Keyed for CachedChannel {
    type Key = Id<ChannelMarker>;

    fn key(&self) -> Self::Key {
        self.id
    }
}

/// What counts of a member for permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedMember {
    /// User id.
    #[serde(with = "codec::id")]
    pub user: Id<UserMarker>,
    /// Roles without @everyone.
    #[serde(with = "codec::ids")]
    pub roles: Vec<Id<RoleMarker>>,
    /// End of a time-out; may lie in the past.
    #[serde(with = "codec::moment")]
    pub timeout_until: Option<SystemTime>,
}

impl CachedMember {
    /// The member that comes with a message.
    pub fn of_message(user: Id<UserMarker>, member: &PartialMember) -> Self {
        Self {
            user,
            roles: member.roles.clone(),
            timeout_until: member.communication_disabled_until.and_then(time),
        }
    }
}

impl CachedMember {
    pub(crate) fn of_update(update: &MemberUpdate) -> Self {
        Self {
            user: update.user.id,
            roles: update.roles.clone(),
            timeout_until: update.communication_disabled_until.and_then(time),
        }
    }
}

impl From<&Member> for CachedMember {
    fn from(member: &Member) -> Self {
        Self {
            user: member.user.id,
            roles: member.roles.clone(),
            timeout_until: member.communication_disabled_until.and_then(time),
        }
    }
}

fn time(timestamp: Timestamp) -> Option<SystemTime> {
    let micros = u64::try_from(timestamp.as_micros()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros))
}
