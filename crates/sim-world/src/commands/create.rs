//! `POST /applications/{a}/commands` and the same below a guild.

use serde_json::Value;

use super::{Scope, definition, store};
use crate::{Action, Actor, ApiError, Tx, body};

/// Registers a command; one of the same kind and name is overwritten.
#[derive(Clone, Debug)]
pub struct CreateCommand {
    /// The application.
    pub actor: Actor,
    /// Where.
    pub scope: Scope,
    /// The request body.
    pub body: Value,
}

/// A registered command.
#[derive(Clone, Debug)]
pub struct Created {
    /// New (201) rather than overwritten (200).
    pub new: bool,
    /// The command.
    pub command: Value,
}

impl Action for CreateCommand {
    type Output = Created;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Created, ApiError> {
        self.scope.check(tx.world, self.actor)?;
        let definition = body::read(&self.body, |form| definition::read(form, None, self.scope, tx.world))?;
        let old = store::named(tx.world, self.scope, definition.kind, &definition.name).map(|c| c.id);
        if old.is_none() {
            let kinds = store::of(tx.world, self.scope).map(|c| c.kind).chain([definition.kind]);
            store::check_counts(kinds)?;
            store::count_creates(tx, self.scope, 1)?;
        }
        let command = store::put(tx, self.scope, old, definition);
        store::announce(tx, self.scope);
        Ok(Created { new: old.is_none(), command })
    }
}
