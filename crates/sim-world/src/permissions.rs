//! Who may do what: permission bits, the maths of overwrites, and role hierarchy.
//!
//! See Discord docs: Permissions. Overwrites apply in eight steps: @everyone's guild permissions, the roles'
//! guild permissions, the @everyone overwrite's denials and then its allowances, the denials of all role
//! overwrites and then their allowances, the member overwrite's denials and then its allowances.

use std::cmp::Reverse;

use crate::{
    Actor, ApiError, Channel, ChannelId, ChannelKind, Guild, GuildId, Overwrite, OverwriteKind, Role, RoleId,
    Timestamp, UserId, World,
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

/// What a timed-out member keeps.
pub const IN_TIMEOUT: u64 = VIEW_CHANNEL | READ_MESSAGE_HISTORY;

/// What nobody has who cannot send messages. See Discord docs: Permissions / Implicit Permissions.
const NEEDS_SENDING: u64 = MENTION_EVERYONE | SEND_TTS_MESSAGES | ATTACH_FILES | EMBED_LINKS;

/// What nobody has in a voice or stage channel who cannot connect to it.
const NEEDS_CONNECT: u64 = MANAGE_CHANNELS | MANAGE_ROLES;

/// Guild-wide bits of a member before time-outs: all of them for the owner and administrators.
fn base(guild: &Guild, user: UserId) -> u64 {
    let Some(member) = guild.members.get(&user) else { return 0 };
    if guild.owner == user {
        return ALL;
    }
    let of = |id: &RoleId| guild.roles.get(id).map_or(0, |role| role.permissions);
    let bits = member.roles.iter().map(of).fold(of(&guild.everyone()), |all, bits| all | bits);
    if bits & ADMINISTRATOR != 0 { ALL } else { bits }
}

/// Steps 3 to 8: the overwrites of a channel on a member's guild-wide bits.
fn overwritten(bits: u64, overwrites: &[Overwrite], everyone: RoleId, user: UserId, roles: &[RoleId]) -> u64 {
    let apply = |bits: u64, wanted: &dyn Fn(&Overwrite) -> bool| {
        let (mut allow, mut deny) = (0, 0);
        for overwrite in overwrites.iter().filter(|o| wanted(o)) {
            allow |= overwrite.allow;
            deny |= overwrite.deny;
        }
        bits & !deny | allow
    };
    let is_role = |o: &Overwrite| o.kind == OverwriteKind::Role;
    let bits = apply(bits, &|o| is_role(o) && o.id == everyone.get());
    let bits = apply(bits, &|o| is_role(o) && o.id != everyone.get() && roles.contains(&RoleId::new(o.id)));
    apply(bits, &|o| o.kind == OverwriteKind::Member && o.id == user.get())
}

/// Takes away what other missing bits take away with them.
fn implicit(mut bits: u64, kind: ChannelKind) -> u64 {
    if bits & VIEW_CHANNEL == 0 {
        return 0;
    }
    if bits & sending_bit(kind) == 0 {
        bits &= !NEEDS_SENDING;
    }
    if kind.is_voice() && bits & CONNECT == 0 {
        bits &= !NEEDS_CONNECT;
    }
    bits
}

/// The bit that allows sending in such a channel: threads have their own.
pub fn sending_bit(kind: ChannelKind) -> u64 {
    if kind.is_thread() { SEND_MESSAGES_IN_THREADS } else { SEND_MESSAGES }
}

/// A role's rank: by position, and of two at the same position the older (lower id) is higher.
fn rank(role: &Role) -> (i64, Reverse<RoleId>) {
    (role.position, Reverse(role.id))
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
        let Some(guild) = self.guilds.get(&guild) else { return 0 };
        let bits = base(guild, user);
        if bits & ADMINISTRATOR == 0 && timed_out(guild, user, now) { bits & IN_TIMEOUT } else { bits }
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
        let channel = self.channel(channel)?;
        let Some(guild) = channel.guild else {
            return Ok(if channel.recipients.contains(&user) { IN_DM } else { 0 });
        };
        let guild = self.guild(guild)?;
        let Some(member) = guild.members.get(&user) else { return Ok(0) };
        let bits = base(guild, user);
        if bits & ADMINISTRATOR != 0 {
            return Ok(ALL);
        }
        let ruling = match (channel.kind.is_thread(), channel.parent) {
            (true, Some(parent)) => self.channel(parent)?,
            _ => channel,
        };
        let bits = overwritten(bits, &ruling.overwrites, guild.everyone(), user, &member.roles);
        let bits = implicit(bits, channel.kind);
        if channel.kind == ChannelKind::PrivateThread
            && bits & MANAGE_THREADS == 0
            && !channel.thread.as_ref().is_some_and(|t| t.members.contains_key(&user))
        {
            return Ok(0);
        }
        Ok(if timed_out(guild, user, now) { bits & IN_TIMEOUT } else { bits })
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
        self.guilds.get(&guild).is_some_and(|guild| base(guild, user) & ADMINISTRATOR != 0)
    }
}

fn timed_out(guild: &Guild, user: UserId, now: Timestamp) -> bool {
    guild.members.get(&user).and_then(|m| m.timeout_until).is_some_and(|until| until > now)
}
