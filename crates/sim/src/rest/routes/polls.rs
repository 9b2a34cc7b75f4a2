//! Polls. See Discord docs: Poll.

use cogwright_sim_world::{
    ApiError,
    messages::{self, EndPoll, VotersPage},
};

use super::{Reply, Request, Routes, messages::place, read};
use crate::{Sim, rest::content};

pub(super) const ROUTES: Routes = &[("get_answer_voters", voters), ("poll_expire", end)];

fn voters(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    let bad = |_| ApiError::form("answer_id", "NUMBER_TYPE_COERCE", "Value is not int.");
    let answer = request.text("answer_id").parse().map_err(bad)?;
    let page = VotersPage { limit: request.query.number("limit")?, after: request.query.id("after")? };
    read(sim, |world, now| messages::voters(world, actor, channel, message, answer, page, now))
}

fn end(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    let mut message = sim.apply(EndPoll { actor, channel, message })?;
    sim.read(|world, _| content::limit_to(world, actor.application, channel, &mut message));
    Ok(Reply::ok(message))
}
