//! The hourly round: closes files of left guilds, drops what has expired or is too much, moves on audit rows.
//! Deletes no guild's data.

use std::collections::BTreeSet;

use crate::id::shard_of;
use crate::repo::Pruned;
use crate::{Store, StoreError};

/// Which guilds this process answers for, as its caches see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Guilds that the bot is in, on the shards of this process.
    pub joined: BTreeSet<u64>,
    /// Guilds of this process's shards that are in an outage.
    pub unavailable: BTreeSet<u64>,
    /// Of how many shards in all; 0 counts as 1.
    pub shard_count: u32,
    /// Which of them this process runs and has received the guilds of. A shard that is not ready yet does not belong
    /// here: its guilds would look left.
    pub shards: BTreeSet<u32>,
}

impl Presence {
    /// Whether the bot is known to have left the guild: of our shards, and neither joined nor in an outage.
    pub fn left(&self, guild: u64) -> bool {
        let ours = self.shards.contains(&shard_of(guild, self.shard_count));
        ours && !self.joined.contains(&guild) && !self.unavailable.contains(&guild)
    }
}

/// What a round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaintenanceReport {
    /// Left guilds whose files were open and are closed now. The files stay.
    pub closed: Vec<u64>,
    /// Guilds that have a file although the bot has left them.
    pub orphans: usize,
    /// Cooldowns that were over.
    pub cooldowns: usize,
    /// Audit rows that had waited in a guild's file.
    pub audit_rows: usize,
    /// What was dropped because there was too much of it.
    pub pruned: Pruned,
}

impl Store {
    /// One round of maintenance; the runtime calls it each hour and for `cleanup`.
    pub async fn maintain(&self, presence: Presence) -> Result<MaintenanceReport, StoreError> {
        let left: BTreeSet<u64> =
            self.guilds().await?.into_iter().filter(|guild| presence.left(*guild)).collect();
        let report = MaintenanceReport {
            closed: self.pool().close_guilds(&left).await?,
            orphans: left.len(),
            cooldowns: self.cooldowns().expire().await?,
            audit_rows: self.settle_audit(false).await?,
            pruned: self.prune().await?,
        };
        tracing::info!(
            closed = report.closed.len(),
            orphans = report.orphans,
            cooldowns = report.cooldowns,
            audit_rows = report.audit_rows,
            audit_pruned = report.pruned.audit,
            usage_pruned = report.pruned.usage,
            "database maintenance"
        );
        Ok(report)
    }

    /// Closes a guild's file, as when the bot leaves the guild. The file stays; whether it was open.
    pub async fn close_guild(&self, guild: u64) -> Result<bool, StoreError> {
        self.pool().close_guild(guild).await
    }
}
