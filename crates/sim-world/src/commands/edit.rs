//! `PATCH /applications/{a}/commands/{c}` and the same below a guild.

use serde_json::Value;

use super::{Scope, definition, store};
use crate::{Action, Actor, ApiError, CommandId, Tx, body};

/// Changes the given fields of a command.
#[derive(Clone, Debug)]
pub struct EditCommand {
    /// The application.
    pub actor: Actor,
    /// Where.
    pub scope: Scope,
    /// Which.
    pub command: CommandId,
    /// The request body.
    pub body: Value,
}

impl Action for EditCommand {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        self.scope.check(tx.world, self.actor)?;
        let old = store::get(tx.world, self.scope, self.command)?;
        let (kind, mut merged) = (old.kind, old.body.clone());
        body::read(&self.body, |form| {
            for (key, value) in form.map() {
                merged[key.as_str()] = value.clone();
            }
        })?;
        let definition =
            body::read(&merged, |form| definition::read(form, Some(kind), self.scope, tx.world))?;
        let taken = store::named(tx.world, self.scope, kind, &definition.name);
        if taken.is_some_and(|c| c.id != self.command) {
            let message = "Application command names must be unique";
            return Err(ApiError::form("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message));
        }
        let command = store::put(tx, self.scope, Some(self.command), definition);
        store::announce(tx, self.scope);
        Ok(command)
    }
}
