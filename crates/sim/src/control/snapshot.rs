//! `/snapshot`, `/world/save` and `/reset`: the world as a document or in its file, and back to the start.

use axum::http::Method;
use cogwright_sim_world::World;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    endpoint::{Answer, Call, Endpoint, Nothing},
    error::ControlError,
};
use crate::world_file::FORMAT;

/// A document that `GET /snapshot` gave.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Document(Value);

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/snapshot",
            "The whole world as a document (holds tokens: keep it to yourself)",
            |call| Ok(call.sim.read(|world, _| json!({ "format": FORMAT, "world": world }))),
        ),
        Endpoint::post("/snapshot", "Replaces the world by a document; sessions must identify anew", load),
        Endpoint::with_body(
            Method::POST,
            "/world/save",
            "Saves the world now, to the file it was started with; answers the path and its size in bytes",
            save,
        ),
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

async fn save(call: Call<Nothing>) -> Answer {
    let sim = call.sim;
    // A large world takes seconds to write.
    let saving = tokio::task::spawn_blocking(move || sim.save_world()).await;
    match saving {
        Ok(Ok(Some(saved))) => Ok(json!(saved)),
        Ok(Ok(None)) => Err(ControlError::bad(
            "This local Discord keeps no world: start it with `--world FILE`, or ask for `GET /snapshot`.",
        )),
        Ok(Err(problem)) => Err(ControlError::Failed(format!("{problem}."))),
        Err(problem) => Err(ControlError::Failed(format!("Saving broke off: {problem}."))),
    }
}

fn load(call: Call<Document>) -> Answer {
    let mut document = call.body.0;
    if document["format"] != FORMAT {
        return Err(ControlError::field(
            "format",
            format!("Only documents of format {FORMAT} can be loaded."),
        ));
    }
    let world: World = serde_json::from_value(document["world"].take())
        .map_err(|e| ControlError::field("world", format!("Not a world that this version saved: {e}.")))?;
    call.sim.replace_world(world);
    Ok(json!({}))
}
