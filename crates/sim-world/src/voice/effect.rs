//! Sounds that are played in a voice channel. See Discord docs: Soundboard / Send Soundboard Sound, Gateway Events /
//! Voice Channel Effect Send.

use serde_json::{Value, json};

use super::voice_channel;
use crate::{
    Action, Actor, ApiError, Audience, ChannelId, Emoji, EventKind, GuildId, Sound, SoundId, Timestamp, Tx,
    UserId, World, body,
    permissions::{SPEAK, USE_EXTERNAL_SOUNDS, USE_SOUNDBOARD},
    places::DEFAULT_SOUNDS,
};

/// The standard animation of an emoji, which is all that somebody without Nitro sends.
const BASIC: u8 = 1;

/// POST /channels/{channel}/send-soundboard-sound: `{sound_id, source_guild_id?}`, one of those that everybody has, one
/// of the guild, or one of another guild that the actor is in. VOICE_CHANNEL_EFFECT_SEND to those who are connected to
/// the channel.
///
/// # Errors
/// 10003, 10004, 10097, 50001, 50013 (SPEAK and USE_SOUNDBOARD; USE_EXTERNAL_SOUNDS for another guild's), 50024 (no voice
/// channel), 50035, 50167 (deaf, muted by the server or suppressed), 50168 (not connected to the channel).
#[derive(Debug)]
pub struct SendSound {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for SendSound {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let (actor, id, now) = (self.actor, self.channel, tx.now);
        let guild = tx.world.require(actor, id, 0, now)?.guild.ok_or_else(ApiError::wrong_channel_type)?;
        voice_channel(tx.world, guild, id)?;
        let (sound, source) = body::read(&self.body, |form| {
            if form.get("sound_id").is_none() {
                form.missing("sound_id");
            }
            (form.id::<SoundId>("sound_id"), form.id::<GuildId>("source_guild_id"))
        })?;
        let source = source.filter(|source| *source != guild);
        let external = if source.is_some() { USE_EXTERNAL_SOUNDS } else { 0 };
        tx.world.require(actor, id, SPEAK | USE_SOUNDBOARD | external, now)?;
        check_connection(tx.world, guild, id, actor.user)?;
        let sound = sound.ok_or_else(ApiError::unknown_sound)?;
        let mut data = find(tx.world, actor, sound, guild, source, now)?;
        data["channel_id"] = json!(id);
        data["guild_id"] = json!(guild);
        data["user_id"] = json!(actor.user);
        let listeners = tx.world.guild(guild)?.voice.in_channel(id).map(|state| state.user).collect();
        tx.emit(EventKind::VoiceChannelEffectSend, Audience::Users(Some(guild), listeners), data);
        Ok(())
    }
}

/// Who plays a sound is there and can be heard; that they have muted themselves is no hindrance. The HTTP status of 50168
/// is not documented: it is that of 50167.
fn check_connection(world: &World, guild: GuildId, channel: ChannelId, user: UserId) -> Result<(), ApiError> {
    let found = world.guild(guild)?;
    let state = found.voice.states.get(&user).filter(|state| state.channel == channel);
    let state = state.ok_or_else(|| {
        ApiError::new(403, 50168, "User must be in voice channel to send voice channel effect")
    })?;
    let by_server = found.members.get(&user).is_some_and(|member| member.deaf || member.mute);
    if by_server || state.self_deaf || state.suppress {
        let message = "Cannot send voice effect when user is server muted, deafened, or suppressed";
        return Err(ApiError::new(403, 50167, message));
    }
    Ok(())
}

/// What VOICE_CHANNEL_EFFECT_SEND says of a sound. The id of one that everybody has is a number on the wire.
fn find(
    world: &World,
    actor: Actor,
    id: SoundId,
    guild: GuildId,
    source: Option<GuildId>,
    now: Timestamp,
) -> Result<Value, ApiError> {
    if let Some((_, _, emoji)) = DEFAULT_SOUNDS.iter().find(|(known, ..)| *known == id && source.is_none()) {
        let emoji = json!({ "id": null, "name": emoji, "animated": false });
        return Ok(effect(json!(id.get()), 1.0, emoji));
    }
    let from = match source {
        Some(source) => world.require_guild(actor, source, 0, now)?,
        None => world.guild(guild)?,
    };
    let sound = from.sounds.get(&id).ok_or_else(ApiError::unknown_sound)?;
    let custom = sound.emoji_id.and_then(|id| from.emojis.get(&id));
    Ok(effect(json!(id), sound.volume, emoji_of(sound, custom)))
}

fn emoji_of(sound: &Sound, custom: Option<&Emoji>) -> Value {
    match (custom, &sound.emoji_name) {
        (Some(emoji), _) => json!({ "id": emoji.id, "name": emoji.name, "animated": emoji.animated }),
        (None, Some(name)) => json!({ "id": null, "name": name, "animated": false }),
        (None, None) => Value::Null,
    }
}

/// An effect without an emoji has no animation either.
fn effect(sound: Value, volume: f64, emoji: Value) -> Value {
    let mut value = json!({ "channel_id": null, "guild_id": null, "user_id": null });
    value["animation_type"] = if emoji.is_null() { Value::Null } else { json!(BASIC) };
    if !emoji.is_null() {
        value["animation_id"] = json!(0);
    }
    value["emoji"] = emoji;
    value["sound_id"] = sound;
    value["sound_volume"] = json!(volume);
    value
}
