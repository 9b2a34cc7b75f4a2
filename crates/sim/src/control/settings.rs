//! `/settings` and `/health`.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};

/// Body of `PATCH /settings`; what is absent stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Patch {
    /// "off", "headers" or "enforce".
    rate_limits: Option<String>,
    /// Send X-RateLimit-Scope on 200 too.
    scope_on_200: Option<bool>,
    /// Keep bodies in the journal.
    journal_bodies: Option<bool>,
    /// Heartbeat interval for new connections, 50 to 3,600,000 ms.
    heartbeat_interval_ms: Option<u64>,
    /// Compress when asked.
    compression: Option<bool>,
    /// Resume window in ms of world time.
    resume_window_ms: Option<u64>,
    /// Guilds for each shard that GET /gateway/bot recommends, from 1 on; Discord's is 1000.
    guilds_per_shard: Option<u32>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/settings", "The settings in force", |call| Ok(json!(call.sim.settings()))),
        Endpoint::patch("/settings", "Changes settings", patch),
        Endpoint::get("/health", "Whether it runs, its addresses, and the ids one begins with", |call| {
            let mut health = json!(call.sim.addresses());
            if let Some(ids) = call.sim.read(|world, _| world.default_ids()) {
                health["application_id"] = json!(ids.application);
                health["guild"] = json!(ids.guild);
                health["channel"] = json!(ids.channel);
                health["user"] = json!(ids.user);
            }
            health["ok"] = Value::Bool(true);
            Ok(health)
        }),
    ]
}

fn patch(call: Call<Patch>) -> Answer {
    let patch = call.body;
    let rate_limits =
        patch
            .rate_limits
            .map(|mode| serde_json::from_value(Value::String(mode)))
            .transpose()
            .map_err(|_| ControlError::field("rate_limits", "One of \"off\", \"headers\", \"enforce\"."))?;
    if patch.heartbeat_interval_ms.is_some_and(|ms| !(50..=3_600_000).contains(&ms)) {
        return Err(ControlError::field("heartbeat_interval_ms", "Between 50 and 3600000."));
    }
    if patch.guilds_per_shard == Some(0) {
        return Err(ControlError::field("guilds_per_shard", "At least 1."));
    }
    call.sim.change_settings(|settings| {
        settings.rate_limits = rate_limits.unwrap_or(settings.rate_limits);
        settings.scope_on_200 = patch.scope_on_200.unwrap_or(settings.scope_on_200);
        settings.journal_bodies = patch.journal_bodies.unwrap_or(settings.journal_bodies);
        settings.heartbeat_interval_ms =
            patch.heartbeat_interval_ms.unwrap_or(settings.heartbeat_interval_ms);
        settings.compression = patch.compression.unwrap_or(settings.compression);
        settings.guilds_per_shard = patch.guilds_per_shard.unwrap_or(settings.guilds_per_shard);
        settings.resume_window_ms = patch.resume_window_ms.unwrap_or(settings.resume_window_ms);
    });
    Ok(json!(call.sim.settings()))
}
