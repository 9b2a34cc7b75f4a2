//! What outlives the process, so that the next one continues the sessions instead of beginning new ones.

use std::fmt;
use std::time::SystemTime;

use futures_util::future::BoxFuture;
use twilight_gateway::ShardId;

/// A session as the next process finds it.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedSession {
    /// Discord's name for it.
    pub session: String,
    /// Where Discord wants it resumed; `None` where sessions begin.
    pub url: Option<String>,
    /// Up to this sequence everything has been handled.
    pub handled: u64,
    /// The sequence to resume from: at most `handled`, and one at which the snapshot holds. What comes between
    /// the two goes to the cache only.
    pub resume_from: u64,
    /// What [`Cache::restore`](crate::Cache::restore) takes.
    pub snapshot: Vec<u8>,
    /// When this was written, or last moved on by a [`Mark`].
    pub saved_at: SystemTime,
}

/// Without the snapshot, which is large.
impl fmt::Debug for SavedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedSession")
            .field("handled", &self.handled)
            .field("resume_from", &self.resume_from)
            .field("snapshot", &self.snapshot.len())
            .finish_non_exhaustive()
    }
}

/// How far the handling of a saved session has come since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which shard.
    pub shard: ShardId,
    /// Which session. Where the journal holds another one, the mark is to be ignored.
    pub session: String,
    /// See [`SavedSession::handled`].
    pub handled: u64,
    /// See [`SavedSession::resume_from`].
    pub resume_from: u64,
}

/// Why the journal could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the session journal cannot be used: {0}")]
pub struct JournalError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl JournalError {
    /// With whatever the storage says.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// Where sessions are kept between two processes: one entry per shard.
///
/// An entry that cannot be read back whole must be an error or absent, never a mixture of two.
pub trait SessionJournal: Send + Sync + 'static {
    /// The entry of a shard.
    fn load(&self, shard: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>>;

    /// Replaces the entry of a shard, all of it or nothing. Durable once it is done.
    fn save(&self, shard: ShardId, session: SavedSession) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Moves entries on, `saved_at` included, without touching their snapshots; about once a second. Need not be durable: a mark that
    /// is lost costs repetitions, not losses.
    fn mark(&self, marks: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>>;
}
