//! Invites to guilds: making, reading, revoking and accepting them. See Discord docs: Invite.

mod accept;
mod create;
mod read;
mod revoke;
mod targets;

use serde_json::{Value, json};

pub use accept::AcceptInvite;
pub use create::CreateInvite;
pub use read::{channel_invites, guild_invites, invite, vanity_url};
pub use revoke::RevokeInvite;
pub use targets::{SetTargetUsers, target_users, target_users_job};

use crate::{
    ApiError, Audience, Audit, AuditAction, EventKind, Invite, RoleId, Timestamp, Tx, UserId, World,
    permissions::MANAGE_CHANNELS,
};

/// Invites of one guild (30016 above it).
const MAX_INVITES: usize = 1000;
/// Seconds that an invite can be good for: seven days. The OpenAPI document allows more, Discord's own pages do not.
const MAX_AGE: i64 = 604_800;
/// Uses that an invite can be limited to.
const MAX_USES: i64 = 100;
/// Seconds that an invite is good for if the body does not say.
const DEFAULT_AGE: u32 = 86_400;
/// Characters of a code.
const CODE_LENGTH: usize = 8;

/// An invite that is still good.
///
/// # Errors
/// 404/10006 unknown, expired or used up.
fn find<'w>(world: &'w World, code: &str, now: Timestamp) -> Result<&'w Invite, ApiError> {
    world.invites.get(code).filter(|i| i.is_good(now)).ok_or_else(ApiError::unknown_invite)
}

/// INVITE_DELETE: somebody revoked it, or its last use was used. Those that expire end without an event, as on
/// Discord.
fn deleted(tx: &mut Tx<'_>, invite: &Invite) {
    let data = json!({ "channel_id": invite.channel, "guild_id": invite.guild, "code": invite.code });
    tx.emit(EventKind::InviteDelete, audience(invite), data);
}

/// See Discord docs: Gateway Events / Invites: for those who may manage the channel only.
fn audience(invite: &Invite) -> Audience {
    Audience::ChannelWith { guild: invite.guild, channel: invite.channel, bits: MANAGE_CHANNELS }
}

/// Writes down that an invite was made or revoked.
fn audit(tx: &mut Tx<'_>, user: UserId, action: AuditAction, invite: &Invite) {
    let facts = json!({
        "code": invite.code,
        "channel_id": invite.channel,
        "inviter_id": invite.inviter,
        "uses": invite.uses,
        "max_uses": invite.max_uses,
        "max_age": invite.max_age,
        "temporary": invite.temporary,
        "flags": 0,
    });
    let (old, new) =
        if action == AuditAction::InviteDelete { (facts, Value::Null) } else { (Value::Null, facts) };
    let keys = ["code", "channel_id", "inviter_id", "uses", "max_uses", "max_age", "temporary", "flags"];
    tx.audit(invite.guild, Audit::new(user, action).diff(&old, &new, &keys));
}

/// A role is gone: no invite gives it any more.
pub(crate) fn forget_role(world: &mut World, role: RoleId) {
    for invite in world.invites.values_mut() {
        invite.roles.retain(|id| *id != role);
    }
}

/// Forgets what has expired at `now`, without events.
pub(crate) fn forget_expired(world: &mut World, now: Timestamp) {
    world.invites.retain(|_, invite| invite.is_good(now));
}

/// When the next invite expires.
pub(crate) fn next_expiry(world: &World) -> Option<Timestamp> {
    world.invites.values().filter_map(Invite::expires).min()
}
