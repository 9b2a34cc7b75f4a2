//! Role connections. See Discord docs: Application Role Connection Metadata, User.

use cogwright_sim_world::{
    ApiError, ApplicationId, UserId,
    oauth2::{self, DeleteRoleConnection, PutRoleConnection, PutRoleConnectionMetadata},
};

use super::{Reply, Request, Routes, applications::own, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_application_role_connections_metadata", metadata),
    ("update_application_role_connections_metadata", put_metadata),
    ("get_application_user_role_connection", connection),
    ("update_application_user_role_connection", put_connection),
    ("delete_application_user_role_connection", delete_connection),
];

fn metadata(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let application = request.application()?;
    read(sim, |world, _| oauth2::role_connection_metadata(world, application))
}

fn put_metadata(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    own(&request)?;
    let application = request.application()?;
    sim.apply(PutRoleConnectionMetadata { application, body: request.body }).map(Reply::ok)
}

/// The person whose token it is, and the application of the path, which must be the token's.
fn whose(request: &Request) -> Result<(UserId, ApplicationId), ApiError> {
    let user = request.persons_token()?.user;
    own(request)?;
    Ok((user, request.application()?))
}

fn connection(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (user, application) = whose(&request)?;
    read(sim, |world, _| oauth2::role_connection(world, user, application))
}

fn put_connection(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (user, application) = whose(&request)?;
    sim.apply(PutRoleConnection { user, application, body: request.body }).map(Reply::ok)
}

fn delete_connection(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (user, application) = whose(&request)?;
    sim.apply(DeleteRoleConnection { user, application })?;
    Ok(Reply::no_content())
}
