//! Voice states and the status of voice channels. See Discord docs: Voice, Channel / Set Voice Channel Status.

use cogwright_sim_world::{ApiError, UserId, voice};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_self_voice_state", own),
    ("update_self_voice_state", edit_own),
    ("get_voice_state", of_user),
    ("update_voice_state", edit),
    ("update_voice_channel_status", set_status),
];

fn own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let user = request.actor()?.user;
    state(&request, sim, user)
}

fn of_user(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let user = request.id("user_id")?;
    state(&request, sim, user)
}

fn state(request: &Request, sim: &Sim, user: UserId) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    read(sim, |world, now| voice::state(world, actor, guild, user, now))
}

fn edit_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let user = request.actor()?.user;
    patch(request, sim, user)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let user = request.id("user_id")?;
    patch(request, sim, user)
}

fn patch(request: Request, sim: &Sim, user: UserId) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(voice::PatchVoiceState { actor, guild, user, body: request.body })?;
    Ok(Reply::no_content())
}

fn set_status(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(voice::SetStatus { actor, channel, body: request.body })?;
    Ok(Reply::no_content())
}
