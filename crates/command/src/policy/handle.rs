//! Asks and changes what guilds have set, with a bounded memory in front of whoever keeps it.

use std::sync::{Arc, PoisonError, RwLock};

use cogwright_discord::Owners;
use cogwright_lifecycle::SharedClock;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use super::per_guild::{MAX_AGE, MAX_ENTRIES, PerGuild};
use super::prefs::check_prefix;
use super::rules::{MAX_ROLES, MAX_RULES};
use super::{
    By, EffectivePrefs, GuildPrefs, GuildRules, Origin, Policy, PolicyError, Prefs, PrefsChange, RoleRule,
    RoleRules, RuleChange,
};
use crate::services::CommandSettings;

/// How full the memory of guilds' settings is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheStats {
    /// Guilds whose prefix is remembered.
    pub prefixes: usize,
    /// Guilds whose rules are remembered.
    pub rules: usize,
    /// Guilds that either can remember.
    pub capacity: usize,
    /// How long either is believed.
    pub max_age: std::time::Duration,
}

/// What guilds have set, and who the bot's owners are.
pub struct Policies {
    owners: Arc<Owners>,
    keeper_of_prefs: Arc<dyn GuildPrefs>,
    keeper_of_rules: Arc<dyn RoleRules>,
    prefs: PerGuild<Arc<Prefs>>,
    rules: PerGuild<Arc<GuildRules>>,
    settings: RwLock<Arc<CommandSettings>>,
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policies").field("cache", &self.cache_stats()).finish_non_exhaustive()
    }
}

impl Policies {
    pub(crate) fn new(policy: &Policy, settings: CommandSettings, clock: &SharedClock) -> Self {
        Self {
            owners: Arc::clone(&policy.owners),
            keeper_of_prefs: Arc::clone(&policy.guild_prefs),
            keeper_of_rules: Arc::clone(&policy.role_rules),
            prefs: PerGuild::new("prefix", Arc::clone(clock)),
            rules: PerGuild::new("rules", Arc::clone(clock)),
            settings: RwLock::new(Arc::new(settings)),
        }
    }

