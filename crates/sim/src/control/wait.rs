//! `/wait`: how a test awaits what a bot does.

use std::time::Duration;

use axum::http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
    journal::parse_kind,
};
use crate::{After, EntryKind};

/// The longest wait.
const MAX_TIMEOUT_MS: u64 = 30_000;
const DEFAULT_TIMEOUT_MS: u64 = 5_000;

/// Body of `/wait`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wait {
    /// Part of a journal entry: each key must be there with an equal value, objects and lists recursively.
    /// A value `{"$contains": "text"}` matches a string that contains it; `{"$any": [..]}` one of several.
    /// Without `type`, entries of type "event".
    #[serde(rename = "match")]
    pattern: Value,
    /// Only entries after this: a journal number, or an id as a string (then: events whose `data.id` is newer).
    after: Option<Value>,
    /// Up to 30,000; 5,000 if absent.
    timeout_ms: Option<u64>,
}

pub(crate) fn endpoints() -> Vec<Endpoint> {
    let summary = "Waits for a journal entry, past or to come, that matches";
    vec![Endpoint::with_body(Method::POST, "/wait", summary, wait)]
}

async fn wait(call: Call<Wait>) -> Answer {
    let Wait { mut pattern, after, timeout_ms } = call.body;
    let timeout_ms = timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS);
    if timeout_ms > MAX_TIMEOUT_MS {
        return Err(ControlError::field("timeout_ms", format!("At most {MAX_TIMEOUT_MS}.")));
    }
    let Some(map) = pattern.as_object_mut() else {
        return Err(ControlError::field("match", "Give an object, e.g. {\"event\": \"MESSAGE_CREATE\"}."));
    };
    let kind = match map.remove("type") {
        Some(Value::String(name)) => parse_kind(&name)?,
        None => EntryKind::Event,
        Some(_) => return Err(ControlError::field("match.type", "Give a string.")),
    };
    let wrong = || ControlError::field("after", "Give a journal number, or an id as a string.");
    let after = match &after {
        None | Some(Value::Null) => After::Start,
        Some(Value::String(id)) => After::Id(id.parse().map_err(|_| wrong())?),
        Some(number) => After::Seq(number.as_u64().ok_or_else(wrong)?),
    };
    match call.sim.wait_for(kind, pattern, after, Duration::from_millis(timeout_ms)).await {
        Some(entry) => Ok(json!({ "entry": *entry })),
        None => {
            let last = call.sim.journal().last();
            let message =
                format!("Nothing matched within {timeout_ms} ms; the journal's last entry is {last}.");
            Err(ControlError::Timeout(message))
        }
    }
}
