//! Voice, as far as others see it: who is connected where, muting and moving, stages' speakers, the status of a
//! channel, sounds. Nothing is ever heard: there is no voice server. See Discord docs: Voice, Soundboard,
//! Channel / Set Voice Channel Status.

mod change;
mod connect;
mod effect;
mod member;
mod patch;
mod stage;
mod status;

pub(crate) use change::{disconnect, empty};
pub(crate) use member::MemberVoice;
pub(crate) use stage::{close, open_for, stages, tell_opened};

pub use connect::{Connect, EndSession, may_enter};
pub use effect::SendSound;
pub use patch::{PatchVoiceState, state};
pub use stage::{CloseStage, OpenStage, PatchStage, stage};
pub use status::{SetStatus, channel_info};

use crate::{Actor, ApiError, Channel, ChannelId, Guild, GuildId, Timestamp, UserId, VoiceState, World};

/// A voice or stage channel of a guild.
///
/// # Errors
/// 10003 unknown or another guild's, 50024 of another type.
fn voice_channel(world: &World, guild: GuildId, id: ChannelId) -> Result<&Channel, ApiError> {
    let channel = world.channel(id)?;
    if channel.guild != Some(guild) {
        return Err(ApiError::unknown_channel());
    }
    if channel.kind.is_voice() { Ok(channel) } else { Err(ApiError::wrong_channel_type()) }
}

/// The guild and a member's connection there.
///
/// # Errors
/// 10004, 50001 for strangers, 10065 without a connection.
fn connected(
    world: &World,
    actor: Actor,
    guild: GuildId,
    user: UserId,
    now: Timestamp,
) -> Result<(&Guild, &VoiceState), ApiError> {
    let guild = world.require_guild(actor, guild, 0, now)?;
    let state = guild.voice.states.get(&user).ok_or_else(ApiError::unknown_voice_state)?;
    Ok((guild, state))
}
