//! Application commands, global and per guild. See Discord docs: Application Commands.

use cogwright_sim_world::{
    ApiError,
    commands::{self, CreateCommand, DeleteCommand, EditCommand, OverwriteCommands, Scope},
};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_application_commands", list),
    ("bulk_set_application_commands", overwrite),
    ("create_application_command", create),
    ("get_application_command", command),
    ("update_application_command", edit),
    ("delete_application_command", delete),
    ("list_guild_application_commands", list),
    ("bulk_set_guild_application_commands", overwrite),
    ("create_guild_application_command", create),
    ("get_guild_application_command", command),
    ("update_guild_application_command", edit),
    ("delete_guild_application_command", delete),
];

/// The application of the path, and the guild if the path has one.
pub(super) fn scope(request: &Request) -> Result<Scope, ApiError> {
    let in_guild = !request.text("guild_id").is_empty();
    let guild = if in_guild { Some(request.id("guild_id")?) } else { None };
    Ok(Scope { application: request.id("application_id")?, guild })
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope) = (request.own_actor()?, scope(&request)?);
    let with_localizations = request.query.flag("with_localizations")?;
    read(sim, |world, _| commands::list(world, actor, scope, with_localizations))
}

fn overwrite(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope) = (request.own_actor()?, scope(&request)?);
    sim.apply(OverwriteCommands { actor, scope, body: request.body }).map(Reply::ok)
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope) = (request.own_actor()?, scope(&request)?);
    let created = sim.apply(CreateCommand { actor, scope, body: request.body })?;
    Ok(if created.new { Reply::created(created.command) } else { Reply::ok(created.command) })
}

fn command(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope, id) = (request.own_actor()?, scope(&request)?, request.id("command_id")?);
    read(sim, |world, _| commands::one(world, actor, scope, id))
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope, command) = (request.own_actor()?, scope(&request)?, request.id("command_id")?);
    sim.apply(EditCommand { actor, scope, command, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, scope, command) = (request.own_actor()?, scope(&request)?, request.id("command_id")?);
    sim.apply(DeleteCommand { actor, scope, command })?;
    Ok(Reply::no_content())
}
