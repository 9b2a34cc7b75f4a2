//! Removing inactive members. See Discord docs: Guild / Get Guild Prune Count, Begin Guild Prune.

use cogwright_sim_world::{
    ApiError, GuildId,
    places::moderation::{self, Prune},
};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("preview_prune_guild", preview), ("prune_guild", begin)];

fn preview(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    let query = request.query.to_json();
    read(sim, |world, now| moderation::prune_count(world, actor, guild, &query, now))
}

fn begin(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(Prune { actor, guild, body: request.body }).map(Reply::ok)
}
