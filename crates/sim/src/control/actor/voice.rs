//! A person enters, leaves and moves between voice channels, asks to speak on a stage, and plays sounds.

use cogwright_sim_world::{Actor, ApiError, ChannelId, GuildId, SoundId, UserId, voice};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `join_voice`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct JoinVoice {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Which voice or stage channel; whoever is there already changes what follows.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// Muted by themselves.
    #[serde(default)]
    self_mute: bool,
    /// Deafened by themselves.
    #[serde(default)]
    self_deaf: bool,
    /// With their camera on.
    #[serde(default)]
    self_video: bool,
}

/// Body of `leave_voice`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LeaveVoice {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
}

/// Body of `request_to_speak`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RequestToSpeak {
    /// Who; connected to a stage channel.
    #[schemars(with = "String")]
    user: UserId,
    /// Take the request back, or turn down an invitation.
    #[serde(default)]
    remove: bool,
}

/// Body of `play_sound`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlaySound {
    /// Who; connected to a voice channel, with SPEAK and USE_SOUNDBOARD there.
    #[schemars(with = "String")]
    user: UserId,
    /// Which sound.
    #[schemars(with = "String")]
    sound: SoundId,
    /// The guild that it is from, if it is another one than that of the channel.
    #[schemars(with = "Option<String>")]
    source_guild: Option<GuildId>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/actor/join_voice",
            "Enters a voice channel, leaving any other; answers the voice state",
            join,
        ),
        Endpoint::post("/actor/leave_voice", "Leaves the voice channel", leave),
        Endpoint::post("/actor/request_to_speak", "Asks to speak on a stage, or no longer", request),
        Endpoint::post("/actor/play_sound", "Plays a sound of the soundboard in the own voice channel", play),
    ]
}

fn join(call: Call<JoinVoice>) -> Answer {
    let JoinVoice { user, channel, self_mute, self_deaf, self_video } = call.body;
    let guild = call.sim.read(|world, _| {
        let guild = world.channel(channel)?.guild;
        guild.ok_or_else(ApiError::wrong_channel_type)
    })?;
    let channel = Some(channel);
    let connect = voice::Connect { user, guild, channel, session: None, self_mute, self_deaf, self_video };
    Ok(call.sim.apply(connect)?)
}

/// Where a person is connected.
fn place<B>(call: &Call<B>, user: UserId) -> Option<GuildId> {
    call.sim.read(|world, _| world.guilds().find(|g| g.voice.states.contains_key(&user)).map(|g| g.id))
}

fn leave(call: Call<LeaveVoice>) -> Answer {
    let user = call.body.user;
    if let Some(guild) = place(&call, user) {
        call.sim.apply(voice::Connect {
            user,
            guild,
            channel: None,
            session: None,
            self_mute: false,
            self_deaf: false,
            self_video: false,
        })?;
    }
    Ok(json!({}))
}

fn request(call: Call<RequestToSpeak>) -> Answer {
    let RequestToSpeak { user, remove } = call.body;
    let guild = place(&call, user).ok_or_else(ApiError::unknown_voice_state)?;
    let at = if remove { None } else { Some(call.sim.clock().now().iso()) };
    let body = json!({ "request_to_speak_timestamp": at });
    call.sim.apply(voice::PatchVoiceState { actor: Actor::person(user), guild, user, body })?;
    Ok(json!({}))
}

fn play(call: Call<PlaySound>) -> Answer {
    let PlaySound { user, sound, source_guild } = call.body;
    let states = |world: &cogwright_sim_world::World| {
        world.guilds().find_map(|guild| guild.voice.states.get(&user)).map(|state| state.channel)
    };
    let channel = call.sim.read(|world, _| states(world)).ok_or_else(ApiError::unknown_voice_state)?;
    let body = json!({ "sound_id": sound, "source_guild_id": source_guild });
    call.sim.apply(voice::SendSound { actor: Actor::person(user), channel, body })?;
    Ok(json!({}))
}
