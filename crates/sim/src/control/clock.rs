//! `/clock`: freeze, run and advance world time.

use std::time::Duration;

use cogwright_sim_world::{DISCORD_EPOCH_MS, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint, Nothing},
    error::ControlError,
};
use crate::Sim;

/// The furthest one call may advance: ten years.
const MAX_ADVANCE_MS: u64 = 10 * 365 * 86_400_000;

/// As far as world time can go (2150): snowflakes hold 42 bits of milliseconds, until 2154.
const LATEST: Timestamp = Timestamp::from_ms(5_680_281_600_000);

/// Body of `/clock/freeze`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Freeze {
    /// ISO 8601, or milliseconds since 1970; where time stands if absent.
    at: Option<Value>,
}

/// Body of `/clock/advance`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Advance {
    /// Milliseconds.
    ms: u64,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/clock", "World time and whether it flows", |call| Ok(state(&call.sim))),
        Endpoint::post("/clock/freeze", "Stops world time, at a moment or where it stands", freeze),
        Endpoint::post(
            "/clock/run",
            "Lets world time flow again from where it stands",
            |call: Call<Nothing>| {
                call.sim.clock().run();
                Ok(state(&call.sim))
            },
        ),
        Endpoint::post("/clock/advance", "Moves world time and line time ahead", advance),
    ]
}

fn state(sim: &Sim) -> Value {
    let clock = sim.clock();
    let now = clock.now();
    json!({ "mode": clock.mode(), "now": now.iso(), "now_ms": now.ms(), "offset_ms": clock.offset_ms() })
}

fn freeze(call: Call<Freeze>) -> Answer {
    let at = match &call.body.at {
        None | Some(Value::Null) => None,
        Some(at) => {
            let read = at.as_u64().map(Timestamp::from_ms).or_else(|| Timestamp::parse_iso(at.as_str()?));
            let wrong = || {
                ControlError::field("at", "Give ISO 8601 (2026-01-31T12:00:00Z) or milliseconds since 1970.")
            };
            let at = read.ok_or_else(wrong)?;
            if !(DISCORD_EPOCH_MS..=LATEST.ms()).contains(&at.ms()) {
                return Err(ControlError::field("at", format!("Between 2015 and {}.", LATEST.iso())));
            }
            Some(at)
        }
    };
    call.sim.clock().freeze(at);
    Ok(state(&call.sim))
}

fn advance(call: Call<Advance>) -> Answer {
    if call.body.ms > MAX_ADVANCE_MS {
        return Err(ControlError::field("ms", format!("At most {MAX_ADVANCE_MS} (ten years) at once.")));
    }
    let clock = call.sim.clock();
    if clock.now().plus(Duration::from_millis(call.body.ms)) > LATEST {
        return Err(ControlError::field("ms", format!("Time cannot go beyond {}.", LATEST.iso())));
    }
    clock.advance(Duration::from_millis(call.body.ms));
    // What the new time ends is done before the caller goes on.
    call.sim.tick();
    Ok(state(&call.sim))
}
