//! Where the gateway is. See Discord docs: Gateway / Get Gateway Bot.

use cogwright_sim_world::ApiError;
use serde_json::json;

use super::{Reply, Request, Routes};
use crate::Sim;

pub(super) const ROUTES: Routes = &[("get_gateway", gateway), ("get_bot_gateway", for_bot)];

fn gateway(_: Request, sim: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(json!({ "url": sim.addresses().gateway_url })))
}

fn for_bot(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let application = request.application()?;
    let now = sim.clock().now();
    let state = sim.state();
    let limit = state.gateway.session_start_limit(state.world.application(application)?, now);
    let guilds = state.world.guilds_of(application.into()).count();
    // Zero comes from Rust alone, where nobody looks at the setting before it is used.
    let of_each = sim.settings().guilds_per_shard.max(1) as usize;
    Ok(Reply::ok(json!({
        "url": sim.addresses().gateway_url,
        "shards": guilds.div_ceil(of_each).max(1),
        "session_start_limit": limit,
    })))
}
