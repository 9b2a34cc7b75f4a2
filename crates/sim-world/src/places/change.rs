//! The steps that several actions share: joining, leaving, removing a channel or role, telling everybody of a
//! changed member or user. They change and emit; their callers have checked.

use serde_json::{Value, json};

use super::integration;
use crate::{
    Audience, Channel, ChannelId, CommandSubject, EventKind, Guild, GuildId, Member, RoleId, Status,
    Timestamp, Tx, UserId, World,
    auto_moderation::{self, Occasion},
    commands, invites, messages, scheduled_events, voice, wire,
};

/// Who can see a channel now; asked for before it goes, since afterwards nobody can.
pub(super) fn viewers(world: &World, channel: &Channel, now: Timestamp) -> Vec<UserId> {
    match channel.guild.and_then(|g| world.guilds.get(&g)) {
        Some(guild) => {
            guild.members.keys().copied().filter(|user| world.can_view(channel.id, *user, now)).collect()
        }
        None => channel.recipients.clone(),
    }
}

/// Members of a guild except `user`.
pub(super) fn others(guild: &Guild, user: UserId) -> Vec<UserId> {
    guild.members.keys().copied().filter(|id| *id != user).collect()
}

/// The audience of a channel's events.
pub(super) fn channel_audience(channel: &Channel) -> Audience {
    Audience::Channel { guild: channel.guild, channel: channel.id }
}

/// Tells the people among `users` that what they see has changed.
pub(super) fn view_changed(tx: &mut Tx<'_>, users: impl IntoIterator<Item = UserId>) {
    for user in users {
        if tx.world.users.get(&user).is_some_and(|u| !u.bot) {
            tx.emit(EventKind::PersonViewChanged, Audience::Person(user), json!({}));
        }
    }
}

/// Tells all people of a guild that what they see may have changed.
pub(super) fn guild_view_changed(tx: &mut Tx<'_>, guild: GuildId) {
    let people: Vec<UserId> =
        tx.world.guilds.get(&guild).map(|g| g.members.keys().copied().collect()).unwrap_or_default();
    view_changed(tx, people);
}

/// CHANNEL_CREATE, CHANNEL_UPDATE or a thread's like, with the channel as it is now.
pub(super) fn channel_event(tx: &mut Tx<'_>, kind: EventKind, id: ChannelId) {
    let Some(channel) = tx.world.channels.get(&id) else { return };
    let (audience, data) = (channel_audience(channel), wire::channel(tx.world, channel));
    tx.emit(kind, audience, data);
}

/// GUILD_MEMBER_UPDATE with the member as they are now.
pub(crate) fn member_updated(tx: &mut Tx<'_>, guild: GuildId, user: UserId) {
    auto_moderation::reconsider(tx, guild, user);
    if let Some(data) = member_with_guild(tx.world, guild, user) {
        tx.emit(EventKind::GuildMemberUpdate, Audience::Guild(guild), data);
    }
}

fn member_with_guild(world: &World, guild: GuildId, user: UserId) -> Option<Value> {
    let found = world.guilds.get(&guild)?;
    let mut data = wire::member(world, found, found.members.get(&user)?);
    data["guild_id"] = json!(guild);
    Some(data)
}

/// GUILD_UPDATE with the guild as it is now.
pub(super) fn guild_updated(tx: &mut Tx<'_>, guild: GuildId) {
    if let Some(found) = tx.world.guilds.get(&guild) {
        let data = wire::guild(tx.world, found, false);
        tx.emit(EventKind::GuildUpdate, Audience::Guild(guild), data);
    }
}

/// GUILD_ROLE_CREATE or GUILD_ROLE_UPDATE with the role as it is now.
pub(super) fn role_event(tx: &mut Tx<'_>, kind: EventKind, guild: GuildId, role: RoleId) {
    if let Some(found) = tx.world.guilds.get(&guild).and_then(|g| g.roles.get(&role)) {
        let data = json!({ "guild_id": guild, "role": wire::role(found) });
        tx.emit(kind, Audience::Guild(guild), data);
    }
}

