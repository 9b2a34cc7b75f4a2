//! Rules by which a guild ties a command to roles.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use super::{By, Origin, PolicyError};

/// Commands of a guild that are tied to roles.
pub(crate) const MAX_RULES: usize = 200;
/// Roles of one rule.
pub(crate) const MAX_ROLES: usize = 25;

/// All rules of a guild: qualified name of a command (`ban`, `status add`) to the roles that may call it.
pub type GuildRules = BTreeMap<String, Vec<Id<RoleMarker>>>;

/// A change of a rule, with all that an audit wants to know but the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Where.
    pub guild: Id<GuildMarker>,
    /// By whom, and from which channel.
    pub by: By,
    /// The qualified name of the command.
    pub command: String,
    /// From which roles; empty = there was no rule.
    pub before: Vec<Id<RoleMarker>>,
    /// To which roles; empty = the rule is taken away.
    pub after: Vec<Id<RoleMarker>>,
}

/// Keeps the rules of guilds. The runtime implements it over its database. What it answers is remembered by
/// [`Policies`](super::Policies).
pub trait RoleRules: Send + Sync + 'static {
    /// The guild's own rules; empty when it has none.
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<GuildRules, PolicyError>>;

    /// Keeps `after` and writes down the change. Has to end by itself within seconds, either way.
    fn save<'a>(&'a self, change: &'a RuleChange) -> BoxFuture<'a, Result<(), PolicyError>>;
}

/// The rule in force for a command in a guild.
///
/// It replaces the command's own check of the invoker's permissions, as Discord's command permissions do. The guild's
/// owner and the bot's owners pass it; administrators do not, or a rule could not keep them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRule {
    /// Whoever has one of them may call the command. The guild's own id is that of @everyone.
    pub roles: Vec<Id<RoleMarker>>,
    /// The guild's own, or the bot-wide default (`command_permissions`).
    pub origin: Origin,
}

impl RoleRule {
    /// The one of its roles that lets somebody with these roles in.
    pub(crate) fn admits(&self, guild: Id<GuildMarker>, roles: &[Id<RoleMarker>]) -> Option<Id<RoleMarker>> {
        let everyone = guild.cast();
        self.roles.iter().copied().find(|role| *role == everyone || roles.contains(role))
    }
}
