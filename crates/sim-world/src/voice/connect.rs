//! Joining a voice channel, moving to another, leaving: people by the control API, bots by the gateway's op 4.
//! See Discord docs: Gateway Events / Update Voice State.

use serde_json::Value;

use super::{change, voice_channel};
use crate::{
    Action, Actor, ApiError, ChannelId, ChannelKind, GuildId, Timestamp, Tx, UserId, VoiceState, World,
    permissions::{CONNECT, MOVE_MEMBERS, SPEAK},
    wire,
};

/// Whether a member may enter a voice channel: CONNECT there, and room for them unless they may move members.
///
/// # Errors
/// 10003, 10004, 50001 (not a member, not visible), 50013, 50024, 50035 / `CHANNEL_FULL`.
pub fn may_enter(
    world: &World,
    guild: GuildId,
    channel: ChannelId,
    user: UserId,
    now: Timestamp,
) -> Result<(), ApiError> {
    let actor = Actor::person(user);
    let found = world.require_guild(actor, guild, 0, now)?;
    let place = voice_channel(world, guild, channel)?;
    if found.voice.states.get(&user).is_some_and(|s| s.channel == channel) {
        return Ok(());
    }
    world.require(actor, channel, CONNECT, now)?;
    let bits = world.channel_permissions(channel, user, now)?;
    let full = place.user_limit > 0 && found.voice.in_channel(channel).count() >= place.user_limit as usize;
    if full && bits & MOVE_MEMBERS == 0 {
        return Err(ApiError::form("channel", "CHANNEL_FULL", "The voice channel is full."));
    }
    Ok(())
}

/// Whether somebody who enters a channel cannot be heard: in the audience of a stage, or without SPEAK.
pub(super) fn suppressed(world: &World, channel: ChannelId, user: UserId, now: Timestamp) -> bool {
    let stage = world.channel(channel).is_ok_and(|c| c.kind == ChannelKind::Stage);
    stage || world.channel_permissions(channel, user, now).is_ok_and(|bits| bits & SPEAK == 0)
}

/// A member connects to a voice channel, moves, changes what they set themselves, or leaves. A person is in one
/// voice channel at a time, a bot in one of each guild.
///
/// # Errors
/// Those of [`may_enter`]; 10004 and 50001 when leaving. Leaving twice changes nothing.
#[derive(Clone, Debug)]
pub struct Connect {
    /// Who.
    pub user: UserId,
    /// In which guild.
    pub guild: GuildId,
    /// Where; `None` leaves.
    pub channel: Option<ChannelId>,
    /// A bot's gateway session; `None` keeps a person's, or makes one up.
    pub session: Option<String>,
    /// Muted by themselves.
    pub self_mute: bool,
    /// Deafened by themselves.
    pub self_deaf: bool,
    /// With their camera on.
    pub self_video: bool,
}

impl Action for Connect {
    /// The voice state, or null.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (user, guild) = (self.user, self.guild);
        let Some(channel) = self.channel else {
            tx.world.require_guild(Actor::person(user), guild, 0, tx.now)?;
            change::disconnect(tx, guild, user);
            return Ok(Value::Null);
        };
        may_enter(tx.world, guild, channel, user, tx.now)?;
        let before = tx.world.guild(guild)?.voice.states.get(&user).cloned();
        let stays = before.as_ref().filter(|old| old.channel == channel);
        let session = self.session.or_else(|| before.as_ref().map(|old| old.session.clone()));
        let state = VoiceState {
            user,
            channel,
            session: session.unwrap_or_else(|| format!("{:032x}", tx.mint())),
            self_mute: self.self_mute,
            self_deaf: self.self_deaf,
            self_video: self.self_video,
            suppress: stays.map_or_else(|| suppressed(tx.world, channel, user, tx.now), |old| old.suppress),
            request_to_speak: stays.and_then(|old| old.request_to_speak),
        };
        if !tx.world.user(user)?.bot {
            leave_others(tx, guild, user);
        }
        if before.as_ref() != Some(&state) {
            change::set(tx, guild, state);
        }
        let found = tx.world.guild(guild)?;
        let state = found.voice.states.get(&user).ok_or_else(ApiError::unknown_voice_state)?;
        Ok(wire::voice_state(tx.world, found, state))
    }
}

fn leave_others(tx: &mut Tx<'_>, guild: GuildId, user: UserId) {
    let elsewhere = |g: &&crate::Guild| g.id != guild && g.voice.states.contains_key(&user);
    let others: Vec<GuildId> = tx.world.guilds().filter(elsewhere).map(|g| g.id).collect();
    for other in others {
        change::disconnect(tx, other, user);
    }
}

/// A gateway session ends: whatever connected through it leaves.
#[derive(Clone, Debug)]
pub struct EndSession {
    /// Whose.
    pub user: UserId,
    /// Its id.
    pub session: String,
}

impl Action for EndSession {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let through = |g: &&crate::Guild| {
            g.voice.states.get(&self.user).is_some_and(|state| state.session == self.session)
        };
        let guilds: Vec<GuildId> = tx.world.guilds().filter(through).map(|g| g.id).collect();
        for guild in guilds {
            change::disconnect(tx, guild, self.user);
        }
        Ok(())
    }
}

impl World {
    /// Takes all bots out of voice, without events: to be called when a world begins to be served, as the gateway
    /// sessions by which they were connected are gone.
    pub fn forget_sessions(&mut self) {
        let users = &self.users;
        for guild in self.guilds.values_mut() {
            guild.voice.states.retain(|user, _| users.get(user).is_some_and(|u| !u.bot));
            let occupied: Vec<ChannelId> = guild.voice.states.values().map(|s| s.channel).collect();
            guild.voice.calls.retain(|channel, call| call.started.is_none() || occupied.contains(channel));
        }
    }
}