    pub(crate) fn settings(&self) -> Arc<CommandSettings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn apply(&self, settings: CommandSettings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    /// The owners of the bot.
    pub fn owners(&self) -> &Owners {
        &self.owners
    }

    /// What is in force in a guild, or in direct messages. While it cannot be read, the bot's own settings are.
    pub async fn prefs(&self, guild: Option<Id<GuildMarker>>) -> EffectivePrefs {
        let Some(guild) = guild else { return self.effective(&Prefs::default()) };
        self.effective(&self.own_prefs(guild).await.unwrap_or_default())
    }

    /// The same, if it need not be read first.
    pub(crate) fn prefs_now(&self, guild: Option<Id<GuildMarker>>) -> Option<EffectivePrefs> {
        match guild {
            Some(guild) => self.prefs.peek(guild).map(|own| self.effective(&own.unwrap_or_default())),
            None => Some(self.effective(&Prefs::default())),
        }
    }

    /// What the guild has set of its own.
    ///
    /// # Errors
    /// [`PolicyError::Store`] or [`PolicyError::TimedOut`]; for 30 seconds the same again without another look.
    pub async fn own_prefs(&self, guild: Id<GuildMarker>) -> Result<Arc<Prefs>, PolicyError> {
        self.prefs.get(guild, || async { self.keeper_of_prefs.load(guild).await.map(Arc::new) }).await
    }

    /// Whether a prefix can be set.
    ///
    /// # Errors
    /// [`PolicyError::Refused`] with the reason.
    pub fn check_prefix(&self, prefix: &str) -> Result<(), PolicyError> {
        check_prefix(prefix)
    }

    /// Sets or takes away the guild's prefix; answers with what was set before. Effective for every message that comes
    /// in after this returns.
    ///
    /// # Errors
    /// [`PolicyError::Refused`] for a prefix that cannot be used, [`PolicyError::Unconfirmed`] when it takes more than
    /// ten seconds to be kept, else as [`own_prefs`](Self::own_prefs).
    pub async fn set_prefix(
        &self,
        guild: Id<GuildMarker>,
        prefix: Option<&str>,
        by: impl Into<By>,
    ) -> Result<Option<String>, PolicyError> {
        prefix.map_or(Ok(()), check_prefix)?;
        let change = |before: &Prefs| Prefs { prefix: prefix.map(str::to_owned), ..before.clone() };
        self.change_prefs(guild, by.into(), change).await.map(|before| before.prefix.clone())
    }

    /// Sets whether a mention works like the prefix in the guild, or lets it follow the bot's settings; answers with
    /// what was set before.
    ///
    /// # Errors
    /// As [`set_prefix`](Self::set_prefix).
    pub async fn set_mention_prefix(
        &self,
        guild: Id<GuildMarker>,
        mention: Option<bool>,
        by: impl Into<By>,
    ) -> Result<Option<bool>, PolicyError> {
        let change = |before: &Prefs| Prefs { mention_prefix: mention, ..before.clone() };
        self.change_prefs(guild, by.into(), change).await.map(|before| before.mention_prefix)
    }

    async fn change_prefs(
        &self,
        guild: Id<GuildMarker>,
        by: By,
        change: impl FnOnce(&Prefs) -> Prefs,
    ) -> Result<Arc<Prefs>, PolicyError> {
        let load = || async { self.keeper_of_prefs.load(guild).await.map(Arc::new) };
        let mut was = Arc::default();
        let save = |before: Arc<Prefs>| {
            was = Arc::clone(&before);
            let after = change(&before);
            async move {
                if after != *before {
                    let change = PrefsChange { guild, by, before: (*before).clone(), after: after.clone() };
                    self.keeper_of_prefs.save(&change).await?;
                }
                Ok(Arc::new(after))
            }
        };
        self.prefs.change(guild, load, save).await?;
        Ok(was)
    }

    /// The guild's own rules.
    ///
    /// # Errors
    /// As [`own_prefs`](Self::own_prefs).
    pub async fn rules(&self, guild: Id<GuildMarker>) -> Result<Arc<GuildRules>, PolicyError> {
        self.rules.get(guild, || async { self.keeper_of_rules.load(guild).await.map(Arc::new) }).await
    }

    /// The rule in force for a command, by its qualified name: the guild's own, else the bot-wide default.
    ///
    /// # Errors
    /// As [`own_prefs`](Self::own_prefs).
    pub async fn rule(&self, guild: Id<GuildMarker>, command: &str) -> Result<Option<RoleRule>, PolicyError> {
        let own = self.rules(guild).await?;
        if let Some(roles) = own.get(command) {
            return Ok(Some(RoleRule { roles: roles.clone(), origin: Origin::Guild }));
        }
        let settings = self.settings();
        let default = settings.command_permissions.get(command).filter(|roles| !roles.is_empty());
        Ok(default.map(|roles| RoleRule { roles: roles.clone(), origin: Origin::Settings }))
    }

    /// Ties a command, by its qualified name, to these roles in the guild, or with none of them takes the guild's rule
    /// away, if that is for exactly `expected` until now (empty = there is none): what somebody else changed in the
    /// meantime is not overwritten. Whether the command may be tied is for the caller to ask
    /// ([`Spec::is_configurable`](crate::Spec::is_configurable)); rules for others are kept and count for nothing.
    ///
    /// # Errors
    /// [`PolicyError::Refused`] when it would be too many roles or rules or the rule is another by now, else as
    /// [`set_prefix`](Self::set_prefix).
    pub async fn replace_rule(
        &self,
        guild: Id<GuildMarker>,
        command: &str,
        expected: &[Id<RoleMarker>],
        roles: &[Id<RoleMarker>],
        by: impl Into<By>,
    ) -> Result<(), PolicyError> {
        let (after, by) = (in_order(roles), by.into());
        if after.len() > MAX_ROLES {
            return Err(PolicyError::Refused(format!("A command can be tied to at most {MAX_ROLES} roles.")));
        }
        let load = || async { self.keeper_of_rules.load(guild).await.map(Arc::new) };
        let save = |rules: Arc<GuildRules>| {
            let before = rules.get(command).cloned().unwrap_or_default();
            let other = in_order(expected) != in_order(&before);
            let full = before.is_empty() && !after.is_empty() && rules.len() >= MAX_RULES;
            let change = RuleChange { guild, by, command: command.to_owned(), before, after };
            async move {
                if other {
                    let text = "This rule was changed after the question was asked. Nothing was saved; look at it and \
                                try again.";
                    return Err(PolicyError::Refused(text.to_owned()));
                }
                if full {
                    let text = format!("A server can tie at most {MAX_RULES} commands to roles.");
                    return Err(PolicyError::Refused(text));
                }
                if change.before == change.after {
                    return Ok(rules);
                }
                self.keeper_of_rules.save(&change).await?;
                let mut rules = (*rules).clone();
                if change.after.is_empty() {
                    rules.remove(&change.command);
                } else {
                    rules.insert(change.command, change.after);
                }
                Ok(Arc::new(rules))
            }
        };
        self.rules.change(guild, load, save).await.map(drop)
    }

    /// Forgets what is too old to be believed, which would be read anew anyway; how many guilds that were.
    pub fn prune(&self) -> usize {
        self.prefs.prune() + self.rules.prune()
    }

    /// How full the memory is.
    pub fn cache_stats(&self) -> CacheStats {
        CacheStats {
            prefixes: self.prefs.len(),
            rules: self.rules.len(),
            capacity: MAX_ENTRIES,
            max_age: MAX_AGE,
        }
    }

    fn effective(&self, own: &Prefs) -> EffectivePrefs {
        let settings = self.settings();
        EffectivePrefs::new(own, &settings.prefix, settings.mention_prefix)
    }
}

/// Each role once, by id.
fn in_order(roles: &[Id<RoleMarker>]) -> Vec<Id<RoleMarker>> {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    roles
}
