//! Where the gateway is. See Discord docs: Gateway / Get Gateway Bot.

use cogwright_sim_world::ApiError;
use serde_json::json;

use super::{Reply, Request, Routes};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("get_gateway", gateway), ("get_bot_gateway", for_bot)];

/// Guilds per shard that Discord aims at when it recommends a number of shards.
const GUILDS_PER_SHARD: usize = 1000;

fn gateway(_: Request, sim: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(json!({ "url": sim.addresses().gateway_url })))
}

fn for_bot(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let application = request.application()?;
    let now = sim.clock().now();
    let state = sim.state();
    let limit = state.gateway.session_start_limit(state.world.application(application)?, now);
    let guilds = state.world.guilds_of(application.into()).count();
    Ok(Reply::ok(json!({
        "url": sim.addresses().gateway_url,
        "shards": guilds.div_ceil(GUILDS_PER_SHARD).max(1),
        "session_start_limit": limit,
    })))
}
