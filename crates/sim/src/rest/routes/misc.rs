//! Small lists that clients fetch whether they need them or not.

use cogwright_sim_world::{ApiError, GuildId, places};
use serde_json::{Value, json};

use super::{Reply, Request, Routes};
use crate::Sim;

pub(super) const ROUTES: Routes =
    &[("list_voice_regions", regions), ("list_guild_voice_regions", guild_regions)];

/// See Discord docs: Voice / Voice Region Object.
fn region_list() -> Value {
    let region = |id: &str, name: &str, optimal: bool| json!({"id": id, "name": name, "optimal": optimal, "deprecated": false, "custom": false});
    json!([region("rotterdam", "Rotterdam", true), region("singapore", "Singapore", false)])
}

fn regions(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(region_list()))
}

fn guild_regions(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    sim.read(|world, now| places::guild(world, actor, guild, false, now))?;
    Ok(Reply::ok(region_list()))
}
