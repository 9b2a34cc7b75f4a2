//! Bot-wide statistics by name.

use std::collections::BTreeMap;

use super::{check_name, check_value};
use crate::StoreError;
use crate::store::Store;

/// `global_stats` of `main.db`.
#[derive(Clone, Debug)]
pub struct GlobalStats {
    store: Store,
}

impl GlobalStats {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// All values.
    pub async fn all(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "SELECT key, value FROM global_stats WHERE value IS NOT NULL";
        let rows =
            self.store.pool().main_read(move |db| db.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?))));
        Ok(rows.await?.into_iter().collect())
    }

    /// Sets values, in one commit.
    pub async fn set(&self, values: BTreeMap<String, String>) -> Result<(), StoreError> {
        for (key, value) in &values {
            check_name("statistic", key)?;
            check_value(key, value)?;
        }
        self.write(values, "excluded.value").await
    }

    /// Adds to counters, in one commit. What is no number counts as 0.
    pub async fn add(&self, counts: BTreeMap<String, i64>) -> Result<(), StoreError> {
        counts.keys().try_for_each(|key| check_name("statistic", key))?;
        let values = counts.into_iter().map(|(key, count)| (key, count.to_string())).collect();
        self.write(
            values,
            "CAST(CAST(coalesce(value, 0) AS INTEGER) + CAST(excluded.value AS INTEGER) AS TEXT)",
        )
        .await
    }

    async fn write(&self, values: BTreeMap<String, String>, merged: &'static str) -> Result<(), StoreError> {
        self.store
            .pool()
            .main_write(move |db| {
                let sql = format!(
                    "INSERT INTO global_stats (key, value) VALUES (?, ?)
                     ON CONFLICT (key) DO UPDATE SET value = {merged}, updated_at = CURRENT_TIMESTAMP"
                );
                values.into_iter().try_for_each(|row| db.execute(&sql, row).map(|_| ()))
            })
            .await
    }
}
