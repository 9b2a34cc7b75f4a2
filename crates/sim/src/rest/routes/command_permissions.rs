//! Who may use which command. See Discord docs: Application Commands / Permissions.

use cogwright_sim_world::{
    ApiError,
    commands::{self, SetCommandPermissions},
};

use super::{Reply, Request, Routes, commands::scope, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_application_command_permissions", list),
    ("get_guild_application_command_permissions", of_command),
    ("set_guild_application_command_permissions", set),
];

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope) = (request.own_actor()?, scope(&request)?);
    read(sim, |world, _| commands::permissions(world, actor, scope))
}

fn of_command(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope, command) = (request.own_actor()?, scope(&request)?, request.id("command_id")?);
    read(sim, |world, _| commands::permissions_of(world, actor, scope, command))
}

/// Only a person's token may set them; a bot's is refused, as on Discord.
fn set(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let token = request.persons_token()?;
    let (application, user) = (token.application, token.user);
    let (scope, command) = (scope(&request)?, request.id("command_id")?);
    let body = request.body;
    sim.apply(SetCommandPermissions { application, user, scope, command, body }).map(Reply::ok)
}
