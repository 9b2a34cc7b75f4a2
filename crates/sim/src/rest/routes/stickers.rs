//! Stickers of guilds, and those that everybody has. See Discord docs: Sticker.

use cogwright_sim_world::{ApiError, GuildId, StickerId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_stickers", list),
    ("get_guild_sticker", one),
    ("create_guild_sticker", create),
    ("update_guild_sticker", edit),
    ("delete_guild_sticker", delete),
    ("get_sticker", any),
    ("list_sticker_packs", packs),
    ("get_sticker_pack", pack),
];

/// Guild and sticker of the path.
fn place(request: &Request) -> Result<(GuildId, StickerId), ApiError> {
    Ok((request.id("guild_id")?, request.id("sticker_id")?))
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_stickers(world, actor, guild, now))
}

fn one(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, sticker)) = (request.actor()?, place(&request)?);
    read(sim, |world, now| places::guild_sticker(world, actor, guild, sticker, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    let create = places::CreateSticker { actor, guild, body: request.body, files: request.files };
    sim.apply(create).map(Reply::created)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, sticker)) = (request.actor()?, place(&request)?);
    sim.apply(places::PatchSticker { actor, guild, sticker, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, sticker)) = (request.actor()?, place(&request)?);
    sim.apply(places::DeleteSticker { actor, guild, sticker })?;
    Ok(Reply::no_content())
}

fn any(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let id: StickerId = request.id("sticker_id")?;
    read(sim, |world, _| places::sticker(world, id))
}

fn packs(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(places::sticker_packs()))
}

fn pack(request: Request, _: &Sim) -> Result<Reply, ApiError> {
    places::sticker_pack(request.id("pack_id")?).map(Reply::ok)
}
