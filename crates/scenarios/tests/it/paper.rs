//! A session journal in memory, for tests that end bots but not the process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use cogwright_discord::{JournalError, Mark, SavedSession, SessionJournal, ShardId};
use cogwright_testkit::PATIENCE;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

#[derive(Debug)]
pub(crate) struct Paper {
    entries: Mutex<HashMap<u32, SavedSession>>,
    writes: watch::Sender<u32>,
}

impl Paper {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { entries: Mutex::default(), writes: watch::Sender::new(0) })
    }

    pub(crate) fn entry(&self) -> Option<SavedSession> {
        self.entries.lock().unwrap().get(&0).cloned()
    }

    pub(crate) fn put(&self, change: impl FnOnce(&mut SavedSession)) {
        change(self.entries.lock().unwrap().get_mut(&0).unwrap());
    }

    /// Waits until the first shard's entry is as wanted.
    pub(crate) async fn until(&self, met: impl Fn(&SavedSession) -> bool) -> SavedSession {
        let mut writes = self.writes.subscribe();
        let found = writes.wait_for(|_| self.entry().as_ref().is_some_and(&met));
        tokio::time::timeout(PATIENCE, found).await.unwrap().unwrap();
        self.entry().unwrap()
    }
}

impl SessionJournal for Paper {
    fn load(&self, shard: ShardId) -> BoxFuture<'_, Result<Option<SavedSession>, JournalError>> {
        let found = self.entries.lock().unwrap().get(&shard.number()).cloned();
        Box::pin(async { Ok(found) })
    }

    fn save(&self, shard: ShardId, session: SavedSession) -> BoxFuture<'_, Result<(), JournalError>> {
        self.entries.lock().unwrap().insert(shard.number(), session);
        self.writes.send_modify(|count| *count += 1);
        Box::pin(async { Ok(()) })
    }

    fn mark(&self, marks: Vec<Mark>) -> BoxFuture<'_, Result<(), JournalError>> {
        for mark in marks {
            if let Some(entry) = self.entries.lock().unwrap().get_mut(&mark.shard.number())
                && entry.session == mark.session
            {
                entry.handled = mark.handled;
                entry.resume_from = mark.resume_from;
                entry.saved_at = SystemTime::now();
            }
        }
        self.writes.send_modify(|count| *count += 1);
        Box::pin(async { Ok(()) })
    }
}
