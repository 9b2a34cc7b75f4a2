//! READY. See Discord docs: Gateway Events / Ready.

use cogwright_sim_world::wire;
use serde_json::{Value, json};

use super::{desk::Desk, session::Session};

/// READY's payload. All guilds are unavailable in it; a GUILD_CREATE for each follows.
pub(crate) fn ready(desk: &Desk<'_>, session: &Session, names_shard: bool) -> Value {
    let world = desk.world;
    let user = session.application.into();
    let own = world.user(user).map_or_else(|_| wire::user_by_id(world, user), wire::current_user);
    let flags = world.application(session.application).map_or(0, |a| wire::application_flags(world, a));
    let guilds: Vec<Value> = world
        .guilds_of(user)
        .filter(|g| session.shard.holds(Some(g.id)))
        .map(|g| json!({ "id": g.id, "unavailable": true }))
        .collect();
    let mut ready = json!({
        "v": session.version,
        "user_settings": {},
        "user": own,
        "session_type": "normal",
        "session_id": session.id,
        "resume_gateway_url": desk.gateway_url,
        "relationships": [],
        "private_channels": [],
        "presences": [],
        "guilds": guilds,
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": [],
        "auth": {},
        "application": { "id": session.application, "flags": flags },
        "_trace": ["[\"cogwright-sim\",{\"micros\":0}]"],
    });
    // Left out unless IDENTIFY had one: discord.py's sharded client reads it, others tell absent from present.
    if names_shard {
        ready["shard"] = json!([session.shard.id, session.shard.count]);
    }
    ready
}
