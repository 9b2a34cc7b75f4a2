//! Bot-wide settings that were changed at runtime; they override config.json.

use super::audit::Actor;
use super::change::in_main;
use super::key_value::{BOT, check};
use crate::StoreError;
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
        self.store.pool().main_read(move |db| BOT.get(db, &key)).await
    }

    /// Sets a value and writes down who did, in one commit. Answers with the value before.
    pub async fn set(
        &self,
        key: &str,
        value: impl Into<String>,
        actor: &Actor,
    ) -> Result<Option<String>, StoreError> {
        let (key, value, at) = (key.to_owned(), value.into(), Millis::from(self.store.now()));
        check(&key, Some(&value))?;
        in_main(&self.store, actor, move |db| {
            let (old, diff) = BOT.change(db, key, Some(value), at)?;
            Ok((old, diff.into_iter().collect()))
        })
        .await
    }
}