/// USER_UPDATE to the user and GUILD_MEMBER_UPDATE to each guild they are in.
pub(super) fn user_updated(tx: &mut Tx<'_>, user: UserId) {
    let Some(found) = tx.world.users.get(&user) else { return };
    let data = wire::current_user(found);
    tx.emit(EventKind::UserUpdate, Audience::Users(None, vec![user]), data);
    let guilds: Vec<GuildId> = tx.world.guilds_of(user).map(|g| g.id).collect();
    for guild in guilds {
        let verdict = auto_moderation::look(tx, guild, user, Occasion::Rename);
        member_updated(tx, guild, user);
        if let Some(verdict) = verdict {
            verdict.execute(tx, None);
        }
    }
}

/// System channel flag. See Discord docs: Guild / System Channel Flags.
const SUPPRESS_JOIN_NOTIFICATIONS: u64 = 1 << 0;

/// Adds a member: GUILD_CREATE to them, GUILD_MEMBER_ADD to the others, and the join message in the system
/// channel. See Discord docs: Message / Message Types (USER_JOIN).
pub(crate) fn join(tx: &mut Tx<'_>, guild: GuildId, member: Member) {
    let user = member.user;
    // Its bot brings the commands from now on.
    let had_commands = tx.world.guild_installs.remove(&(guild, user.into()));
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    found.members.insert(user, member);
    let verdict = auto_moderation::look(tx, guild, user, Occasion::Join);
    let Some(found) = tx.world.guilds.get(&guild) else { return };
    let quiet = found.settings.system_channel_flags & SUPPRESS_JOIN_NOTIFICATIONS != 0;
    let (others, system_channel) = (others(found, user), found.system_channel.filter(|_| !quiet));
    tx.emit(EventKind::GuildCreate, Audience::Users(Some(guild), vec![user]), Value::Null);
    view_changed(tx, [user]);
    if let Some(data) = member_with_guild(tx.world, guild, user) {
        tx.emit(EventKind::GuildMemberAdd, Audience::Users(Some(guild), others), data);
    }
    integration::bot_joined(tx, guild, user.into(), had_commands);
    if let Some(channel) = system_channel {
        messages::system(tx, channel, user, messages::System::Join);
    }
    if let Some(verdict) = verdict {
        verdict.execute(tx, None);
    }
}

/// Removes a member: from the guild and its threads; a bot's managed role goes too. GUILD_MEMBER_REMOVE to the
/// others, GUILD_DELETE without `unavailable` to them.
pub(super) fn leave(tx: &mut Tx<'_>, guild: GuildId, user: UserId) {
    voice::disconnect(tx, guild, user);
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    if found.members.remove(&user).is_none() {
        return;
    }
    scheduled_events::forget_member(found, user);
    let managed: Vec<RoleId> =
        found.roles.values().filter(|r| r.bot.map(UserId::from) == Some(user)).map(|r| r.id).collect();
    let channels = found.channels.clone();
    for channel in channels {
        if let Some(meta) = tx.world.channels.get_mut(&channel).and_then(|c| c.thread.as_mut()) {
            meta.members.remove(&user);
        }
    }
    let data = json!({ "guild_id": guild, "user": wire::user_by_id(tx.world, user) });
    tx.emit(EventKind::GuildMemberRemove, Audience::Guild(guild), data);
    tx.emit(EventKind::GuildDelete, Audience::Users(Some(guild), vec![user]), json!({ "id": guild }));
    view_changed(tx, [user]);
    for role in managed {
        remove_role(tx, guild, role);
    }
    integration::removed(tx, guild, user.into());
}

/// Removes a role: from its holders (GUILD_MEMBER_UPDATE each) and from overwrites (CHANNEL_UPDATE each).
pub(super) fn remove_role(tx: &mut Tx<'_>, guild: GuildId, role: RoleId) {
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    if found.roles.remove(&role).is_none() {
        return;
    }
    auto_moderation::forget_role(found, role);
    let mut holders = Vec::new();
    invites::forget_role(tx.world, role);
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    for member in found.members.values_mut().filter(|m| m.roles.contains(&role)) {
        member.roles.retain(|id| *id != role);
        holders.push(member.user);
    }
    found.community.forget_role(role);
    for emoji in found.emojis.values_mut() {
        emoji.roles.retain(|id| *id != role);
    }
    let mut changed = Vec::new();
    for id in found.channels.clone() {
        let Some(channel) = tx.world.channels.get_mut(&id) else { continue };
        let before = channel.overwrites.len();
        channel.overwrites.retain(|o| o.id != role.get());
        if channel.overwrites.len() != before {
            changed.push(id);
        }
    }
    commands::forget_permissions_of(tx.world, |s| *s == CommandSubject::Role(role));
    let data = json!({ "guild_id": guild, "role_id": role });
    tx.emit(EventKind::GuildRoleDelete, Audience::Guild(guild), data);
    for user in holders {
        member_updated(tx, guild, user);
    }
    for channel in changed {
        channel_event(tx, EventKind::ChannelUpdate, channel);
    }
}

