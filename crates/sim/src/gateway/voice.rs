//! Op 4: joining and leaving voice, as far as others see it. See Discord docs: Gateway Events / Update Voice
//! State.
//!
//! There is no voice server: VOICE_SERVER_UPDATE says so with a null endpoint, which is what Discord sends while
//! it has none to give.

use cogwright_sim_world::{Audience, ChannelId, Event, EventKind, GuildId, UserId, wire};
use serde_json::{Value, json};

use super::{codes::Close, desk::Desk};

/// What op 4 causes.
#[derive(Debug)]
pub(crate) struct Voice {
    /// VOICE_STATE_UPDATE, for everybody in the guild.
    pub(crate) state: Event,
    /// VOICE_SERVER_UPDATE for the session itself, unless it left.
    pub(crate) server: Option<Value>,
}

/// Reads op 4. `None` when the bot cannot enter there, which Discord passes over in silence.
pub(crate) fn read(d: &Value, desk: &Desk<'_>, bot: UserId, session: &str) -> Result<Option<Voice>, Close> {
    let guild: GuildId = serde_json::from_value(d["guild_id"].clone()).map_err(|_| Close::Decode)?;
    let channel: Option<ChannelId> = match &d["channel_id"] {
        Value::Null => None,
        id => Some(serde_json::from_value(id.clone()).map_err(|_| Close::Decode)?),
    };
    let Ok(found) = desk.world.guild(guild) else { return Ok(None) };
    let Some(member) = found.members.get(&bot) else { return Ok(None) };
    if let Some(id) = channel {
        let enters = desk.world.channel(id).is_ok_and(|c| c.guild == Some(guild) && c.kind.is_voice())
            && desk.world.can_view(id, bot, desk.now);
        if !enters {
            return Ok(None);
        }
    }
    let state = json!({
        "guild_id": guild,
        "channel_id": channel,
        "user_id": bot,
        "member": wire::member(desk.world, found, member),
        "session_id": session,
        "deaf": member.deaf,
        "mute": member.mute,
        "self_deaf": d["self_deaf"] == true,
        "self_mute": d["self_mute"] == true,
        "self_video": false,
        "suppress": false,
        "request_to_speak_timestamp": null,
    });
    let audience = match channel {
        Some(channel) => Audience::Channel { guild: Some(guild), channel },
        None => Audience::Guild(guild),
    };
    let state = Event { kind: EventKind::VoiceStateUpdate, audience, data: state.into() };
    let server = channel.map(|_| json!({ "token": "none", "guild_id": guild, "endpoint": null }));
    Ok(Some(Voice { state, server }))
}
