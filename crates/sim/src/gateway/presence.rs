//! Reads a presence (op 3, and inside IDENTIFY). See Discord docs: Gateway Events / Update Presence.

use cogwright_sim_world::{Status, Timestamp};
use serde_json::{Map, Value, json};

use super::codes::Close;

/// Activities kept of one presence; Discord shows bots' first only.
const MAX_ACTIVITIES: usize = 16;

/// What a bot says it is doing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Presence {
    pub(crate) status: Status,
    pub(crate) activities: Vec<Value>,
}

impl Default for Presence {
    fn default() -> Self {
        Self { status: Status::Online, activities: Vec::new() }
    }
}

/// Bots can set an activity's `name`, `type`, `state` and `url`; everything else is dropped.
pub(crate) fn read(d: &Value, now: Timestamp) -> Result<Presence, Close> {
    if !d.is_object() {
        return Err(Close::Decode);
    }
    let status = match &d["status"] {
        Value::Null => Status::Online,
        Value::String(name) => match name.as_str() {
            "online" => Status::Online,
            "idle" => Status::Idle,
            "dnd" => Status::Dnd,
            "invisible" | "offline" => Status::Offline,
            _ => return Err(Close::Decode),
        },
        _ => return Err(Close::Decode),
    };
    let activities = match d.get("activities").or_else(|| d.get("game")) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => {
            list.iter().take(MAX_ACTIVITIES).map(|a| activity(a, now)).collect::<Result<_, _>>()?
        }
        Some(one) => vec![activity(one, now)?],
    };
    Ok(Presence { status, activities })
}

fn activity(value: &Value, now: Timestamp) -> Result<Value, Close> {
    let name = value["name"].as_str().ok_or(Close::Decode)?;
    let kind = match &value["type"] {
        Value::Null => 0,
        kind => kind.as_u64().filter(|k| *k <= 5).ok_or(Close::Decode)?,
    };
    let mut kept = Map::new();
    kept.insert("name".into(), name.into());
    kept.insert("type".into(), kind.into());
    for key in ["state", "url"] {
        if let Some(text) = value[key].as_str() {
            kept.insert(key.into(), text.into());
        }
    }
    kept.insert("created_at".into(), json!(now.ms()));
    Ok(kept.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_bots_may_set() {
        let now = Timestamp::from_ms(5);
        let d = json!({ "since": null, "afk": false, "status": "dnd",
            "activities": [{ "name": "chess", "type": 3, "details": "no", "state": "endgame" }] });
        let got = read(&d, now).unwrap();
        assert_eq!(got.status, Status::Dnd);
        assert_eq!(
            got.activities,
            [json!({ "name": "chess", "type": 3, "state": "endgame", "created_at": 5 })]
        );
        for bad in
            [json!(1), json!({ "status": "sleepy" }), json!({ "activities": [{}] }), json!({ "status": 3 })]
        {
            assert_eq!(read(&bad, now), Err(Close::Decode), "{bad}");
        }
    }
}
