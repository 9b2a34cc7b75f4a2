//! Gateway sessions, so that a restart resumes instead of identifying.

use std::time::SystemTime;

use rusqlite::Row;

use crate::StoreError;
use crate::db::Db;
use crate::id::Id;
use crate::store::Store;
use crate::time::Millis;

/// A shard's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The shard.
    pub shard: u32,
    /// Of how many.
    pub shards: u32,
    /// Discord's id of the session.
    pub session_id: String,
    /// Where Discord wants it resumed.
    pub resume_url: String,
    /// The last sequence number that was *handled*, not merely received.
    pub sequence: u64,
    /// When this was written; set by the store.
    pub saved_at: SystemTime,
    /// The cache as it was at a sequence number.
    pub snapshot: Option<Snapshot>,
}

/// A shard's cache as bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last handled sequence number at which the cache still is as it is here.
    pub sequence: u64,
    /// The cache.
    pub bytes: Vec<u8>,
}

/// How far a running shard has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The shard.
    pub shard: u32,
    /// Discord's id of the session. Where another one is written down, the mark means nothing.
    pub session_id: String,
    /// The sequence number up to which everything has been handled.
    pub sequence: u64,
    /// See [`Snapshot::sequence`].
    pub snapshot_sequence: u64,
}

/// The gateway sessions of `main.db`.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
}

impl Sessions {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The session of a shard.
    pub async fn find(&self, shard: u32) -> Result<Option<Session>, StoreError> {
        self.store
            .pool()
            .main_read(move |db| {
                db.row(
                    &format!("SELECT {COLUMNS} FROM gateway_sessions WHERE shard_id = ?"),
                    [shard],
                    session,
                )
            })
            .await
    }

    /// Replaces the session of its shard, snapshot included, in one commit.
    pub async fn put(&self, session: Session) -> Result<(), StoreError> {
        let now = Millis::from(self.store.now());
        self.store.pool().main_write(move |db| insert(db, session, now)).await
    }

    /// Writes down how far shards have come, in one commit. Sessions that are not written down are passed over.
    pub async fn journal(&self, marks: Vec<Mark>) -> Result<(), StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_write(move |db| {
                for mark in marks {
                    db.execute(
                        "UPDATE gateway_sessions SET sequence = ?3, saved_at = ?5,
                            snapshot_sequence = CASE WHEN snapshot IS NOT NULL THEN ?4 END
                         WHERE shard_id = ?1 AND session_id = ?2",
                        (mark.shard, mark.session_id, Id(mark.sequence), Id(mark.snapshot_sequence), now),
                    )?;
                }
                Ok(())
            })
            .await
    }
}

const COLUMNS: &str =
    "shard_id, shard_count, session_id, resume_url, sequence, saved_at, snapshot_sequence, snapshot";

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    let (sequence, bytes) = (row.get::<_, Option<Id>>(6)?, row.get::<_, Option<Vec<u8>>>(7)?);
    let snapshot = sequence.zip(bytes);
    Ok(Session {
        shard: row.get(0)?,
        shards: row.get(1)?,
        session_id: row.get(2)?,
        resume_url: row.get(3)?,
        sequence: row.get::<_, Id>(4)?.0,
        saved_at: row.get::<_, Millis>(5)?.into(),
        snapshot: snapshot.map(|(sequence, bytes)| Snapshot { sequence: sequence.0, bytes }),
    })
}

fn insert(db: &Db<'_>, session: Session, now: Millis) -> Result<(), StoreError> {
    let (sequence, bytes) = session.snapshot.map(|snapshot| (Id(snapshot.sequence), snapshot.bytes)).unzip();
    let row = (
        session.shard,
        session.shards,
        session.session_id,
        session.resume_url,
        Id(session.sequence),
        now,
        sequence,
        bytes,
    );
    let sql = format!("INSERT OR REPLACE INTO gateway_sessions ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    db.execute(&sql, row).map(|_| ())
}
