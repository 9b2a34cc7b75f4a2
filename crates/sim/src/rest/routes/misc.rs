//! Small lists that clients fetch whether they need them or not.

use cogwright_sim_world::{ApiError, GuildId, places};
use serde_json::{Value, json};

use super::{Reply, Request, Routes};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_soundboard_default_sounds", default_sounds),
    ("list_sticker_packs", sticker_packs),
    ("list_voice_regions", regions),
    ("list_guild_voice_regions", guild_regions),
];

/// An empty list: py-cord stops at READY over anything but a list here, and there are no sounds to play.
fn default_sounds(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(Value::Array(Vec::new())))
}

fn sticker_packs(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(json!({ "sticker_packs": [] })))
}

/// See Discord docs: Voice / Voice Region Object.
fn region_list() -> Value {
    let region = |id: &str, name: &str, optimal: bool| json!({"id": id, "name": name, "optimal": optimal, "deprecated": false, "custom": false});
    json!([region("rotterdam", "Rotterdam", true), region("singapore", "Singapore", false)])
}

fn regions(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(region_list()))
}

fn guild_regions(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    sim.read(|world, now| places::guild(world, actor, guild, false, now))?;
    Ok(Reply::ok(region_list()))
}
