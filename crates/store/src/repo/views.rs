//! Views (buttons, selects) that outlive a restart.

use std::time::SystemTime;

use super::{check_name, check_value};
use crate::StoreError;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// A view that someone may still press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersistentView {
    /// Begins the custom ids of its components; unique.
    pub id: String,
    /// Which handler it belongs to.
    pub kind: String,
    /// Where its message is; none in a direct message.
    pub guild: Option<u64>,
    /// Where its message is.
    pub channel: u64,
    /// Its message.
    pub message: u64,
    /// The only user who may use it; none if everybody may.
    pub user: Option<u64>,
    /// What the handler needs, in its own form.
    pub state: String,
    /// When it was made.
    pub created: SystemTime,
    /// When it ends by itself; none for never.
    pub ends: Option<SystemTime>,
}

/// The persistent views of `main.db`.
#[derive(Clone, Debug)]
pub struct Views {
    store: Store,
}

impl Views {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Writes down a view in place of the one with the same id.
    pub async fn save(&self, view: PersistentView) -> Result<(), StoreError> {
        check_name("view", &view.id)?;
        check_value("a view", &view.state)?;
        self.store
            .pool()
            .main_write(move |db| {
                db.execute(
                    "INSERT OR REPLACE INTO persistent_views
                        (id, kind, guild_id, channel_id, message_id, user_id, state, created_at, ends_at)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        view.id,
                        view.kind,
                        Id::maybe(view.guild),
                        Id(view.channel),
                        Id(view.message),
                        Id::maybe(view.user),
                        view.state,
                        Millis::from(view.created),
                        view.ends.map(Millis::from),
                    ),
                )?;
                Ok(())
            })
            .await
    }

    /// One view; none if it is unknown or over.
    pub async fn get(&self, id: &str) -> Result<Option<PersistentView>, StoreError> {
        let (id, now) = (id.to_owned(), Millis::from(self.store.now()));
        self.store
            .pool()
            .main_read(move |db| {
                let sql = format!("{SELECT} WHERE id = ? AND (ends_at IS NULL OR ends_at > ?)");
                db.row(&sql, (id, now), read)
            })
            .await
    }

    /// All views that are not over, oldest first.
    pub async fn all(&self) -> Result<Vec<PersistentView>, StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_read(move |db| {
                let sql = format!("{SELECT} WHERE ends_at IS NULL OR ends_at > ? ORDER BY created_at, id");
                db.rows(&sql, [now], read)
            })
            .await
    }

    /// Forgets a view; whether there was one.
    pub async fn remove(&self, id: &str) -> Result<bool, StoreError> {
        let (id, sql) = (id.to_owned(), "DELETE FROM persistent_views WHERE id = ?");
        self.store.pool().main_write(move |db| Ok(db.execute(sql, [id])? > 0)).await
    }

    /// Forgets the views of a deleted message.
    pub async fn remove_message(&self, message: u64) -> Result<usize, StoreError> {
        let sql = "DELETE FROM persistent_views WHERE message_id = ?";
        self.store.pool().main_write(move |db| db.execute(sql, [Id(message)])).await
    }

    /// Drops what is over; how many that were.
    pub async fn expire(&self) -> Result<usize, StoreError> {
        let (now, sql) = (Millis::from(self.store.now()), "DELETE FROM persistent_views WHERE ends_at <= ?");
        self.store.pool().main_write(move |db| db.execute(sql, [now])).await
    }
}

const SELECT: &str = "SELECT id, kind, guild_id, channel_id, message_id, user_id, state, created_at, ends_at
    FROM persistent_views";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<PersistentView> {
    Ok(PersistentView {
        id: row.get(0)?,
        kind: row.get(1)?,
        guild: row.get::<_, Option<Id>>(2)?.map(|id| id.0),
        channel: row.get::<_, Id>(3)?.0,
        message: row.get::<_, Id>(4)?.0,
        user: row.get::<_, Option<Id>>(5)?.map(|id| id.0),
        state: row.get(6)?,
        created: row.get::<_, Millis>(7)?.into(),
        ends: row.get::<_, Option<Millis>>(8)?.map(SystemTime::from),
    })
}
