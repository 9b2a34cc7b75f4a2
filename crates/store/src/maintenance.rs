//! The hourly round: closes files of left guilds, drops what has expired, moves on audit rows. Deletes no guild's data.

use std::collections::BTreeSet;

use crate::db::Db;
use crate::db::TABLES;
use crate::id::Id;
use crate::repo::Actor;
use crate::store::{DELETED, Store, blocking};
use crate::{StoreError, layout, platform};

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
    /// <https://discord.com/developers/docs/events/gateway#sharding>: shard = (guild >> 22) % shards.
    pub fn left(&self, guild: u64) -> bool {
        let shard = (guild >> 22) % u64::from(self.shard_count.max(1));
        let ours = u32::try_from(shard).is_ok_and(|shard| self.shards.contains(&shard));
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
    /// Persistent views that were over.
    pub views: usize,
    /// Audit rows that had waited in a guild's file.
    pub audit_rows: usize,
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
            views: self.views().expire().await?,
            audit_rows: self.settle_audit(false).await?,
        };
        tracing::info!(
            closed = report.closed.len(),
            orphans = report.orphans,
            cooldowns = report.cooldowns,
            views = report.views,
            audit_rows = report.audit_rows,
            "database maintenance"
        );
        Ok(report)
    }

    /// Closes a guild's file, as when the bot leaves the guild. The file stays; whether it was open.
    pub async fn close_guild(&self, guild: u64) -> Result<bool, StoreError> {
        self.pool().close_guild(guild).await
    }

    /// Deletes everything about a guild for good: its folder with all backups in it, and its rows in `main.db`.
    /// That it was deleted, and by whom, is written down. Whether there was a folder.
    pub async fn delete_guild(&self, guild: u64, actor: &Actor) -> Result<bool, StoreError> {
        let data = self.folder().to_owned();
        let renamed = move || {
            let folder = layout::guild_folder(&data, guild);
            let doomed = data.join(format!("{DELETED}{guild}-{:08x}", fastrand::u32(..)));
            match std::fs::rename(&folder, &doomed) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                renamed => renamed.map_err(StoreError::io("delete", &folder))?,
            }
            // From here on it is gone; the next start would finish it.
            platform::sync_dir(&data).map_err(StoreError::io("make durable", &data))?;
            Ok(Some(doomed))
        };
        // On the guild's own thread, so that nobody opens the file in between and writes on into a deleted one.
        let doomed = self.pool().alone(guild, renamed).await?;
        let existed = doomed.is_some();
        if let Some(doomed) = doomed {
            blocking(move || std::fs::remove_dir_all(&doomed).map_err(StoreError::io("delete", &doomed)))
                .await?;
        }
        self.pool()
            .main_write(move |db: &Db<'_>| {
                let columns = TABLES.iter().filter_map(|table| Some((table.name, table.guild?)));
                for (table, column) in columns {
                    db.execute(&format!("DELETE FROM {table} WHERE {column} = ?"), [Id(guild)])?;
                }
                Ok(())
            })
            .await?;
        // Without the guild: the row is about the bot's owner by now.
        let actor = Actor { guild: None, ..*actor };
        self.audit().append(&actor, format!("guild_data.{guild}"), Some("kept".to_owned()), None).await?;
        Ok(existed)
    }
}
