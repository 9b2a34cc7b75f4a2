//! Live stages. See Discord docs: Stage Instance.

use cogwright_sim_world::{ApiError, voice};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("create_stage_instance", open),
    ("get_stage_instance", get),
    ("update_stage_instance", edit),
    ("delete_stage_instance", close),
];

fn open(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    sim.apply(voice::OpenStage { actor, body: request.body }).map(Reply::ok)
}

fn get(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    read(sim, |world, now| voice::stage(world, actor, channel, now))
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(voice::PatchStage { actor, channel, body: request.body }).map(Reply::ok)
}

fn close(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(voice::CloseStage { actor, channel })?;
    Ok(Reply::no_content())
}
