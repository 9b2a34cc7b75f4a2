//! Who may do what: permission bits, the maths of overwrites, and role hierarchy.
//!
//! See Discord docs: Permissions. The maths is in [`maths`], which decides and explains with the same code.

mod explain;
mod maths;

pub use explain::{Explanation, Verdict};
pub use maths::{Cause, Step};

use std::cmp::Reverse;

use crate::{
    Actor, ApiError, Channel, ChannelId, ChannelKind, Guild, GuildId, Role, RoleId, Timestamp, UserId, World,
};

macro_rules! bits {
    ($($name:ident = $bit:literal;)+) => {
        $(
            #[doc = concat!("Bit ", stringify!($bit), ". See Discord docs: Permissions / Bitwise Permission Flags.")]
            pub const $name: u64 = 1 << $bit;
        )+
        /// Every bit with a name; what an owner or administrator holds. Unknown bits are kept in roles and
        /// overwrites, but are not part of it.
        pub const ALL: u64 = $($name)|+;
        /// Every named bit with its name, lowest first.
        pub const NAMES: &[(&str, u64)] = &[$((stringify!($name), $name)),+];
    };
}

bits! {
    CREATE_INSTANT_INVITE = 0;
    KICK_MEMBERS = 1;
    BAN_MEMBERS = 2;
    ADMINISTRATOR = 3;
    MANAGE_CHANNELS = 4;
    MANAGE_GUILD = 5;
    ADD_REACTIONS = 6;
    VIEW_AUDIT_LOG = 7;
    PRIORITY_SPEAKER = 8;
    STREAM = 9;
    VIEW_CHANNEL = 10;
    SEND_MESSAGES = 11;
    SEND_TTS_MESSAGES = 12;
    MANAGE_MESSAGES = 13;
    EMBED_LINKS = 14;
    ATTACH_FILES = 15;
    READ_MESSAGE_HISTORY = 16;
    MENTION_EVERYONE = 17;
    USE_EXTERNAL_EMOJIS = 18;
    VIEW_GUILD_INSIGHTS = 19;
    CONNECT = 20;
    SPEAK = 21;
    MUTE_MEMBERS = 22;
    DEAFEN_MEMBERS = 23;
    MOVE_MEMBERS = 24;
    USE_VAD = 25;
    CHANGE_NICKNAME = 26;
    MANAGE_NICKNAMES = 27;
    MANAGE_ROLES = 28;
    MANAGE_WEBHOOKS = 29;
    MANAGE_GUILD_EXPRESSIONS = 30;
    USE_APPLICATION_COMMANDS = 31;
    REQUEST_TO_SPEAK = 32;
    MANAGE_EVENTS = 33;
    MANAGE_THREADS = 34;
    CREATE_PUBLIC_THREADS = 35;
    CREATE_PRIVATE_THREADS = 36;
    USE_EXTERNAL_STICKERS = 37;
    SEND_MESSAGES_IN_THREADS = 38;
    USE_EMBEDDED_ACTIVITIES = 39;
    MODERATE_MEMBERS = 40;
    VIEW_CREATOR_MONETIZATION_ANALYTICS = 41;
    USE_SOUNDBOARD = 42;
    CREATE_GUILD_EXPRESSIONS = 43;
    CREATE_EVENTS = 44;
    USE_EXTERNAL_SOUNDS = 45;
    SEND_VOICE_MESSAGES = 46;
    SET_VOICE_CHANNEL_STATUS = 48;
    SEND_POLLS = 49;
    USE_EXTERNAL_APPS = 50;
    PIN_MESSAGES = 51;
    BYPASS_SLOWMODE = 52;
}

/// What @everyone may do in a new guild: Discord's defaults, without MENTION_EVERYONE and TTS.
pub const DEFAULT_EVERYONE: u64 = CREATE_INSTANT_INVITE
    | ADD_REACTIONS
    | STREAM
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_EXTERNAL_EMOJIS
    | CONNECT
    | SPEAK
    | USE_VAD
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | REQUEST_TO_SPEAK
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | USE_EXTERNAL_STICKERS
    | SEND_MESSAGES_IN_THREADS
    | USE_EMBEDDED_ACTIVITIES
    | USE_SOUNDBOARD
    | USE_EXTERNAL_SOUNDS
    | SEND_VOICE_MESSAGES
    | SEND_POLLS
    | USE_EXTERNAL_APPS;

