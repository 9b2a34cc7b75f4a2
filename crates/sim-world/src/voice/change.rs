//! The steps that change voice states: they store and announce; their callers have checked.

use serde_json::{Value, json};

use crate::{
    Audience, ChannelId, EventKind, GuildId, Tx, UserId, VoiceState, scheduled_events::occupancy_changed,
    wire,
};

/// Stores a state, new or changed, and tells those who see the channel. Whoever saw the channel left and does not
/// see the new one is told that the member left.
pub(super) fn set(tx: &mut Tx<'_>, guild: GuildId, state: VoiceState) {
    let (user, channel) = (state.user, state.channel);
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    let before = found.voice.states.insert(user, state);
    let left = before.map(|old| old.channel).filter(|old| *old != channel);
    if let Some(left) = left {
        let members = tx.world.guilds.get(&guild).map(|g| g.members.keys()).into_iter().flatten();
        let lost = |id: &UserId| {
            tx.world.can_view(left, *id, tx.now) && !tx.world.can_view(channel, *id, tx.now) && *id != user
        };
        let blind: Vec<UserId> = members.copied().filter(lost).collect();
        if !blind.is_empty()
            && let Some(data) = shown(tx, guild, user, true)
        {
            tx.emit(EventKind::VoiceStateUpdate, Audience::Users(Some(guild), blind), data);
        }
    }
    announce(tx, guild, user);
    if let Some(left) = left {
        after_leaving(tx, guild, left);
    }
    start(tx, guild, channel);
}

/// VOICE_STATE_UPDATE with the state as it is.
pub(super) fn announce(tx: &mut Tx<'_>, guild: GuildId, user: UserId) {
    let state = tx.world.guilds.get(&guild).and_then(|g| g.voice.states.get(&user));
    let Some(channel) = state.map(|s| s.channel) else { return };
    let Some(data) = shown(tx, guild, user, false) else { return };
    // Somebody may be moved where they cannot look.
    if !tx.world.can_view(channel, user, tx.now) {
        tx.emit(EventKind::VoiceStateUpdate, Audience::Users(Some(guild), vec![user]), data.clone());
    }
    tx.emit(EventKind::VoiceStateUpdate, Audience::Channel { guild: Some(guild), channel }, data);
}

fn shown(tx: &Tx<'_>, guild: GuildId, user: UserId, gone: bool) -> Option<Value> {
    let found = tx.world.guilds.get(&guild)?;
    let mut data = wire::voice_state(tx.world, found, found.voice.states.get(&user)?);
    if gone {
        data["channel_id"] = Value::Null;
    }
    Some(data)
}

/// Takes a member out of voice; answers whether they were in it.
pub(crate) fn disconnect(tx: &mut Tx<'_>, guild: GuildId, user: UserId) -> bool {
    let Some(data) = shown(tx, guild, user, true) else { return false };
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return false };
    let Some(state) = found.voice.states.remove(&user) else { return false };
    let channel = state.channel;
    if !tx.world.can_view(channel, user, tx.now) {
        tx.emit(EventKind::VoiceStateUpdate, Audience::Users(Some(guild), vec![user]), data.clone());
    }
    tx.emit(EventKind::VoiceStateUpdate, Audience::Channel { guild: Some(guild), channel }, data);
    after_leaving(tx, guild, channel);
    true
}

/// Takes everybody out of a channel that is about to be removed.
pub(crate) fn empty(tx: &mut Tx<'_>, channel: ChannelId) {
    let Some(guild) = tx.world.channels.get(&channel).and_then(|c| c.guild) else { return };
    let Some(found) = tx.world.guilds.get(&guild) else { return };
    let users: Vec<UserId> = found.voice.in_channel(channel).map(|s| s.user).collect();
    if !users.is_empty() {
        // Whoever sees the channel is asked for before it goes: afterwards nobody does.
        let sees = |id: &UserId| users.contains(id) || tx.world.can_view(channel, *id, tx.now);
        let viewers: Vec<UserId> = found.members.keys().copied().filter(sees).collect();
        for user in users {
            let Some(data) = shown(tx, guild, user, true) else { continue };
            if let Some(found) = tx.world.guilds.get_mut(&guild) {
                found.voice.states.remove(&user);
            }
            let audience = Audience::Users(Some(guild), viewers.clone());
            tx.emit(EventKind::VoiceStateUpdate, audience, data);
        }
    }
    if let Some(found) = tx.world.guilds.get_mut(&guild) {
        found.voice.calls.remove(&channel);
    }
    super::stage::close(tx, guild, channel);
}

/// The first one enters.
fn start(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId) {
    let now = tx.now;
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    let call = found.voice.calls.entry(channel).or_default();
    if call.started.is_none() {
        call.started = Some(now);
        start_time(tx, guild, channel, json!(now.ms() / 1000));
    }
    occupancy_changed(tx, guild, channel);
}

/// The last one leaves: the call ends and takes the channel's status with it.
fn after_leaving(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId) {
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    if found.voice.in_channel(channel).next().is_some() {
        return;
    }
    let call = found.voice.calls.remove(&channel);
    occupancy_changed(tx, guild, channel);
    let Some(call) = call else { return };
    start_time(tx, guild, channel, Value::Null);
    if call.status.is_some() {
        status(tx, guild, channel, None);
    }
}

/// VOICE_CHANNEL_START_TIME_UPDATE, in Unix seconds.
fn start_time(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId, seconds: Value) {
    let data = json!({ "id": channel, "guild_id": guild, "voice_start_time": seconds });
    let audience = Audience::Channel { guild: Some(guild), channel };
    tx.emit(EventKind::VoiceChannelStartTimeUpdate, audience, data);
}

/// VOICE_CHANNEL_STATUS_UPDATE.
pub(super) fn status(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId, status: Option<&str>) {
    let data = json!({ "id": channel, "guild_id": guild, "status": status });
    let audience = Audience::Channel { guild: Some(guild), channel };
    tx.emit(EventKind::VoiceChannelStatusUpdate, audience, data);
}
