//! Sounds of guilds, those that everybody has, and playing them. See Discord docs: Soundboard.

use cogwright_sim_world::{ApiError, GuildId, SoundId, places, voice};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_soundboard_default_sounds", defaults),
    ("list_guild_soundboard_sounds", list),
    ("get_guild_soundboard_sound", one),
    ("create_guild_soundboard_sound", create),
    ("update_guild_soundboard_sound", edit),
    ("delete_guild_soundboard_sound", delete),
    ("send_soundboard_sound", send),
];

/// Guild and sound of the path.
fn place(request: &Request) -> Result<(GuildId, SoundId), ApiError> {
    Ok((request.id("guild_id")?, request.id("sound_id")?))
}

fn defaults(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(places::default_sounds()))
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_sounds(world, actor, guild, now))
}

fn one(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, sound)) = (request.actor()?, place(&request)?);
    read(sim, |world, now| places::guild_sound(world, actor, guild, sound, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::CreateSound { actor, guild, body: request.body }).map(Reply::created)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, sound)) = (request.actor()?, place(&request)?);
    sim.apply(places::PatchSound { actor, guild, sound, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, sound)) = (request.actor()?, place(&request)?);
    sim.apply(places::DeleteSound { actor, guild, sound })?;
    Ok(Reply::no_content())
}

fn send(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(voice::SendSound { actor, channel, body: request.body })?;
    Ok(Reply::no_content())
}
