//! Roles. See Discord docs: Guild / Role.

use cogwright_sim_world::{ApiError, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes =
    &[("list_guild_roles", list), ("get_guild_role", role), ("guild_role_member_counts", counts)];

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
