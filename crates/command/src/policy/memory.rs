//! Prefixes and rules in memory, for tests and for bots without a data folder: a restart forgets them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::{GuildPrefs, GuildRules, PolicyError, Prefs, PrefsChange, RoleRules, RuleChange};

/// Guilds with settings of their own; further ones are told that nothing more is kept.
const MAX_GUILDS: usize = 10_000;

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryPolicy {
    prefs: Mutex<HashMap<Id<GuildMarker>, Prefs>>,
    rules: Mutex<HashMap<Id<GuildMarker>, GuildRules>>,
}

fn lock<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

fn entry<T: Default>(
    map: &mut HashMap<Id<GuildMarker>, T>,
    guild: Id<GuildMarker>,
) -> Result<&mut T, PolicyError> {
    if map.len() >= MAX_GUILDS && !map.contains_key(&guild) {
        let text = format!("no more than {MAX_GUILDS} guilds are kept without a data folder");
        return Err(PolicyError::Store(text));
    }
    Ok(map.entry(guild).or_default())
}

impl GuildPrefs for MemoryPolicy {
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<Prefs, PolicyError>> {
        let found = lock(&self.prefs).get(&guild).cloned().unwrap_or_default();
        Box::pin(std::future::ready(Ok(found)))
    }

    fn save<'a>(&'a self, change: &'a PrefsChange) -> BoxFuture<'a, Result<(), PolicyError>> {
        let mut all = lock(&self.prefs);
        let done = entry(&mut all, change.guild).map(|prefs| prefs.clone_from(&change.after));
        Box::pin(std::future::ready(done))
    }
}

impl RoleRules for MemoryPolicy {
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<GuildRules, PolicyError>> {
        let found = lock(&self.rules).get(&guild).cloned().unwrap_or_default();
        Box::pin(std::future::ready(Ok(found)))
    }

    fn save<'a>(&'a self, change: &'a RuleChange) -> BoxFuture<'a, Result<(), PolicyError>> {
        let mut all = lock(&self.rules);
        let done = entry(&mut all, change.guild).map(|rules| {
            if change.after.is_empty() {
                rules.remove(&change.command);
            } else {
                rules.insert(change.command.clone(), change.after.clone());
            }
        });
        Box::pin(std::future::ready(done))
    }
}
