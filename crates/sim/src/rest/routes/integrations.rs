//! Integrations of a guild. See Discord docs: Guild / Get Guild Integrations, Delete Guild Integration.

use cogwright_sim_world::{ApiError, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("list_guild_integrations", list), ("delete_guild_integration", delete)];

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_integrations(world, actor, guild, now))
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    let application = request.id("integration_id")?;
    sim.apply(places::RemoveApplication { user: actor.user, application, guild })?;
    Ok(Reply::no_content())
}
