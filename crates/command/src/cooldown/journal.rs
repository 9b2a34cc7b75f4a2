//! Where long cooldowns are kept so that a restart does not end them.

use std::time::SystemTime;

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use crate::policy::PolicyError;

/// A cooldown that is under way, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCooldown {
    /// What is counted: bucket, scope and id in one opaque text, unique. At most 200 characters.
    pub key: String,
    /// The person, where it is one's own; for export and erasure.
    pub user: Option<Id<UserMarker>>,
    /// Uses so far.
    pub used: u32,
    /// When it is over. What lies in the past may be dropped.
    pub ends: SystemTime,
}

/// Keeps cooldowns of more than a minute over restarts. The runtime implements it over its database.
///
/// Losing an entry lets somebody run a command early and is no disaster: failures are logged and tried again with the
/// next change, they stop nothing.
pub trait CooldownJournal: Send + Sync + 'static {
    /// All that is kept and has not ended; at most `limit`, those that end last.
    fn load(&self, limit: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>>;

    /// Inserts or replaces by key. At most 1,000 at once. Has to end by itself within seconds.
    fn save(&self, changed: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>>;
}

/// Keeps nothing: every restart ends all cooldowns. For tests, and for bots without a data folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoJournal;

impl CooldownJournal for NoJournal {
    fn load(&self, _: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn save(&self, _: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}
