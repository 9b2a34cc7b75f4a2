//! Revoking invites. See Discord docs: Invite / Delete Invite.

use serde_json::Value;

use super::{audit, deleted, find};
use crate::{
    Action, Actor, ApiError, AuditAction, Tx,
    permissions::{MANAGE_CHANNELS, MANAGE_GUILD},
    wire,
};

/// DELETE /invites/{code}.
///
/// # Errors
/// 10006, 50013 (neither MANAGE_CHANNELS in its channel nor MANAGE_GUILD).
#[derive(Debug)]
pub struct RevokeInvite {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub code: String,
}

impl Action for RevokeInvite {
    /// The invite as it was.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let invite = find(tx.world, &self.code, tx.now)?.clone();
        let user = self.actor.user;
        let in_guild = tx.world.guild_permissions(invite.guild, user, tx.now) & MANAGE_GUILD != 0;
        let in_channel = tx.world.channel_permissions(invite.channel, user, tx.now)? & MANAGE_CHANNELS != 0;
        if !in_guild && !in_channel {
            return Err(ApiError::missing_permissions());
        }
        let shown = wire::invite(tx.world, &invite, false);
        tx.world.invites.remove(&self.code);
        deleted(tx, &invite);
        audit(tx, user, AuditAction::InviteDelete, &invite);
        Ok(shown)
    }
}
