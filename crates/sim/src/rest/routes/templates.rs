//! Templates of guilds. See Discord docs: Guild Template.

use cogwright_sim_world::{ApiError, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_guild_template", any),
    ("list_guild_templates", list),
    ("create_guild_template", create),
    ("sync_guild_template", sync),
    ("update_guild_template", edit),
    ("delete_guild_template", delete),
];

/// The code of the path.
fn code(request: &Request) -> String {
    request.text("code").to_owned()
}

fn any(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    read(sim, |world, _| places::template(world, request.text("code")))
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_templates(world, actor, guild, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::CreateTemplate { actor, guild, body: request.body }).map(Reply::ok)
}

fn sync(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, code) = (request.actor()?, request.id("guild_id")?, code(&request));
    sim.apply(places::SyncTemplate { actor, guild, code }).map(Reply::ok)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, code) = (request.actor()?, request.id("guild_id")?, code(&request));
    sim.apply(places::PatchTemplate { actor, guild, code, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, code) = (request.actor()?, request.id("guild_id")?, code(&request));
    sim.apply(places::DeleteTemplate { actor, guild, code }).map(Reply::ok)
}
