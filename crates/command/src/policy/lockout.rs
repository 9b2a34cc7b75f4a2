//! Who would lose a command by a rule, told before the rule is kept.

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use crate::spec::Spec;

/// What counts of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFacts {
    /// Its id; that of the guild for @everyone.
    pub id: Id<RoleMarker>,
    /// Its name, as somebody wrote it: not to be trusted in a text.
    pub name: String,
    /// What it grants in the whole guild.
    pub permissions: Permissions,
    /// Its rank; higher is mightier.
    pub position: i64,
    /// Whether it belongs to a bot or another integration, and nobody can be given it by hand.
    pub managed: bool,
}

/// Who may call a command today and could not by a new rule. The guild's owner and the bot's owners always can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lockout {
    /// Whether everybody in the guild could call it, and now only some could.
    pub everybody: bool,
    /// Roles whose members can call it now and could not by this role any more, mightiest first.
    pub roles: Vec<RoleFacts>,
    /// Those of them that make administrators.
    pub administrators: Vec<RoleFacts>,
    /// Whether whoever makes the change is among them.
    pub caller: bool,
}

impl Lockout {
    /// Whether nobody loses anything.
    pub fn is_empty(&self) -> bool {
        !self.everybody && self.roles.is_empty() && !self.caller
    }
}

/// Compares who may call `spec` under the rule in force (`before`, `None` = the command's own permissions count) with
/// who could under a rule for the roles `after` (empty = no rule).
///
/// `roles` are all roles of the guild; `caller` those of whoever makes the change, `None` for an owner. Permissions
/// that a channel's overwrites give or take are left out of account.
pub fn lockout(
    spec: &Spec,
    guild: Id<GuildMarker>,
    roles: &[RoleFacts],
    before: Option<&[Id<RoleMarker>]>,
    after: &[Id<RoleMarker>],
    caller: Option<&[Id<RoleMarker>]>,
) -> Lockout {
    let everyone: Id<RoleMarker> = guild.cast();
    let base =
        roles.iter().find(|role| role.id == everyone).map_or(Permissions::empty(), |role| role.permissions);
    let by_permissions = |granted: Permissions| {
        granted.contains(Permissions::ADMINISTRATOR) || granted.contains(spec.user_permissions)
    };
    // What somebody may who has these roles.
    let admits = |rule: Option<&[Id<RoleMarker>]>, held: &[Id<RoleMarker>]| match rule {
        Some(rule) => rule.contains(&everyone) || held.iter().any(|role| rule.contains(role)),
        None => {
            let granted = roles.iter().filter(|role| held.contains(&role.id));
            by_permissions(granted.fold(base, |all, role| all | role.permissions))
        }
    };
    let after = (!after.is_empty()).then_some(after);
    let loses = |held: &[Id<RoleMarker>]| admits(before, held) && !admits(after, held);
    let everybody = loses(&[]);
    // Bots call no commands; that they lose one is no news.
    let counts = |role: &RoleFacts| !role.managed || before.is_some_and(|before| before.contains(&role.id));
    let mut losing: Vec<_> = roles
        .iter()
        .filter(|role| role.id != everyone && counts(role) && loses(&[role.id]))
        .cloned()
        .collect();
    losing.sort_by_key(|role| (std::cmp::Reverse(role.position), role.id));
    let administrators =
        losing.iter().filter(|role| role.permissions.contains(Permissions::ADMINISTRATOR)).cloned().collect();
    Lockout { everybody, roles: losing, administrators, caller: caller.is_some_and(loses) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Handler;

    const GUILD: Id<GuildMarker> = Id::new(1);
    const ADMIN: Id<RoleMarker> = Id::new(2);
    const MODS: Id<RoleMarker> = Id::new(3);
    const PLAIN: Id<RoleMarker> = Id::new(4);
    const BOT: Id<RoleMarker> = Id::new(5);

    fn roles() -> Vec<RoleFacts> {
        let role = |id: Id<RoleMarker>, permissions, position| RoleFacts {
            id,
            name: id.to_string(),
            permissions,
            position,
            managed: id == BOT,
        };
        vec![
            role(BOT, Permissions::ADMINISTRATOR, 1),
            role(GUILD.cast(), Permissions::SEND_MESSAGES, 0),
            role(PLAIN, Permissions::empty(), 1),
            role(MODS, Permissions::KICK_MEMBERS, 2),
            role(ADMIN, Permissions::ADMINISTRATOR, 3),
        ]
    }

    fn found(
        needs: Permissions,
        before: Option<&[Id<RoleMarker>]>,
        after: &[Id<RoleMarker>],
        caller: Option<&[Id<RoleMarker>]>,
    ) -> (bool, Vec<u64>, Vec<u64>, bool) {
        let spec = Spec::new("x", "x", Handler::new(|_, _| async { Ok(()) })).user_permissions(needs);
        let found = lockout(&spec, GUILD, &roles(), before, after, caller);
        let ids = |roles: &[RoleFacts]| roles.iter().map(|role| role.id.get()).collect();
        (found.everybody, ids(&found.roles), ids(&found.administrators), found.caller)
    }

    #[test]
    fn who_loses_a_command_is_found() {
        let (none, kick) = (Permissions::empty(), Permissions::KICK_MEMBERS);
        // A command for all is tied to the moderators.
        assert_eq!(found(none, None, &[MODS], Some(&[ADMIN])), (true, vec![2, 4], vec![2], true));
        // One for those who may kick is opened to all: nobody loses anything.
        assert_eq!(found(kick, None, &[GUILD.cast()], Some(&[])), (false, vec![], vec![], false));
        // Tied to a role without permissions: moderators and administrators lose it, the caller among them.
        let tied = found(kick, None, &[PLAIN], Some(&[MODS]));
        assert_eq!(tied, (false, vec![2, 3], vec![2], true));
        // Who has both keeps it.
        assert!(!found(kick, None, &[PLAIN], Some(&[MODS, PLAIN])).3);
        // A further role takes from nobody.
        assert_eq!(found(kick, Some(&[MODS]), &[MODS, ADMIN], Some(&[MODS])), (false, vec![], vec![], false));
        // Taking the rule away takes it from those who only had it by the rule.
        assert_eq!(found(kick, Some(&[PLAIN]), &[], Some(&[PLAIN])), (false, vec![4], vec![], true));
        // The role of an integration counts where it was let in by name.
        assert_eq!(found(none, Some(&[BOT]), &[PLAIN], None), (false, vec![5], vec![5], false));
        // An owner never loses anything.
        assert!(!found(none, None, &[PLAIN], None).3);
    }
}
