//! What the checks ask of whoever runs the bot: its owners, each guild's prefix, each guild's rules.
//!
//! The traits are implemented by the runtime over its database; here stand the rules about them and a bounded memory
//! in front, in which a change is effective at once.

mod by;
mod error;
mod handle;
mod lockout;
mod memory;
mod per_guild;
mod prefs;
mod rules;

use std::fmt;
use std::sync::Arc;

use cogwright_discord::Owners;

pub use self::by::By;
pub use self::error::PolicyError;
pub use self::handle::{CacheStats, Policies};
pub use self::lockout::{Lockout, RoleFacts, lockout};
pub use self::memory::MemoryPolicy;
pub use self::prefs::{EffectivePrefs, GuildPrefs, Origin, Prefs, PrefsChange};
pub use self::rules::{GuildRules, RoleRule, RoleRules, RuleChange};

use crate::cooldown::{CooldownJournal, NoJournal};
use crate::observer::{NoObserver, Observer};

/// Who decides, and who is told.
///
/// The default keeps everything in memory and nothing over a restart, and knows no owner: for tests, and for bots
/// without a data folder.
#[derive(Clone)]
pub struct Policy {
    /// The owners of the bot. They pass every tier, every rule of a guild and every check of the invoker's permissions;
    /// never those of the bot's own permissions, of arguments, of concurrency and of cooldowns.
    pub owners: Arc<Owners>,
    /// Keeps the rules that tie commands to roles.
    pub role_rules: Arc<dyn RoleRules>,
    /// Keeps prefixes.
    pub guild_prefs: Arc<dyn GuildPrefs>,
    /// Keeps long cooldowns.
    pub cooldown_journal: Arc<dyn CooldownJournal>,
    /// Is told what happens.
    pub observer: Arc<dyn Observer>,
}

impl Default for Policy {
    fn default() -> Self {
        let memory = Arc::new(MemoryPolicy::default());
        Self {
            owners: Arc::default(),
            role_rules: Arc::clone(&memory) as Arc<dyn RoleRules>,
            guild_prefs: memory,
            cooldown_journal: Arc::new(NoJournal),
            observer: Arc::new(NoObserver),
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy").field("owners", &self.owners).finish_non_exhaustive()
    }
}
