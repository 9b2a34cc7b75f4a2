//! Tables of settings by name: a guild's own, and the bot-wide ones. Both are read and changed in one way.

use std::collections::BTreeMap;

use super::change::Diff;
use super::{check_name, check_value};
use crate::StoreError;
use crate::db::Db;
use crate::time::Millis;

/// A table with the columns `key`, `value` and `updated_at`.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyValue {
    table: &'static str,
    /// SQL for `updated_at`, of `?3`, the milliseconds of now.
    updated: &'static str,
}

/// Of `guild.db`. Its column is the specification's, with time as SQLite's text.
pub(super) const GUILD: KeyValue =
    KeyValue { table: "guild_settings", updated: "datetime(?3 / 1000, 'unixepoch')" };
/// Of `main.db`.
pub(super) const BOT: KeyValue = KeyValue { table: "bot_settings", updated: "?3" };

/// All bot-wide settings that were changed at runtime.
pub(crate) fn bot_settings(db: &Db<'_>) -> Result<BTreeMap<String, String>, StoreError> {
    BOT.all(db)
}

/// Refuses a change that nobody could read, before anything is begun.
pub(super) fn check(key: &str, new: Option<&str>) -> Result<(), StoreError> {
    check_name("setting", key)?;
    check_value(key, new.unwrap_or_default())
}

impl KeyValue {
    /// One value.
    pub(super) fn get(self, db: &Db<'_>, key: &str) -> Result<Option<String>, StoreError> {
        let sql = format!("SELECT value FROM {} WHERE key = ?", self.table);
        Ok(db.row(&sql, [key], |row| row.get(0))?.flatten())
    }

    /// All values.
    pub(super) fn all(self, db: &Db<'_>) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = format!("SELECT key, value FROM {} WHERE value IS NOT NULL", self.table);
        Ok(db.rows(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
    }

    /// Sets a value or takes it back; the value before, and what the audit is to say.
    pub(super) fn change(
        self,
        db: &Db<'_>,
        key: String,
        new: Option<String>,
        at: Millis,
    ) -> Result<(Option<String>, Option<Diff>), StoreError> {
        let old = self.get(db, &key)?;
        let Self { table, updated } = self;
        match &new {
            Some(value) => {
                let sql = format!(
                    "INSERT OR REPLACE INTO {table} (key, value, updated_at) VALUES (?1, ?2, {updated})"
                );
                db.execute(&sql, (&key, value, at))?
            }
            None => db.execute(&format!("DELETE FROM {table} WHERE key = ?"), [&key])?,
        };
        let diff = (old != new).then(|| Diff { setting: key, old: old.clone(), new });
        Ok((old, diff))
    }
}
