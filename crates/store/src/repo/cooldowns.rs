//! Cooldowns that are long enough to outlive a restart.

use std::time::SystemTime;

use super::check_name;
use crate::StoreError;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// Rows that are loaded at most; a bot with more running cooldowns has other worries.
const MAX_ROWS: u32 = 1_000_000;

/// Whom a cooldown holds back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CooldownScope {
    /// One user; within one guild if the cooldown names one.
    User,
    /// One guild.
    Guild,
    /// One channel.
    Channel,
    /// Everybody.
    Global,
}

impl CooldownScope {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Guild => "guild",
            Self::Channel => "channel",
            Self::Global => "global",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::User, Self::Guild, Self::Channel, Self::Global].into_iter().find(|scope| scope.name() == name)
    }
}

/// A running cooldown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// The command, or the name of a bucket that several share.
    pub bucket: String,
    /// Whom it holds back.
    pub scope: CooldownScope,
    /// The user, guild or channel; 0 for [`CooldownScope::Global`].
    pub subject: u64,
    /// The guild within which it counts; 0 if it counts everywhere.
    pub guild: u64,
    /// Uses in this window.
    pub used: u32,
    /// When the window began.
    pub began: SystemTime,
    /// When it is over.
    pub ends: SystemTime,
}

/// The cooldowns of `main.db`.
#[derive(Clone, Debug)]
pub struct Cooldowns {
    store: Store,
}

impl Cooldowns {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Writes down cooldowns, each in place of the same one before, in one commit.
    pub async fn save(&self, batch: Vec<Cooldown>) -> Result<(), StoreError> {
        batch.iter().try_for_each(|cooldown| check_name("cooldown", &cooldown.bucket))?;
        self.store
            .pool()
            .main_write(move |db| {
                for cooldown in batch {
                    db.execute(
                        "INSERT OR REPLACE INTO cooldowns
                            (bucket, scope, subject_id, guild_id, used, began_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (
                            cooldown.bucket,
                            cooldown.scope.name(),
                            Id(cooldown.subject),
                            Id(cooldown.guild),
                            cooldown.used,
                            Millis::from(cooldown.began),
                            Millis::from(cooldown.ends),
                        ),
                    )?;
                }
                Ok(())
            })
            .await
    }

    /// All cooldowns that still run, the last to end first.
    pub async fn load(&self) -> Result<Vec<Cooldown>, StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_read(move |db| {
                let rows = db.rows(
                    "SELECT bucket, scope, subject_id, guild_id, used, began_at, ends_at FROM cooldowns
                     WHERE ends_at > ? ORDER BY ends_at DESC, bucket, subject_id LIMIT ?",
                    (now, MAX_ROWS),
                    |row| {
                        let scope = CooldownScope::parse(&row.get::<_, String>(1)?);
                        let cooldown = Cooldown {
                            bucket: row.get(0)?,
                            scope: scope.unwrap_or(CooldownScope::Global),
                            subject: row.get::<_, Id>(2)?.0,
                            guild: row.get::<_, Id>(3)?.0,
                            used: row.get(4)?,
                            began: row.get::<_, Millis>(5)?.into(),
                            ends: row.get::<_, Millis>(6)?.into(),
                        };
                        // A scope of another version holds back nobody.
                        Ok(scope.map(|_| cooldown))
                    },
                )?;
                Ok(rows.into_iter().flatten().collect())
            })
            .await
    }

    /// Forgets a cooldown, as when an owner resets it.
    pub async fn remove(
        &self,
        bucket: &str,
        scope: CooldownScope,
        subject: u64,
        guild: u64,
    ) -> Result<(), StoreError> {
        let bucket = bucket.to_owned();
        self.store
            .pool()
            .main_write(move |db| {
                let sql = "DELETE FROM cooldowns WHERE bucket = ? AND scope = ? AND subject_id = ? AND guild_id = ?";
                db.execute(sql, (bucket, scope.name(), Id(subject), Id(guild))).map(|_| ())
            })
            .await
    }

    /// Drops what is over; how many that were.
    pub async fn expire(&self) -> Result<usize, StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_write(move |db| db.execute("DELETE FROM cooldowns WHERE ends_at <= ?", [now]))
            .await
    }
}
