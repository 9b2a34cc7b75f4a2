//! The calling application. See Discord docs: Application.

use cogwright_sim_world::{ApiError, ApplicationId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_my_application", mine),
    ("get_my_oauth2_application", mine),
    ("get_application", named),
    ("update_my_application", edit),
    ("update_application", edit_named),
];

fn mine(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    read(sim, |world, _| places::application(world, actor))
}

fn named(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    mine(request, sim)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    sim.apply(places::PatchApplication { actor, body: request.body }).map(Reply::ok)
}

fn edit_named(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    edit(request, sim)
}

/// 20012 for another's application.
pub(super) fn own(request: &Request) -> Result<(), ApiError> {
    let named: ApplicationId = request.id("application_id")?;
    if request.application()? == named { Ok(()) } else { Err(ApiError::not_authorized_for_application()) }
}
