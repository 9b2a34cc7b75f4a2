//! `/snapshot` and `/reset`: the world as a document, and back to the start.

use cogwright_sim_world::World;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint, Nothing},
    error::ControlError,
};

/// A document that `GET /snapshot` gave.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Document(Value);

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/snapshot",
            "The whole world as a document (holds tokens: keep it to yourself)",
            |call| Ok(call.sim.read(|world, _| json!({ "format": 1, "world": world }))),
        ),
        Endpoint::post("/snapshot", "Replaces the world by a document; sessions must identify anew", load),
        Endpoint::post(
            "/reset",
            "Back to the world at the start; sessions must identify anew",
            |call: Call<Nothing>| {
                call.sim.reset();
                Ok(json!({}))
            },
        ),
    ]
}

fn load(call: Call<Document>) -> Answer {
    let mut document = call.body.0;
    if document["format"] != 1 {
        return Err(ControlError::field("format", "Only documents of format 1 can be loaded."));
    }
    let world: World = serde_json::from_value(document["world"].take())
        .map_err(|e| ControlError::field("world", format!("Not a world that this version saved: {e}.")))?;
    call.sim.replace_world(world);
    Ok(json!({}))
}
