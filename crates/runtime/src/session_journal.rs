//! Gateway sessions in `main.db`, so that the next process goes on where this one stops.

use cogwright_discord::{JournalError, Mark, SavedSession, SessionJournal, ShardId};
use cogwright_store::{Session, Sessions, Snapshot, StoreError};
use futures_util::future::BoxFuture;

/// The journal of a bot that keeps its data in a [`Store`](cogwright_store::Store).
#[derive(Clone, Debug)]
pub struct StoreJournal(Sessions);

impl StoreJournal {
    /// Over the sessions of a store.
    pub fn new(sessions: Sessions) -> Self {
        Self(sessions)
    }

    async fn find(&self, shard: ShardId) -> Result<Option<SavedSession>, StoreError> {
        let Some(found) = self.0.find(shard.number()).await? else { return Ok(None) };
        let number = shard.number();
        let why = match &found.snapshot {
            _ if found.shards != shard.total() => {
                format!("it is of {} shards, and there are {} now", found.shards, shard.total())
            }
            None => "it was saved without what Discord told of the servers".to_owned(),
            Some(_) => String::new(),
        };
        if !why.is_empty() {
            tracing::warn!(shard = number, why, "the saved session cannot be used; a new one begins");
        }
        Ok(Some(found).filter(|_| why.is_empty()).and_then(|found| {
            let snapshot = found.snapshot?;
            Some(SavedSession {
                session: found.session_id,
                url: Some(found.resume_url).filter(|url| !url.is_empty()),
                handled: found.sequence,
                resume_from: snapshot.sequence,
                snapshot: snapshot.bytes,
                saved_at: found.saved_at,
            })
        }))
    }
}

impl SessionJournal for StoreJournal {
    fn load(&self, shard: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>> {
        Box::pin(async move { self.find(shard).await.map_err(JournalError::new) })
    }

    fn save(&self, shard: ShardId, session: SavedSession) -> BoxFuture<'_, Result<(), JournalError>> {
        let entry = Session {
            shard: shard.number(),
            shards: shard.total(),
            session_id: session.session,
            resume_url: session.url.unwrap_or_default(),
            sequence: session.handled,
            saved_at: session.saved_at,
            snapshot: Some(Snapshot { sequence: session.resume_from, bytes: session.snapshot }),
        };
        Box::pin(async move { self.0.put(entry).await.map_err(JournalError::new) })
    }

    fn mark(&self, marks: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>> {
        let marks = marks
            .into_iter()
            .map(|mark| cogwright_store::Mark {
                shard: mark.shard.number(),
                session_id: mark.session,
                sequence: mark.handled,
                snapshot_sequence: mark.resume_from,
            })
            .collect();
        Box::pin(async move { self.0.journal(marks).await.map_err(JournalError::new) })
    }
}
