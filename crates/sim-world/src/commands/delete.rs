//! `DELETE /applications/{a}/commands/{c}` and the same below a guild.

use super::{Scope, permissions, store};
use crate::{Action, Actor, ApiError, CommandId, Tx};

/// Removes a command.
#[derive(Clone, Debug)]
pub struct DeleteCommand {
    /// The application.
    pub actor: Actor,
    /// Where.
    pub scope: Scope,
    /// Which.
    pub command: CommandId,
}

impl Action for DeleteCommand {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        self.scope.check(tx.world, self.actor)?;
        store::get(tx.world, self.scope, self.command)?;
        tx.world.commands.remove(&self.command);
        permissions::forget_permissions(tx.world, self.command);
        store::announce(tx, self.scope);
        Ok(())
    }
}