/// Removes a channel with its threads, messages, files and interactions; a category's children lose their
/// parent. Answers the channel as it was.
pub(super) fn remove_channel(tx: &mut Tx<'_>, id: ChannelId) -> Value {
    voice::empty(tx, id);
    let Some(channel) = tx.world.channels.get(&id) else { return Value::Null };
    let viewers = viewers(tx.world, channel, tx.now);
    let (guild, is_thread, parent) = (channel.guild, channel.kind.is_thread(), channel.parent);
    let data = wire::channel(tx.world, channel);
    let below: Vec<(ChannelId, bool)> = tx
        .world
        .channels
        .values()
        .filter(|c| c.parent == Some(id))
        .map(|c| (c.id, c.kind.is_thread()))
        .collect();
    for (child, thread) in below {
        if thread {
            forget_channel(tx.world, child);
        } else if let Some(child_channel) = tx.world.channels.get_mut(&child) {
            child_channel.parent = None;
            channel_event(tx, EventKind::ChannelUpdate, child);
        }
    }
    let pointed_at = forget_channel(tx.world, id);
    if let Some(parent) = parent.filter(|_| is_thread)
        && let Some(starter) = tx.world.channels.get_mut(&parent).and_then(|c| c.messages.get_mut(&id.into()))
    {
        starter.thread = None;
    }
    let (kind, payload) = if is_thread {
        let payload = json!({ "id": id, "guild_id": guild, "parent_id": parent, "type": data["type"] });
        (EventKind::ThreadDelete, payload)
    } else {
        (EventKind::ChannelDelete, data.clone())
    };
    tx.emit(kind, Audience::Users(guild, viewers), payload);
    if let Some(guild) = guild.filter(|_| pointed_at) {
        guild_updated(tx, guild);
    }
    data
}

/// Takes a channel and everything that refers to it out of the tables, without events; whether a setting of the
/// guild pointed at it.
pub(super) fn forget_channel(world: &mut World, id: ChannelId) -> bool {
    let Some(channel) = world.channels.remove(&id) else { return false };
    for message in channel.messages.values() {
        world.message_channel.remove(&message.id);
        for attachment in message.files() {
            world.blobs.remove(&attachment.id);
        }
    }
    world.interactions.retain(|_, i| i.channel != id);
    world.webhooks.retain(|_, w| w.channel != id);
    world.invites.retain(|_, i| i.channel != id);
    commands::forget_permissions_of(world, |s| *s == CommandSubject::Channel(id));
    let Some(guild) = channel.guild.and_then(|g| world.guilds.get_mut(&g)) else { return false };
    auto_moderation::forget_channel(guild, id);
    scheduled_events::forget_channel(guild, id);
    guild.channels.retain(|c| *c != id);
    let system = guild.system_channel.take_if(|c| *c == id).is_some();
    guild.community.forget_channel(id);
    guild.settings.forget_channel(id) || system
}

/// Sets a user's presence; PRESENCE_UPDATE in each of their guilds if anything changed.
pub(super) fn set_presence(tx: &mut Tx<'_>, user: UserId, status: Status, activities: Option<Vec<Value>>) {
    let Some(found) = tx.world.users.get_mut(&user) else { return };
    let activities = activities.unwrap_or_else(|| found.activities.clone());
    if found.status == status && found.activities == activities {
        return;
    }
    found.status = status;
    found.activities = activities;
    let data = wire::presence(found);
    let guilds: Vec<GuildId> = tx.world.guilds_of(user).map(|g| g.id).collect();
    for guild in guilds {
        let mut data = data.clone();
        data["guild_id"] = json!(guild);
        tx.emit(EventKind::PresenceUpdate, Audience::Guild(guild), data);
    }
}
