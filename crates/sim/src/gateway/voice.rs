//! Op 4: joining and leaving voice, as far as others see it. See Discord docs: Gateway Events / Update Voice
//! State.
//!
//! There is no voice server: VOICE_SERVER_UPDATE says so with a null endpoint, which is what Discord sends while
//! it has none to give.

use cogwright_sim_world::{ChannelId, GuildId, UserId, voice};
use serde_json::{Value, json};

use super::{codes::Close, desk::Desk};

/// What op 4 causes.
#[derive(Debug)]
pub(crate) struct Voice {
    /// What is to be done to the world.
    pub(crate) connect: voice::Connect,
    /// VOICE_SERVER_UPDATE for the session itself when it enters a channel.
    pub(crate) server: Option<Value>,
}

/// Reads op 4. `None` when the bot cannot enter there, which Discord passes over in silence.
pub(crate) fn read(d: &Value, desk: &Desk<'_>, bot: UserId, session: &str) -> Result<Option<Voice>, Close> {
    let guild: GuildId = serde_json::from_value(d["guild_id"].clone()).map_err(|_| Close::Decode)?;
    let channel: Option<ChannelId> = match &d["channel_id"] {
        Value::Null => None,
        id => Some(serde_json::from_value(id.clone()).map_err(|_| Close::Decode)?),
    };
    if channel.is_some_and(|id| voice::may_enter(desk.world, guild, id, bot, desk.now).is_err()) {
        return Ok(None);
    }
    let connect = voice::Connect {
        user: bot,
        guild,
        channel,
        session: Some(session.to_owned()),
        self_mute: d["self_mute"] == true,
        self_deaf: d["self_deaf"] == true,
        self_video: false,
    };
    let before = desk.world.guild(guild).ok().and_then(|g| g.voice.states.get(&bot));
    let enters = channel.filter(|id| before.is_none_or(|s| s.channel != *id || s.session != session));
    let server = enters.map(|_| json!({ "token": "none", "guild_id": guild, "endpoint": null }));
    Ok(Some(Voice { connect, server }))
}
