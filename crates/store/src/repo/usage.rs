//! How often commands are used and fail, in total and per guild.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::check_name;
use super::guild::Guild;
use super::prune::{COUNTED, prune_usage};
use crate::StoreError;
use crate::db::Db;
use crate::store::Store;
use crate::time::Millis;

/// Longest kept text of an error, in characters.
const MAX_ERROR: usize = 200;

/// Uses of one command in one place, summed up since the last batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandUse {
    /// Where; none for direct messages.
    pub guild: Option<u64>,
    /// The command's whole name.
    pub command: String,
    /// How often it ran.
    pub count: u64,
    /// How many of those failed.
    pub errors: u64,
    /// When it last ran.
    pub last_used: SystemTime,
    /// What the last failure was, if any failed: a short text without anything a user wrote.
    pub last_error: Option<(String, SystemTime)>,
}

/// What is known about one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The command's whole name.
    pub command: String,
    /// How often it ran.
    pub count: u64,
    /// How many of those failed.
    pub errors: u64,
    /// When it last ran.
    pub last_used: Option<SystemTime>,
    /// The last failure and when it was.
    pub last_error: Option<(String, Option<SystemTime>)>,
}

/// Usage of the whole bot.
#[derive(Clone, Debug)]
pub struct Usage {
    store: Store,
}

/// Usage within one guild.
#[derive(Clone, Debug)]
pub struct GuildUsage {
    guild: Guild,
}

impl Usage {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Adds a batch: to the total in one commit, then to each guild's file in one commit each. A guild whose file fails
    /// loses its part, the others do not; answers with these guilds. A batch that was counted is not repeated.
    ///
    /// # Errors
    /// Nothing was counted: the batch may come again.
    pub async fn record(&self, batch: Vec<CommandUse>) -> Result<Vec<(u64, StoreError)>, StoreError> {
        let mut guilds: BTreeMap<u64, Vec<CommandUse>> = BTreeMap::new();
        for used in &batch {
            check_name("command", &used.command)?;
            if let Some(guild) = used.guild {
                guilds.entry(guild).or_default().push(used.clone());
            }
        }
        self.store.pool().main_write(move |db| batch.iter().try_for_each(|used| add_total(db, used))).await?;
        let mut lost = Vec::new();
        for (guild, batch) in guilds {
            let write = move |db: &Db<'_>| {
                batch.iter().try_for_each(|used| add_guild(db, used))?;
                prune_usage(db, "command_stats", COUNTED).map(drop)
            };
            if let Err(error) = self.store.guild(guild).write(write).await {
                lost.push((guild, error));
            }
        }
        Ok(lost)
    }

    /// The most used commands, at most `limit`.
    pub async fn top(&self, limit: u32) -> Result<Vec<UsageRow>, StoreError> {
        self.store
            .pool()
            .main_read(move |db| {
                db.rows(
                    "SELECT command_name, usage_count, error_count, last_used, last_error, last_error_at FROM usage
                     ORDER BY usage_count DESC, command_name LIMIT ?",
                    [limit],
                    read,
                )
            })
            .await
    }

    /// Uses and failures of all commands together.
    pub async fn total(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT coalesce(sum(usage_count), 0), coalesce(sum(error_count), 0) FROM usage";
        let sums = self
            .store
            .pool()
            .main_read(move |db| db.row(sql, [], |row| Ok((number(row, 0)?, number(row, 1)?))));
        Ok(sums.await?.unwrap_or_default())
    }
}

impl GuildUsage {
    pub(crate) fn new(guild: Guild) -> Self {
        Self { guild }
    }

    /// The guild's most used commands, at most `limit`.
    pub async fn top(&self, limit: u32) -> Result<Vec<UsageRow>, StoreError> {
        self.guild
            .read(move |db| {
                db.rows(
                    "SELECT command_name, usage_count, error_count, unixepoch(last_used) * 1000, last_error,
                            unixepoch(last_error_at) * 1000
                     FROM command_stats ORDER BY usage_count DESC, command_name LIMIT ?",
                    [limit],
                    read,
                )
            })
            .await
    }
}

fn add_total(db: &Db<'_>, used: &CommandUse) -> Result<(), StoreError> {
    let (error, at) = last_error(used);
    db.execute(
        "INSERT INTO usage (command_name, usage_count, error_count, last_used, last_error, last_error_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (command_name) DO UPDATE SET
            usage_count = usage_count + ?2, error_count = error_count + ?3,
            last_used = max(coalesce(last_used, ?4), ?4),
            last_error = coalesce(?5, last_error), last_error_at = coalesce(?6, last_error_at)",
        (&used.command, signed(used.count), signed(used.errors), Millis::from(used.last_used), error, at),
    )?;
    Ok(())
}

/// The specification's columns hold time as SQLite's text.
fn add_guild(db: &Db<'_>, used: &CommandUse) -> Result<(), StoreError> {
    let (error, at) = last_error(used);
    db.execute(
        "INSERT INTO command_stats (command_name, usage_count, error_count, last_used, last_error, last_error_at)
         VALUES (?1, ?2, ?3, datetime(?4 / 1000, 'unixepoch'), ?5, datetime(?6 / 1000, 'unixepoch'))
         ON CONFLICT (command_name) DO UPDATE SET
            usage_count = coalesce(usage_count, 0) + ?2, error_count = error_count + ?3,
            last_used = max(coalesce(last_used, ''), excluded.last_used),
            last_error = coalesce(?5, last_error), last_error_at = coalesce(excluded.last_error_at, last_error_at)",
        (&used.command, signed(used.count), signed(used.errors), Millis::from(used.last_used), error, at),
    )?;
    Ok(())
}

fn last_error(used: &CommandUse) -> (Option<String>, Option<Millis>) {
    match &used.last_error {
        Some((text, at)) => (Some(text.chars().take(MAX_ERROR).collect()), Some(Millis::from(*at))),
        None => (None, None),
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, Option<i64>>(column)?.unwrap_or(0)).unwrap_or(0))
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<UsageRow> {
    let at = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<Millis>>(column)?.map(SystemTime::from));
    let error_at = at(5)?;
    Ok(UsageRow {
        command: row.get(0)?,
        count: number(row, 1)?,
        errors: number(row, 2)?,
        last_used: at(3)?,
        last_error: row.get::<_, Option<String>>(4)?.map(|text| (text, error_at)),
    })
}
