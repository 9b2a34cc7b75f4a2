//! A person accepts an invite. Bots cannot: they are added by their own link.

use serde_json::{Value, json};

use super::{deleted, find};
use crate::{
    Action, ApiError, Member, RoleId, Tx, UserId,
    places::{Sight, join, member_updated},
    wire,
};

/// A person joins a guild by an invite. Roles of the invite are given to those who are members already, too; a use is
/// counted only for those who are not. After the last use the invite is gone, with INVITE_DELETE.
///
/// # Errors
/// 10013, 10006 (also when the invite is for others only), 40007 (banned there), 20001 for a bot; 403 without a code
/// while the guild has paused its invites.
#[derive(Debug)]
pub struct AcceptInvite {
    /// Who.
    pub user: UserId,
    /// The invite's code.
    pub code: String,
}

impl Action for AcceptInvite {
    /// `{invite, member, new_member}`: the invite as it was found, the member, and whether they just joined.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let user = self.user;
        if tx.world.user(user)?.bot {
            return Err(ApiError::new(403, 20001, "Bots cannot use this endpoint"));
        }
        let invite = find(tx.world, &self.code, tx.now)?.clone();
        // Only those on the list get to see such an invite.
        if invite.targets.as_ref().is_some_and(|t| !t.users.contains(&user)) {
            return Err(ApiError::unknown_invite());
        }
        tx.world.refuse_banned(invite.guild, user)?;
        let guild = tx.world.guild(invite.guild)?;
        let roles: Vec<RoleId> =
            invite.roles.iter().copied().filter(|id| guild.roles.contains_key(id)).collect();
        let new = !guild.members.contains_key(&user);
        if new && guild.invites_paused(tx.now) {
            let message = "Invites are currently paused for this server. Please try again later.";
            return Err(ApiError::new(403, 0, message));
        }
        let shown = wire::invite(tx.world, &invite, true);
        if new {
            let temporary = invite.temporary && roles.is_empty();
            let member = Member { roles, temporary, ..Member::new(user, tx.now) };
            let used_up = tx.world.invites.get_mut(&self.code).is_some_and(|stored| {
                stored.uses += 1;
                stored.max_uses > 0 && stored.uses >= stored.max_uses
            });
            if used_up {
                tx.world.invites.remove(&self.code);
                deleted(tx, &invite);
            }
            join(tx, invite.guild, member);
        } else {
            give(tx, &invite, user, &roles);
        }
        let guild = tx.world.guild(invite.guild)?;
        let member = wire::member(tx.world, guild, tx.world.member(invite.guild, user)?);
        Ok(json!({ "invite": shown, "member": member, "new_member": new }))
    }
}

/// Gives the roles that a member does not have yet.
fn give(tx: &mut Tx<'_>, invite: &crate::Invite, user: UserId, roles: &[RoleId]) {
    let sight = Sight::of(tx.world, invite.guild, tx.now);
    let member = tx.world.guilds.get_mut(&invite.guild).and_then(|g| g.members.get_mut(&user));
    let Some(member) = member else { return };
    let before = member.roles.len();
    let missing: Vec<RoleId> = roles.iter().copied().filter(|id| !member.roles.contains(id)).collect();
    member.roles.extend(missing);
    if member.roles.len() != before {
        member_updated(tx, invite.guild, user);
        sight.tell_one(tx, user);
    }
}
