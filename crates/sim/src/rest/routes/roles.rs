//! Roles. See Discord docs: Guild / Role.

use cogwright_sim_world::{ApiError, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_roles", list),
    ("get_guild_role", role),
    ("guild_role_member_counts", counts),
    ("create_guild_role", create),
    ("update_guild_role", edit),
    ("delete_guild_role", delete),
    ("bulk_update_guild_roles", reorder),
];

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_roles(world, actor, guild, now))
}

fn role(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    let role = request.id("role_id")?;
    read(sim, |world, now| places::guild_role(world, actor, guild, role, now))
}

fn counts(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::role_member_counts(world, actor, guild, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::CreateRole { actor, guild, body: request.body }).map(Reply::ok)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, role) = (request.actor()?, request.id("guild_id")?, request.id("role_id")?);
    sim.apply(places::PatchRole { actor, guild, role, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, role) = (request.actor()?, request.id("guild_id")?, request.id("role_id")?);
    sim.apply(places::DeleteRole { actor, guild, role })?;
    Ok(Reply::no_content())
}

fn reorder(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::MoveRoles { actor: Some(actor), guild, body: request.body }).map(Reply::ok)
}
