//! Bot-wide settings that were changed at runtime; they override config.json.

use std::collections::BTreeMap;

use super::audit::Actor;
use super::change::{Diff, in_main};
use super::{check_name, check_value};
use crate::StoreError;
use crate::db::Db;
use crate::store::Store;
use crate::time::Millis;

/// `bot_settings` of `main.db`. Every change is written down.
#[derive(Clone, Debug)]
pub struct BotSettings {
    store: Store,
}

impl BotSettings {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// One value; none if config.json decides.
    pub async fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.store.pool().main_read(move |db| get(db, &key)).await
    }

    /// All values that were set at runtime.
    pub async fn all(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "SELECT key, value FROM bot_settings";
        let rows =
            self.store.pool().main_read(move |db| db.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?))));
        Ok(rows.await?.into_iter().collect())
    }

    /// Sets a value and writes down who did, in one commit. Answers with the value before.
    pub async fn set(
        &self,
        key: &str,
        value: impl Into<String>,
        actor: &Actor,
    ) -> Result<Option<String>, StoreError> {
        self.change(key, Some(value.into()), actor).await
    }

    /// Takes a value back, so that config.json decides again. Answers with the value before.
    pub async fn remove(&self, key: &str, actor: &Actor) -> Result<Option<String>, StoreError> {
        self.change(key, None, actor).await
    }

    async fn change(
        &self,
        key: &str,
        new: Option<String>,
        actor: &Actor,
    ) -> Result<Option<String>, StoreError> {
        check_name("setting", key)?;
        check_value(key, new.as_deref().unwrap_or_default())?;
        let (key, at) = (key.to_owned(), Millis::from(self.store.now()));
        in_main(&self.store, actor, move |db| {
            let old = get(db, &key)?;
            match &new {
                Some(value) => {
                    let sql = "INSERT OR REPLACE INTO bot_settings (key, value, updated_at) VALUES (?, ?, ?)";
                    db.execute(sql, (&key, value, at))?
                }
                None => db.execute("DELETE FROM bot_settings WHERE key = ?", [&key])?,
            };
            let diff = (old != new).then(|| Diff { setting: key, old: old.clone(), new });
            Ok((old, diff.into_iter().collect()))
        })
        .await
    }
}

fn get(db: &Db<'_>, key: &str) -> Result<Option<String>, StoreError> {
    db.row("SELECT value FROM bot_settings WHERE key = ?", [key], |row| row.get(0))
}