/// What each of the two users may do in a DM.
pub const IN_DM: u64 = ADD_REACTIONS
    | STREAM
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | SEND_TTS_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | MENTION_EVERYONE
    | USE_EXTERNAL_EMOJIS
    | CONNECT
    | SPEAK
    | USE_VAD
    | USE_APPLICATION_COMMANDS
    | USE_EXTERNAL_STICKERS
    | USE_EMBEDDED_ACTIVITIES
    | USE_SOUNDBOARD
    | USE_EXTERNAL_SOUNDS
    | SEND_VOICE_MESSAGES
    | SEND_POLLS
    | USE_EXTERNAL_APPS
    | PIN_MESSAGES
    | BYPASS_SLOWMODE;

/// Bits that mean something for a guild as a whole only; an overwrite of a channel may hold them, to no effect that
/// Discord documents. See Discord docs: Permissions / Bitwise Permission Flags (those without a channel type).
pub const GUILD_ONLY: u64 = KICK_MEMBERS
    | BAN_MEMBERS
    | ADMINISTRATOR
    | MANAGE_GUILD
    | VIEW_AUDIT_LOG
    | VIEW_GUILD_INSIGHTS
    | CHANGE_NICKNAME
    | MANAGE_NICKNAMES
    | MANAGE_GUILD_EXPRESSIONS
    | MODERATE_MEMBERS
    | VIEW_CREATOR_MONETIZATION_ANALYTICS
    | CREATE_GUILD_EXPRESSIONS;

/// What a quarantined member keeps: to read, and to take a nickname that they are let out for. Discord tells of the
/// quarantine only that it keeps from "text, voice, or other interactions".
pub const IN_QUARANTINE: u64 = VIEW_CHANNEL | READ_MESSAGE_HISTORY | CHANGE_NICKNAME;

/// What a timed-out member keeps.
pub const IN_TIMEOUT: u64 = VIEW_CHANNEL | READ_MESSAGE_HISTORY;

/// The bit that allows sending in such a channel: threads have their own.
pub fn sending_bit(kind: ChannelKind) -> u64 {
    if kind.is_thread() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES }
}

/// What nobody has who cannot send messages. See Discord docs: Permissions / Implicit Permissions.
const NEEDS_SENDING: u64 = MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS;

/// What nobody has in a voice or stage channel who cannot connect to it.
const NEEDS_CONNECT: u64 = MANAGE_CHANNELS | MANAGE_ROLES;

/// The name of a bit, where it has one.
pub fn name_of(bit: u64) -> Option<&'static str> {
    NAMES.iter().find(|(_, known)| *known == bit).map(|(name, _)| *name)
}

/// A role's rank: by position, and of two at the same position the older (lower id) is higher.
fn rank(role: &Role) -> (i64, Reverse<RoleId>) {
    (role.position, Reverse(role.id))
}

/// All roles of a guild, @everyone among them, lowest first.
pub(crate) fn ranked(guild: &Guild) -> Vec<RoleId> {
    let mut roles: Vec<&Role> = guild.roles.values().collect();
    roles.sort_by_key(|role| rank(role));
    roles.into_iter().map(|role| role.id).collect()
}

/// The rank of a member's top role; @everyone's for those without roles.
fn top_rank(guild: &Guild, user: UserId) -> Option<(i64, Reverse<RoleId>)> {
    let everyone = guild.everyone();
    let roles = guild.members.get(&user)?.roles.iter().chain(std::iter::once(&everyone));
    roles.filter_map(|id| guild.roles.get(id)).map(rank).max()
}

