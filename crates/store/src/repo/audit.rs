//! Who changed which setting, where, from what, to what.

use std::time::SystemTime;

use crate::StoreError;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// Rows that [`Audit::list`] returns at most.
const MAX_ROWS: u32 = 500;

/// Who changes something, and where they said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: u64,
    /// The guild; none in a direct message.
    pub guild: Option<u64>,
    /// The channel.
    pub channel: Option<u64>,
}

impl Actor {
    /// A user, somewhere.
    pub fn new(user: impl Into<u64>, guild: Option<u64>, channel: Option<u64>) -> Self {
        Self { user: user.into(), guild, channel }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Counts up with each change.
    pub id: i64,
    /// When.
    pub at: SystemTime,
    /// Who; none once the user was erased.
    pub user: Option<u64>,
    /// In which guild it was said; none in a direct message and at the command line.
    pub guild: Option<u64>,
    /// In which channel it was said.
    pub channel: Option<u64>,
    /// Whether it is about the bot as a whole rather than about that guild.
    pub bot_wide: bool,
    /// What, such as `prefix` or `command_permissions.ban`.
    pub setting: String,
    /// Its value before; none if it was not set.
    pub old: Option<String>,
    /// Its value after; none if it was removed.
    pub new: Option<String>,
}

/// Which changes to list. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only what is about this guild. Bot-wide changes that were said there are not.
    pub guild: Option<u64>,
    /// Only of this setting.
    pub setting: Option<String>,
    /// Only before this entry, for paging.
    pub before: Option<i64>,
}

/// The audit table of `main.db`.
#[derive(Clone, Debug)]
pub struct Audit {
    store: Store,
}

impl Audit {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Changes, newest first, at most `limit` and at most 500.
    pub async fn list(&self, filter: AuditFilter, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.store
            .pool()
            .main_read(move |db| {
                db.rows(
                    "SELECT id, at, user_id, guild_id, channel_id, bot_wide, setting, old_value, new_value FROM audit
                     WHERE (?1 IS NULL OR guild_id = ?1 AND bot_wide = 0) AND (?2 IS NULL OR setting = ?2) AND (?3 IS NULL OR id < ?3)
                     ORDER BY id DESC LIMIT ?4",
                    (Id::maybe(filter.guild), filter.setting, filter.before, limit.min(MAX_ROWS)),
                    |row| {
                        let id = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<Id>>(column)?.map(|id| id.0));
                        Ok(AuditEntry {
                            id: row.get(0)?,
                            at: row.get::<_, Millis>(1)?.into(),
                            user: id(2)?,
                            guild: id(3)?,
                            channel: id(4)?,
                            bot_wide: row.get(5)?,
                            setting: row.get(6)?,
                            old: row.get(7)?,
                            new: row.get(8)?,
                        })
                    },
                )
            })
            .await
    }
}
