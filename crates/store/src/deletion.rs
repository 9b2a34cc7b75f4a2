//! Deleting everything about a guild. What was begun is finished: a crash or a full disk in between leaves a note, by which
//! the next start goes on. Each step is durable before the next:
//!
//! 1. `main.db`: the note, with who wants it (`guild_deletions`).
//! 2. The guild's folder, backups included, gets a name that begins with `.deleted-` and goes.
//! 3. `main.db`, in one transaction: all rows of the guild go, the note among them, and the gateway sessions whose
//!    snapshots may hold the guild; that it was deleted, and by whom, is written down.

use crate::db::{Db, TABLES};
use crate::id::{Id, shard_of};
use crate::repo::{Actor, note_deletion};
use crate::store::{DELETED, Store, blocking};
use crate::time::Millis;
use crate::{StoreError, Target, layout, platform};

/// Why a guild's data could not be deleted, and what becomes of it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}; {}", rest(*.begun))]
pub struct DeletionError {
    /// Whether it is noted durably, so that the next start finishes it. Without the note nothing was deleted.
    pub begun: bool,
    /// The first step that failed.
    #[source]
    pub error: StoreError,
}

impl DeletionError {
    /// What becomes of it, for whoever wanted it.
    pub fn rest(&self) -> &'static str {
        rest(self.begun)
    }
}

fn rest(begun: bool) -> &'static str {
    if begun { "what was begun is finished by the next start of the bot" } else { "nothing was deleted" }
}

impl Store {
    /// Deletes everything about a guild for good: its folder with all backups in it, its rows in `main.db`, and the saved
    /// session of its shard, whose snapshot of the guilds cannot be searched (the next start identifies that shard instead of
    /// resuming it). That it was deleted, and by whom, is written down, unless there was nothing. Whether there was a
    /// folder.
    ///
    /// # Errors
    /// The first step that failed, and whether the next start finishes what was begun.
    pub async fn delete_guild(&self, guild: u64, actor: &Actor) -> Result<bool, DeletionError> {
        let failed = |begun| move |error| DeletionError { begun, error };
        if !self.note_guild(guild, actor).await.map_err(failed(false))? {
            return Ok(false);
        }
        let removed = self.remove_guild(guild, Some(Id(actor.user)), Id::maybe(actor.channel));
        removed.await.map_err(failed(true))
    }

    /// Step 1; whether there is anything to delete.
    async fn note_guild(&self, guild: u64, actor: &Actor) -> Result<bool, StoreError> {
        if !self.knows(guild).await? {
            // Snapshots of sessions may hold it all the same: what Discord told of a server that never wrote anything.
            self.pool().main_write(move |db| forget_sessions(db, guild)).await?;
            self.settle(Target::Main).await?;
            return Ok(false);
        }
        let (by, at) = (*actor, Millis::from(self.now()));
        let note = move |db: &Db<'_>| {
            let sql = "INSERT OR IGNORE INTO guild_deletions (guild_id, user_id, channel_id, at) VALUES (?, ?, ?, ?)";
            db.execute(sql, (Id(guild), Id(by.user), Id::maybe(by.channel), at)).map(drop)
        };
        self.pool().main_write(note).await?;
        Ok(true)
    }

    /// Whether there is a folder or a row of this guild.
    async fn knows(&self, guild: u64) -> Result<bool, StoreError> {
        let folder = layout::guild_folder(self.folder(), guild);
        if blocking(move || Ok(folder.exists())).await? {
            return Ok(true);
        }
        let rows = move |db: &Db<'_>| {
            for (table, column) in TABLES.iter().filter_map(|table| Some((table.name, table.guild?))) {
                let sql = format!("SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1");
                if db.row(&sql, [Id(guild)], |_| Ok(()))?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        self.pool().main_read(rows).await
    }

    /// Finishes deletions that were cut off. One that still cannot be finished is told, and tried again at the next start.
    pub(crate) async fn finish_deletions(&self) -> Result<(), StoreError> {
        let sql = "SELECT guild_id, user_id, channel_id FROM guild_deletions ORDER BY at";
        let begun = self.pool().main_read(move |db| {
            db.rows(sql, [], |row| {
                // Who wanted it may have been erased since.
                Ok((row.get::<_, Id>(0)?.0, row.get::<_, Option<Id>>(1)?, row.get::<_, Option<Id>>(2)?))
            })
        });
        for (guild, user, channel) in begun.await? {
            match self.remove_guild(guild, user, channel).await {
                Ok(_) => {
                    tracing::warn!(guild, "the deletion of a server's data, which was cut off, is finished");
                }
                Err(error) => {
                    tracing::error!(guild, %error, "the deletion of a server's data cannot be finished; the next start tries again");
                }
            }
        }
        Ok(())
    }

    /// Steps 2 and 3.
    async fn remove_guild(
        &self,
        guild: u64,
        user: Option<Id>,
        channel: Option<Id>,
    ) -> Result<bool, StoreError> {
        let data = self.folder().to_owned();
        let renamed = move || {
            let folder = layout::guild_folder(&data, guild);
            let doomed = data.join(format!("{DELETED}{guild}-{:08x}", fastrand::u32(..)));
            match std::fs::rename(&folder, &doomed) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                renamed => renamed.map_err(StoreError::io("delete", &folder))?,
            }
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
        let at = Millis::from(self.now());
        self.pool()
            .main_write(move |db| {
                // What was changed for the whole bot is the bot's, wherever it was said.
                let keep =
                    "UPDATE audit SET guild_id = NULL, channel_id = NULL WHERE guild_id = ? AND bot_wide = 1";
                db.execute(keep, [Id(guild)])?;
                for (table, column) in TABLES.iter().filter_map(|table| Some((table.name, table.guild?))) {
                    db.execute(&format!("DELETE FROM {table} WHERE {column} = ?"), [Id(guild)])?;
                }
                forget_sessions(db, guild)?;
                note_deletion(db, at, user, channel, guild)
            })
            .await?;
        // The log holds the pages as they were.
        self.settle(Target::Main).await?;
        Ok(existed)
    }
}

/// Drops the sessions of the shards that the guild is on.
fn forget_sessions(db: &Db<'_>, guild: u64) -> Result<(), StoreError> {
    let sql = "SELECT shard_id, shard_count FROM gateway_sessions";
    let shards = db.rows(sql, [], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)))?;
    for (shard, _) in shards.into_iter().filter(|(shard, shards)| shard_of(guild, *shards) == *shard) {
        db.execute("DELETE FROM gateway_sessions WHERE shard_id = ?", [shard])?;
    }
    Ok(())
}