impl World {
    /// A member's guild-wide permission bits at `now`, time-out considered; 0 for strangers.
    pub fn guild_permissions(&self, guild: GuildId, user: UserId, now: Timestamp) -> u64 {
        self.guilds.get(&guild).map_or(0, |guild| maths::in_guild(guild, user, now, &mut ()))
    }

    /// What a member's roles grant in a guild, whatever keeps them from using it now.
    pub(crate) fn granted(&self, guild: GuildId, user: UserId) -> u64 {
        self.guilds.get(&guild).map_or(0, |guild| maths::base(guild, user, &mut ()))
    }

    /// A user's permission bits in a channel at `now`: overwrites, implicit denials, time-out. Threads take
    /// their parent's. 0 for those who cannot see the channel.
    ///
    /// # Errors
    /// 10003 if there is no such channel.
    pub fn channel_permissions(
        &self,
        channel: ChannelId,
        user: UserId,
        now: Timestamp,
    ) -> Result<u64, ApiError> {
        maths::in_channel(self, self.channel(channel)?, user, now, &mut ())
    }

    /// Whether a user can see a channel: a DM of theirs, or a guild channel with VIEW_CHANNEL.
    pub fn can_view(&self, channel: ChannelId, user: UserId, now: Timestamp) -> bool {
        self.channel_permissions(channel, user, now).is_ok_and(|bits| bits & VIEW_CHANNEL != 0)
    }

    /// The channel, if the actor can see it and holds all of `bits` there. SEND_MESSAGES asked of a thread
    /// means SEND_MESSAGES_IN_THREADS.
    ///
    /// # Errors
    /// 10003 no such channel, 50001 not visible, 50013 a bit is missing.
    pub fn require(
        &self,
        actor: Actor,
        channel: ChannelId,
        bits: u64,
        now: Timestamp,
    ) -> Result<&Channel, ApiError> {
        let held = self.channel_permissions(channel, actor.user, now)?;
        let channel = self.channel(channel)?;
        if held & VIEW_CHANNEL == 0 {
            return Err(ApiError::missing_access());
        }
        let wanted =
            if bits & SEND_MESSAGES != 0 { bits & !SEND_MESSAGES | sending_bit(channel.kind) } else { bits };
        if held & wanted == wanted { Ok(channel) } else { Err(ApiError::missing_permissions()) }
    }

    /// The guild, if the actor is a member and holds all of `bits` guild-wide.
    ///
    /// # Errors
    /// 10004 no such guild, 50001 not a member, 50013 a bit is missing.
    pub fn require_guild(
        &self,
        actor: Actor,
        guild: GuildId,
        bits: u64,
        now: Timestamp,
    ) -> Result<&Guild, ApiError> {
        let found = self.guild(guild)?;
        if !found.members.contains_key(&actor.user) {
            return Err(ApiError::missing_access());
        }
        if self.guild_permissions(guild, actor.user, now) & bits == bits {
            Ok(found)
        } else {
            Err(ApiError::missing_permissions())
        }
    }

    /// Whether `actor` stands strictly above `target`: the owner above everybody, else by top role. Nobody
    /// stands above the owner or themselves.
    pub fn outranks(&self, guild: GuildId, actor: UserId, target: UserId) -> bool {
        let Some(guild) = self.guilds.get(&guild) else { return false };
        if target == guild.owner || actor == target {
            return false;
        }
        actor == guild.owner || top_rank(guild, actor) > top_rank(guild, target)
    }

    /// Whether `actor` stands strictly above a role; the owner does above all.
    pub fn outranks_role(&self, guild: GuildId, actor: UserId, role: RoleId) -> bool {
        let Some(guild) = self.guilds.get(&guild) else { return false };
        let Some(role) = guild.roles.get(&role) else { return false };
        actor == guild.owner || top_rank(guild, actor) > Some(rank(role))
    }

    /// Whether a member is the owner or an administrator: exempt from time-outs.
    pub fn is_admin(&self, guild: GuildId, user: UserId) -> bool {
        self.guilds.get(&guild).is_some_and(|guild| maths::base(guild, user, &mut ()) & ADMINISTRATOR != 0)
    }
}
