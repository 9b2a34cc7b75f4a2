//! Reading commands back.

use serde_json::Value;

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
