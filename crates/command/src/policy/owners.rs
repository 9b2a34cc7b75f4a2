//! The owners of the bot: one notion for everything.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

/// The owners of the bot: `BOT_OWNER_ID`, `owner_ids`, and of the application's team whoever counts. Clones share it.
///
/// They pass every tier, every rule of a guild and every check of the invoker's permissions; never those of the bot's
/// own permissions, of arguments, of concurrency and of cooldowns.
#[derive(Clone, Debug, Default)]
pub struct Owners(Arc<RwLock<HashSet<Id<UserMarker>>>>);

impl Owners {
    /// These people.
    pub fn new(owners: impl IntoIterator<Item = Id<UserMarker>>) -> Self {
        Self(Arc::new(RwLock::new(owners.into_iter().collect())))
    }

    /// Replaces all of them, for everybody who shares this.
    pub fn replace(&self, owners: impl IntoIterator<Item = Id<UserMarker>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = owners.into_iter().collect();
    }

    /// Whether this is one of them.
    pub fn contains(&self, user: Id<UserMarker>) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&user)
    }

    /// All of them, by id.
    pub fn all(&self) -> Vec<Id<UserMarker>> {
        let mut all: Vec<_> = self.0.read().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        all.sort_unstable();
        all
    }
}
