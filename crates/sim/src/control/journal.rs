//! `/journal`: what has happened.

use serde_json::json;

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};
use crate::{Entry, EntryKind};

/// Entries one query returns at the most.
const MAX_LIMIT: usize = 1000;

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/journal",
            "Entries, oldest first: ?after=SEQ&limit=100&type=rest|gateway|event|control&event=NAME&application=ID",
            query,
        ),
        Endpoint::delete("/journal", "Forgets all entries; numbers go on", |call| {
            call.sim.journal().clear();
            Ok(json!({}))
        }),
    ]
}

fn query(call: Call<serde_json::Value>) -> Answer {
    let after = call.query("after")?.unwrap_or(0);
    let limit: usize = call.query("limit")?.unwrap_or(100);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ControlError::field("limit", format!("Between 1 and {MAX_LIMIT}.")));
    }
    let kind = call.query::<String>("type")?.map(|name| parse_kind(&name)).transpose()?;
    let event = call.query::<String>("event")?;
    let application = call.query::<String>("application")?;
    let keep = |entry: &Entry| {
        let is = |name, text| entry.fields.get(name).is_some_and(|field| field.is(text));
        kind.is_none_or(|kind| entry.kind == kind)
            && event.as_deref().is_none_or(|e| is("event", e) || is("t", e))
            && application.as_deref().is_none_or(|a| is("application", a))
    };
    let (entries, last, dropped) = call.sim.journal().query(after, limit, keep);
    let entries: Vec<_> = entries.iter().map(|e| json!(**e)).collect();
    Ok(json!({ "entries": entries, "last": last, "dropped": dropped }))
}

pub(crate) fn parse_kind(name: &str) -> Result<EntryKind, ControlError> {
    match name {
        "rest" => Ok(EntryKind::Rest),
        "gateway" => Ok(EntryKind::Gateway),
        "event" => Ok(EntryKind::Event),
        "control" => Ok(EntryKind::Control),
        _ => Err(ControlError::field("type", format!("`{name}` is none of rest, gateway, event, control."))),
    }
}
