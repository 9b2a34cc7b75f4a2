//! What is kept of each thing, and how it is made from Discord's.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use twilight_model::channel::permission_overwrite::PermissionOverwrite;
use twilight_model::channel::{Channel, ChannelType};
use twilight_model::guild::{Guild, Member, PartialMember, Permissions, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, ChannelMarker, GuildMarker, RoleMarker, UserMarker};
use twilight_model::user::CurrentUser;
use twilight_model::util::{ImageHash, Timestamp};

/// The bot itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Me {
    /// User id.
    pub id: Id<UserMarker>,
    /// The application the bot belongs to.
    pub application: Id<ApplicationMarker>,
    /// User name, 1 to 32 characters.
    pub name: String,
    /// Picture, if it has one.
    pub avatar: Option<ImageHash>,
}

impl Me {
    pub(crate) fn new(user: &CurrentUser, application: Id<ApplicationMarker>) -> Self {
        Self { id: user.id, application, name: user.name.clone(), avatar: user.avatar }
    }
}

/// A guild.
#[derive(Clone, Debug)]
pub struct CachedGuild {
    /// Id of the guild, and of its @everyone role.
    pub id: Id<GuildMarker>,
    /// Name, 2 to 100 characters.
    pub name: String,
    /// The member who may do everything.
    pub owner: Id<UserMarker>,
    /// Picture, if it has one.
    pub icon: Option<ImageHash>,
    /// Language chosen by the guild, such as `en-US`.
    pub locale: String,
    /// Members when the bot came online; not counted since.
    pub member_count: u64,
    /// Roles by id, @everyone among them.
    pub roles: HashMap<Id<RoleMarker>, CachedRole>,
    /// Channels and active threads by id.
    pub channels: HashMap<Id<ChannelMarker>, CachedChannel>,
    /// The bot as a member; `None` only if Discord did not send it.
    pub me: Option<CachedMember>,
}

impl CachedGuild {
    pub(crate) fn new(guild: &Guild, me: Option<Id<UserMarker>>) -> Self {
        let threads = guild.threads.iter();
        let channels = guild.channels.iter().chain(threads);
        let channels = channels.take(super::MAX_CHANNELS);
        let own = guild.members.iter().find(|m| Some(m.user.id) == me);
        Self {
            id: guild.id,
            name: guild.name.clone(),
            owner: guild.owner_id,
            icon: guild.icon,
            locale: guild.preferred_locale.clone(),
            member_count: guild.member_count.unwrap_or_default(),
            roles: roles(&guild.roles),
            channels: channels.map(|c| (c.id, CachedChannel::new(c))).collect(),
            me: own.map(CachedMember::from),
        }
    }
}

pub(crate) fn roles(roles: &[Role]) -> HashMap<Id<RoleMarker>, CachedRole> {
    let roles = roles.iter().take(super::MAX_ROLES);
    roles.map(|role| (role.id, CachedRole::new(role))).collect()
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedRole {
    /// Id.
    pub id: Id<RoleMarker>,
    /// Name, 1 to 100 characters.
    pub name: String,
    /// What it grants in the whole guild.
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
            name: role.name.clone(),
            permissions: role.permissions,
            position: role.position,
            managed: role.managed,
        }
    }
}

/// A channel or thread of a guild.
#[derive(Clone, Debug, PartialEq)]
pub struct CachedChannel {
    /// Id.
    pub id: Id<ChannelMarker>,
    /// Name without `#`, 1 to 100 characters.
    pub name: String,
    /// What sort of channel it is.
    pub kind: ChannelType,
    /// The category of a channel, the channel of a thread.
    pub parent: Option<Id<ChannelMarker>>,
    /// Whether it is marked as not safe for work.
    pub nsfw: bool,
    /// Exceptions for roles and members; empty on threads, which follow their parent.
    pub overwrites: Vec<PermissionOverwrite>,
}

impl CachedChannel {
    pub(crate) fn new(channel: &Channel) -> Self {
        Self {
            id: channel.id,
            name: channel.name.clone().unwrap_or_default(),
            kind: channel.kind,
            parent: channel.parent_id,
            nsfw: channel.nsfw.unwrap_or_default(),
            overwrites: channel.permission_overwrites.clone().unwrap_or_default(),
        }
    }
}

/// What counts of a member for permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedMember {
    /// User id.
    pub user: Id<UserMarker>,
    /// Roles without @everyone.
    pub roles: Vec<Id<RoleMarker>>,
    /// End of a time-out; may lie in the past.
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

impl From<&Member> for CachedMember {
    fn from(member: &Member) -> Self {
        Self {
            user: member.user.id,
            roles: member.roles.clone(),
            timeout_until: member.communication_disabled_until.and_then(time),
        }
    }
}

pub(crate) fn time(timestamp: Timestamp) -> Option<SystemTime> {
    let micros = u64::try_from(timestamp.as_micros()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros))
}
