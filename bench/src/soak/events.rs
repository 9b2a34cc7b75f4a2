//! What the roaming bot sends to the routes of scheduled events: bodies by the keys of other routes would almost never
//! make one.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// When all of them start, and the first occurrences after that.
const START: &str = "2030-01-01T00:00:00Z";
const LATER: [&str; 3] = ["2030-01-02T00:00:00Z", "2030-01-03T00:00:00Z", "2030-01-04T00:00:00Z"];

/// The body of a call, if it is one of those; each key is left out now and then.
pub(super) fn body(rng: &mut Rng, operation: &str, word: &str, channel: &Value) -> Option<Value> {
    if !operation.contains("scheduled_event") {
        return None;
    }
    let kind = if rng.bool() { 3 } else { rng.u8(1..4) };
    let mut all = if operation.contains("exception") {
        json!({
            "original_scheduled_start_time": LATER[rng.usize(..LATER.len())],
            "scheduled_start_time": if rng.bool() { json!("2030-01-05T12:00:00Z") } else { Value::Null },
            "is_canceled": rng.bool(),
        })
    } else {
        json!({
            "name": word, "description": word, "privacy_level": 2, "entity_type": kind,
            "channel_id": if kind == 3 { Value::Null } else { channel.clone() },
            "entity_metadata": { "location": word },
            "scheduled_start_time": START, "scheduled_end_time": "2030-01-01T02:00:00Z",
            "recurrence_rule": if rng.u8(..3) == 0 { Value::Null } else { json!({ "start": START, "frequency": 3 }) },
        })
    };
    if operation.starts_with("update") && rng.u8(..4) == 0 {
        all["status"] = json!(rng.u8(1..5));
    }
    let map = all.as_object().cloned().unwrap_or_default();
    let kept = map.into_iter().filter(|_| rng.u8(..20) != 0);
    Some(Value::Object(kept.collect::<Map<_, _>>()))
}
