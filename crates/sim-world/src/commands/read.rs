//! Reading commands back, and their (empty) permission lists.

use serde_json::{Value, json};

use super::{Scope, locale, store};
use crate::{Actor, ApiError, CommandId, World};

/// `GET .../commands`: all commands of a scope, with the dictionaries of localised texts if asked for.
///
/// # Errors
/// 20012 for another application's commands, 50001 outside its guilds.
pub fn list(world: &World, actor: Actor, scope: Scope, with_localizations: bool) -> Result<Value, ApiError> {
    scope.check(world, actor)?;
    let commands = store::of(world, scope).map(|c| {
        let mut body = c.body.clone();
        if !with_localizations {
            locale::strip(&mut body);
        }
        body
    });
    Ok(commands.collect())
}

/// `GET .../commands/{c}`.
///
/// # Errors
/// As [`list`], and 10063.
pub fn one(world: &World, actor: Actor, scope: Scope, id: CommandId) -> Result<Value, ApiError> {
    scope.check(world, actor)?;
    Ok(store::get(world, scope, id)?.body.clone())
}

/// `GET .../guilds/{g}/commands/permissions`: nobody has set any, since that takes a user's bearer token.
///
/// # Errors
/// As [`list`].
pub fn permissions(world: &World, actor: Actor, scope: Scope) -> Result<Value, ApiError> {
    scope.check(world, actor)?;
    Ok(json!([]))
}

/// `GET .../guilds/{g}/commands/{c}/permissions`.
///
/// # Errors
/// As [`list`], 10063 for an unknown command, else 10066: it has none.
pub fn permissions_of(world: &World, actor: Actor, scope: Scope, id: CommandId) -> Result<Value, ApiError> {
    scope.check(world, actor)?;
    let global = Scope { guild: None, ..scope };
    store::get(world, scope, id).or_else(|_| store::get(world, global, id))?;
    Err(ApiError::new(404, 10066, "Unknown application command permissions"))
}

/// What `PUT .../commands/{c}/permissions` answers to a bot token. See Discord docs: Application Commands /
/// Edit Application Command Permissions (bearer tokens only).
pub fn refuse_permissions_put() -> ApiError {
    ApiError::new(403, 20001, "Bots cannot use this endpoint")
}
