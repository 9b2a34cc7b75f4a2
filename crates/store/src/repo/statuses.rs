//! The list of statuses that the bot rotates through, as changed at runtime.

use serde::{Deserialize, Serialize};

use super::audit::Actor;
use super::change::{Diff, in_main};
use super::check_value;
use crate::StoreError;
use crate::db::Db;
use crate::store::Store;
use crate::time::Millis;

/// Statuses in the list at most.
const MAX_STATUSES: usize = 100;
/// Kept in `bot_settings` once the list was changed: an empty list differs from none.
pub(crate) const CHANGED: &str = "status.statuses";

/// One status, as in config.json.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusEntry {
    /// playing, watching, listening, competing, streaming or custom.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, with its variables.
    pub text: String,
    /// online, dnd, idle or invisible.
    pub presence: String,
}

/// The status list of `main.db`. Every change is written down.
#[derive(Clone, Debug)]
pub struct Statuses {
    store: Store,
}

impl Statuses {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The list; none if it was never changed at runtime and config.json decides.
    pub async fn all(&self) -> Result<Option<Vec<StatusEntry>>, StoreError> {
        self.store.pool().main_read(all).await
    }

    /// Replaces the list and writes down who did, in one commit. Answers with the list before.
    pub async fn replace(
        &self,
        list: Vec<StatusEntry>,
        actor: &Actor,
    ) -> Result<Option<Vec<StatusEntry>>, StoreError> {
        if list.len() > MAX_STATUSES {
            return Err(StoreError::Invalid(format!("the status list holds {MAX_STATUSES} entries at most")));
        }
        let at = Millis::from(self.store.now());
        in_main(&self.store, actor, move |db| {
            let old = all(db)?;
            db.execute("DELETE FROM status_list", [])?;
            db.execute("DELETE FROM bot_settings WHERE key = ?", [CHANGED])?;
            let sql = "INSERT INTO bot_settings (key, value, updated_at) VALUES (?, 'status_list', ?)";
            db.execute(sql, (CHANGED, at))?;
            for (position, entry) in (0_i64..).zip(&list) {
                check_value(CHANGED, &entry.text)?;
                let sql = "INSERT INTO status_list (position, type, text, presence) VALUES (?, ?, ?, ?)";
                db.execute(sql, (position, &entry.kind, &entry.text, &entry.presence))?;
            }
            let diff = (old.as_ref() != Some(&list)).then(|| Diff {
                setting: CHANGED.to_owned(),
                old: old.as_deref().and_then(json),
                new: json(&list),
            });
            Ok((old, diff.into_iter().collect()))
        })
        .await
    }
}

/// The list; none if it was never changed.
pub(crate) fn all(db: &Db<'_>) -> Result<Option<Vec<StatusEntry>>, StoreError> {
    if db.row("SELECT 1 FROM bot_settings WHERE key = ?", [CHANGED], |_| Ok(()))?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT type, text, presence FROM status_list ORDER BY position";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(StatusEntry { kind: row.get(0)?, text: row.get(1)?, presence: row.get(2)? })
    };
    db.rows(sql, [], read).map(Some)
}

fn json(list: &[StatusEntry]) -> Option<String> {
    serde_json::to_string(list).ok()
}
