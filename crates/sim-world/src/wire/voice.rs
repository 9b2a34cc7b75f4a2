//! Voice state objects. See Discord docs: Voice / Voice State Object.

use serde_json::{Value, json};

use super::member;
use crate::{ChannelId, Guild, GuildId, StageInstance, Timestamp, UserId, VoiceState, World};

/// A voice state with its guild and member.
pub fn voice_state(world: &World, guild: &Guild, state: &VoiceState) -> Value {
    let found = guild.members.get(&state.user);
    let mut value = json!({
        "channel_id": state.channel,
        "guild_id": guild.id,
        "user_id": state.user,
        "session_id": state.session,
        "deaf": found.is_some_and(|m| m.deaf),
        "mute": found.is_some_and(|m| m.mute),
        "self_deaf": state.self_deaf,
        "self_mute": state.self_mute,
        "self_stream": false,
        "self_video": state.self_video,
        "suppress": state.suppress,
        "request_to_speak_timestamp": state.request_to_speak.map(Timestamp::iso),
    });
    if let Some(found) = found {
        value["member"] = member(world, guild, found);
    }
    value
}

/// The voice states of a guild's GUILD_CREATE: those in channels that the viewer can see, without `guild_id` and
/// `member`.
pub fn voice_states(world: &World, guild: &Guild, viewer: UserId, now: Timestamp) -> Value {
    let states = guild.voice.states.values().filter(|s| world.can_view(s.channel, viewer, now));
    states
        .map(|state| {
            let mut value = voice_state(world, guild, state);
            if let Some(map) = value.as_object_mut() {
                map.shift_remove("guild_id");
                map.shift_remove("member");
            }
            value
        })
        .collect()
}

/// An open stage. See Discord docs: Stage Instance / Stage Instance Object.
pub fn stage_instance(guild: GuildId, channel: ChannelId, stage: &StageInstance) -> Value {
    json!({
        "id": stage.id.to_string(),
        "guild_id": guild,
        "channel_id": channel,
        "topic": stage.topic,
        "privacy_level": 2,
        "discoverable_disabled": true,
        "guild_scheduled_event_id": stage.event,
    })
}
