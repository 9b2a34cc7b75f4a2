//! What is said of a voice channel: its status and since when somebody is there. Neither is part of the channel
//! object; clients ask for both by the gateway's op 43. See Discord docs: Channel / Set Voice Channel Status,
//! Gateway Events / Request Channel Info.

use serde_json::{Value, json};

use super::change;
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, ChannelId, ChannelKind, GuildId, Timestamp, Tx, UserId,
    World, body,
    permissions::{MANAGE_CHANNELS, SET_VOICE_CHANNEL_STATUS},
};

/// Characters of a status.
const MAX_STATUS: usize = 500;

/// PUT /channels/{channel}/voice-status: `status`, up to 500 characters; null and an empty one take it away. It
/// goes by itself when the last one leaves the channel.
///
/// # Errors
/// 10003, 50001, 50013 (SET_VOICE_CHANNEL_STATUS; MANAGE_CHANNELS too for who is not connected to the channel),
/// 50024 (not a voice channel), 50035.
#[derive(Debug)]
pub struct SetStatus {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for SetStatus {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let (actor, id) = (self.actor, self.channel);
        let channel = tx.world.require(actor, id, 0, tx.now)?;
        let Some(guild) = channel.guild.filter(|_| channel.kind == ChannelKind::Voice) else {
            return Err(ApiError::wrong_channel_type());
        };
        let voice = &tx.world.guild(guild)?.voice;
        let there = voice.states.get(&actor.user).is_some_and(|state| state.channel == id);
        let needed = SET_VOICE_CHANNEL_STATUS | if there { 0 } else { MANAGE_CHANNELS };
        tx.world.require(actor, id, needed, tx.now)?;
        let status = body::read(&self.body, |form| form.string("status", 0, MAX_STATUS).map(str::to_owned))?;
        let status = status.filter(|text| !text.is_empty());
        let before = voice.calls.get(&id).and_then(|call| call.status.clone());
        if status == before {
            return Ok(());
        }
        if let Some(found) = tx.world.guilds.get_mut(&guild) {
            let call = found.voice.calls.entry(id).or_default();
            call.status.clone_from(&status);
            if call.started.is_none() && call.status.is_none() {
                found.voice.calls.remove(&id);
            }
        }
        change::status(tx, guild, id, status.as_deref());
        let audit = match &status {
            Some(status) => {
                Audit::new(actor.user, AuditAction::VoiceChannelStatusUpdate).option("status", status)
            }
            None => Audit::new(actor.user, AuditAction::VoiceChannelStatusDelete),
        };
        tx.audit(guild, audit.target(id.get()).option("channel_id", id));
        Ok(())
    }
}

/// CHANNEL_INFO of a guild for one of its members: of the channels that they can see and of which there is
/// something to say, the `fields` asked for (`status`, `voice_start_time` in Unix seconds).
pub fn channel_info(world: &World, guild: GuildId, viewer: UserId, fields: &[&str], now: Timestamp) -> Value {
    let Ok(found) = world.guild(guild) else { return Value::Null };
    let calls = found.voice.calls.iter().filter(|(channel, _)| world.can_view(**channel, viewer, now));
    let channels = calls.filter_map(|(channel, call)| {
        let mut info = json!({ "id": channel });
        if let Some(status) = call.status.as_ref().filter(|_| fields.contains(&"status")) {
            info["status"] = json!(status);
        }
        if let Some(started) = call.started.filter(|_| fields.contains(&"voice_start_time")) {
            info["voice_start_time"] = json!(started.ms() / 1000);
        }
        info.as_object().is_some_and(|map| map.len() > 1).then_some(info)
    });
    json!({ "guild_id": guild, "channels": channels.collect::<Vec<Value>>() })
}
