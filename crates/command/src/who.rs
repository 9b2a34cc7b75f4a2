//! Who may call a command, in words.

use std::collections::HashSet;

use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use crate::failure::permission_names;
use crate::policy::{Origin, RoleFacts, RoleRule};
use crate::spec::{Access, Spec};

/// Most roles that are named; more would be a wall.
const NAMED: usize = 10;

/// The roles that a guild has at this moment, to tell those that were deleted from them.
#[derive(Clone, Debug, Default)]
pub struct KnownRoles(HashSet<Id<RoleMarker>>);

impl KnownRoles {
    /// Of the guild's roles; of none when the guild is not known, and then no role counts as deleted.
    pub fn of(roles: &[RoleFacts]) -> Self {
        Self(roles.iter().map(|role| role.id).collect())
    }

    /// Whether the role is there, or nothing is known.
    pub fn has(&self, role: Id<RoleMarker>) -> bool {
        self.0.is_empty() || self.0.contains(&role)
    }
}

/// Roles as mentions, ten at most: `<@&1>, <@&2> and 3 more`. The guild's own id is that of everybody. A role that was
/// deleted is called that, since its mention shows nothing.
pub fn name_roles(guild: Id<GuildMarker>, roles: &[Id<RoleMarker>], known: &KnownRoles) -> String {
    let one = |role: &Id<RoleMarker>| {
        if *role == guild.cast() {
            "everybody".to_owned()
        } else if known.has(*role) {
            format!("<@&{role}>")
        } else {
            format!("deleted role ({role})")
        }
    };
    let named = roles.iter().take(NAMED).map(one).collect::<Vec<_>>().join(", ");
    match roles.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// Who may call a command under the rule in force, as a sentence: "Whoever has **Ban Members**, by the command
/// itself." Owners, who pass every rule, are named where that is news.
pub fn who_may_call(
    spec: &Spec,
    guild: Option<Id<GuildMarker>>,
    rule: Option<&RoleRule>,
    known: &KnownRoles,
) -> String {
    match spec.access {
        Access::BotOwner => return "The owners of the bot.".to_owned(),
        Access::GuildOwner => return "The owner of the server and the owners of the bot.".to_owned(),
        Access::Everyone => {}
    }
    if let Some((guild, rule)) = guild.zip(rule).filter(|_| spec.is_configurable()) {
        let by = match rule.origin {
            Origin::Guild => "a rule of this server",
            Origin::Settings => "a bot-wide rule",
        };
        if rule.roles.contains(&guild.cast()) {
            return format!("Everybody, by {by}.");
        }
        let roles = name_roles(guild, &rule.roles, known);
        if !rule.roles.iter().any(|role| known.has(*role)) {
            return format!(
                "Nobody but the owner of the server, by {by}: its roles do not exist any more, {roles}. `config` \
                 changes it."
            );
        }
        return format!("Members with {roles}, by {by}; the owner of the server always.");
    }
    if spec.user_permissions.is_empty() {
        return "Everybody.".to_owned();
    }
    format!("Whoever has {} in the channel.", permission_names(spec.user_permissions))
}

#[cfg(test)]
mod tests {
    use twilight_model::guild::Permissions;

    use super::*;
    use crate::spec::Handler;

    #[test]
    fn everybody_who_may_is_named() {
        let guild = Id::new(1);
        let spec = || Spec::new("x", "x", Handler::new(|_, _| async { Ok(()) }));
        let rule =
            |roles: &[u64], origin| RoleRule { roles: roles.iter().map(|id| Id::new(*id)).collect(), origin };
        let none = KnownRoles::default();
        let says =
            |spec: Spec, rule: Option<RoleRule>| who_may_call(&spec, Some(guild), rule.as_ref(), &none);
        assert_eq!(says(spec(), None), "Everybody.");
        let ban = spec().user_permissions(Permissions::BAN_MEMBERS);
        assert_eq!(says(ban.clone(), None), "Whoever has **Ban Members** in the channel.");
        assert_eq!(
            says(ban.clone(), Some(rule(&[5, 6], Origin::Guild))),
            "Members with <@&5>, <@&6>, by a rule of this server; the owner of the server always."
        );
        assert_eq!(says(ban, Some(rule(&[1], Origin::Settings))), "Everybody, by a bot-wide rule.");
        // No rule opens what is kept to owners.
        assert_eq!(says(spec().owner_only(), Some(rule(&[1], Origin::Guild))), "The owners of the bot.");
        let fixed = spec().not_configurable();
        assert_eq!(says(fixed, Some(rule(&[5], Origin::Guild))), "Everybody.");
        let many: Vec<_> = (2..15).map(Id::new).collect();
        assert!(name_roles(guild, &many, &none).ends_with("<@&11> and 3 more"));
    }

    #[test]
    fn deleted_roles_are_called_that() {
        let guild = Id::new(1);
        let role = |id| RoleFacts {
            id: Id::new(id),
            name: "x".into(),
            permissions: Permissions::empty(),
            position: 1,
            managed: false,
        };
        let known = KnownRoles::of(&[role(1), role(5)]);
        let spec = Spec::new("a", "x", Handler::new(|_, _| async { Ok(()) }));
        let says = |ids: &[u64]| {
            let roles = ids.iter().map(|id| Id::new(*id)).collect();
            who_may_call(&spec, Some(guild), Some(&RoleRule { roles, origin: Origin::Guild }), &known)
        };
        assert!(
            says(&[5, 6]).starts_with("Members with <@&5>, deleted role (6), by a rule"),
            "{}",
            says(&[5, 6])
        );
        assert!(says(&[6]).starts_with("Nobody but the owner of the server"), "{}", says(&[6]));
        assert!(says(&[6]).contains("deleted role (6)"));
    }
}
