//! Gateway sessions, so that a restart resumes instead of identifying.

use std::time::SystemTime;

use crate::StoreError;
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

/// A shard's cache as bytes. Use it only if its sequence is the session's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The sequence number that the cache reflects.
    pub sequence: u64,
    /// The cache.
    pub bytes: Vec<u8>,
}

/// How far a running shard has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The shard.
    pub shard: u32,
    /// Of how many.
    pub shards: u32,
    /// Discord's id of the session.
    pub session_id: String,
    /// Where Discord wants it resumed.
    pub resume_url: String,
    /// The last sequence number below which everything has been handled.
    pub sequence: u64,
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

    /// All sessions, by shard.
    pub async fn load(&self) -> Result<Vec<Session>, StoreError> {
        self.store
            .pool()
            .main_read(|db| {
                db.rows(
                    "SELECT shard_id, shard_count, session_id, resume_url, sequence, saved_at, snapshot_sequence, snapshot
                     FROM gateway_sessions ORDER BY shard_id",
                    [],
                    |row| {
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
                    },
                )
            })
            .await
    }

    /// Replaces all sessions with these, snapshots included, in one commit: all or none.
    pub async fn replace(&self, sessions: Vec<Session>) -> Result<(), StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_write(move |db| {
                db.execute("DELETE FROM gateway_sessions", [])?;
                for session in sessions {
                    let (sequence, bytes) =
                        session.snapshot.map(|snapshot| (Id(snapshot.sequence), snapshot.bytes)).unzip();
                    db.execute(
                        "INSERT INTO gateway_sessions (shard_id, shard_count, session_id, resume_url, sequence,
                            saved_at, snapshot_sequence, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        (
                            session.shard,
                            session.shards,
                            session.session_id,
                            session.resume_url,
                            Id(session.sequence),
                            now,
                            sequence,
                            bytes,
                        ),
                    )?;
                }
                Ok(())
            })
            .await
    }

    /// Writes down how far shards have come, in one commit. A snapshot stays with the sequence that it has; that of
    /// another session is dropped.
    pub async fn journal(&self, marks: Vec<Mark>) -> Result<(), StoreError> {
        let now = Millis::from(self.store.now());
        self.store
            .pool()
            .main_write(move |db| {
                for mark in marks {
                    db.execute(
                        "INSERT INTO gateway_sessions (shard_id, shard_count, session_id, resume_url, sequence, saved_at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                         ON CONFLICT (shard_id) DO UPDATE SET
                            snapshot = CASE WHEN session_id = ?3 THEN snapshot END,
                            snapshot_sequence = CASE WHEN session_id = ?3 THEN snapshot_sequence END,
                            shard_count = ?2, session_id = ?3, resume_url = ?4, sequence = ?5, saved_at = ?6",
                        (mark.shard, mark.shards, mark.session_id, mark.resume_url, Id(mark.sequence), now),
                    )?;
                }
                Ok(())
            })
            .await
    }

    /// Forgets a shard's session, as when Discord has invalidated it.
    pub async fn remove(&self, shard: u32) -> Result<(), StoreError> {
        let sql = "DELETE FROM gateway_sessions WHERE shard_id = ?";
        self.store.pool().main_write(move |db| db.execute(sql, [shard]).map(|_| ())).await
    }
}
