//! Guilds as such. See Discord docs: Guild.

use cogwright_sim_world::{ApiError, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("get_guild", guild)];

fn guild(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, id) = (request.actor()?, request.id("guild_id")?);
    let with_counts = request.query.flag("with_counts")?;
    read(sim, |world, now| places::guild(world, actor, id, with_counts, now))
}
