//! Permission overwrites of a channel. See Discord docs: Channel / Edit Channel Permissions.

use cogwright_sim_world::{ApiError, UserId, places};

use super::{Reply, Request, Routes};
use crate::Sim;

pub(super) const ROUTES: Routes =
    &[("set_channel_permission_overwrite", set), ("delete_channel_permission_overwrite", delete)];

/// The role or member of the path.
fn target(request: &Request) -> Result<u64, ApiError> {
    request.id::<UserId>("overwrite_id").map(UserId::get)
}

fn set(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel, target) = (Some(request.actor()?), request.id("channel_id")?, target(&request)?);
    sim.apply(places::SetOverwrite { actor, channel, target, body: request.body })?;
    Ok(Reply::no_content())
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel, target) = (Some(request.actor()?), request.id("channel_id")?, target(&request)?);
    sim.apply(places::DeleteOverwrite { actor, channel, target })?;
    Ok(Reply::no_content())
}
