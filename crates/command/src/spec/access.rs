//! Who may call a command, how often, and how many at once: the parts of a spec that the checks read.

use twilight_model::guild::Permissions;

use super::Spec;
use crate::checks::{ArgumentsCheck, CustomCheck};
use crate::cooldown::{Concurrency, Cooldown};

/// The tier that a command belongs to, ahead of all roles and permissions. Each passes those below it.
///
/// A command for administrators is one of [`Everyone`](Self::Everyone) whose
/// [`user_permissions`](Spec::user_permissions) are `ADMINISTRATOR`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Whoever has the permissions, or the roles of the guild's rule.
    #[default]
    Everyone,
    /// The owner of the guild and the owners of the bot.
    GuildOwner,
    /// The owners of the bot.
    BotOwner,
}

/// Names that no rule of roles may have, whether such a command exists or not: commands of the bot's owners. A bot of one's
/// own may have a command by such a name; no server can tie it to roles either.
pub const RESERVED: [&str; 9] =
    ["reload", "load", "unload", "sync", "atomictest", "cachestats", "dbstats", "integritycheck", "cleanup"];

/// Whether it is one of [`RESERVED`], without regard to case.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

impl Access {
    /// A constant name, for traces and documentation.
    pub fn label(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::GuildOwner => "guild owner",
            Self::BotOwner => "bot owner",
        }
    }
}

impl Spec {
    /// Keeps it to the owners of the bot. No rule of a guild opens it.
    pub fn owner_only(mut self) -> Self {
        self.access = Access::BotOwner;
        self
    }

    /// Keeps it to the guild's owner and the owners of the bot. No rule of a guild opens it.
    pub fn guild_owner_only(mut self) -> Self {
        self.access = Access::GuildOwner;
        self
    }

    /// Lets no guild tie it to roles.
    pub fn not_configurable(mut self) -> Self {
        self.configurable = false;
        self
    }

    /// Whether a guild may tie it to roles: not the commands of owners, where no rule would count, nor what has one of
    /// their names.
    pub fn is_configurable(&self) -> bool {
        self.configurable && self.access == Access::Everyone && !is_reserved(&self.qualified_name())
    }

    /// Adds a bound on how often it runs. All of them hold.
    pub fn cooldown(mut self, cooldown: Cooldown) -> Self {
        self.cooldowns.push(cooldown);
        self
    }

    /// Sets how many may run at once.
    pub fn concurrency(mut self, concurrency: Concurrency) -> Self {
        self.concurrency = Some(concurrency);
        self
    }

    /// Adds a check of its own, which runs after those of permissions.
    pub fn check(mut self, check: CustomCheck) -> Self {
        self.checks.push(check);
        self
    }

    /// Lets it refuse what its arguments say, once they are read and ahead of cooldowns.
    pub fn arguments(mut self, check: ArgumentsCheck) -> Self {
        self.arguments = Some(check);
        self
    }

    /// Whether it can only be called in a guild: it says so, or needs what only a guild has.
    pub(crate) fn needs_guild(&self) -> bool {
        self.guild_only
            || self.access == Access::GuildOwner
            || !self.user_permissions.is_empty()
            || !self.bot_permissions.is_empty()
    }

    /// What Discord is told about who sees the slash form. `0` shows it to administrators alone, which is the least
    /// that can be registered; the checks decide. See Discord docs: Application Commands / Permissions.
    pub(crate) fn registered_permissions(&self) -> Option<Permissions> {
        match self.access {
            Access::BotOwner => Some(Permissions::empty()),
            Access::GuildOwner => Some(Permissions::ADMINISTRATOR),
            Access::Everyone => (!self.user_permissions.is_empty()).then_some(self.user_permissions),
        }
    }
}
