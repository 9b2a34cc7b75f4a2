//! Cooldowns that are long enough to outlive a restart.

use std::time::SystemTime;

use super::check_name;
use crate::StoreError;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// Whom a cooldown holds back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CooldownScope {
    /// One user.
    User,
    /// One guild; in direct messages one user.
    Guild,
    /// One channel, of a guild or of a user's direct messages.
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
    /// The user whom it is about.
    pub user: Option<u64>,
    /// The guild that it is about.
    pub guild: Option<u64>,
    /// The channel of [`CooldownScope::Channel`].
    pub channel: Option<u64>,
    /// Uses in this window.
    pub used: u32,
    /// When the window began.
    pub began: SystemTime,
    /// When it is over.
    pub ends: SystemTime,
}

/// "None" as part of a primary key: 0 is nobody's id.
fn or_none(id: Option<u64>) -> Id {
    Id(id.unwrap_or(0))
}

/// The cooldowns of `main.db`. Whom each one is about stands in columns of its own, by which it is found for export and
/// erasure, and when a guild is deleted.
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
                            (bucket, scope, user_id, guild_id, channel_id, used, began_at, ends_at)
                         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        (
                            cooldown.bucket,
                            cooldown.scope.name(),
                            or_none(cooldown.user),
                            or_none(cooldown.guild),
                            or_none(cooldown.channel),
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

    /// The cooldowns that still run, the last to end first, at most `limit`.
    pub async fn load(&self, limit: u32) -> Result<Vec<Cooldown>, StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_read(move |db| {
                let rows = db.rows(
                    "SELECT bucket, scope, user_id, guild_id, channel_id, used, began_at, ends_at FROM cooldowns
                     WHERE ends_at > ? ORDER BY ends_at DESC, bucket LIMIT ?",
                    (now, limit),
                    |row| {
                        let scope = CooldownScope::parse(&row.get::<_, String>(1)?);
                        let id = |column| Ok::<_, rusqlite::Error>(Some(row.get::<_, Id>(column)?.0).filter(|id| *id != 0));
                        let cooldown = Cooldown {
                            bucket: row.get(0)?,
                            scope: scope.unwrap_or(CooldownScope::Global),
                            user: id(2)?,
                            guild: id(3)?,
                            channel: id(4)?,
                            used: row.get(5)?,
                            began: row.get::<_, Millis>(6)?.into(),
                            ends: row.get::<_, Millis>(7)?.into(),
                        };
                        // A scope of another version holds back nobody.
                        Ok(scope.map(|_| cooldown))
                    },
                )?;
                Ok(rows.into_iter().flatten().collect())
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
