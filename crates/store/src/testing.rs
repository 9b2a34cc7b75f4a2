//! What this crate's tests share: a store in a folder that goes away, on a clock that stands still.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::SharedClock;

use crate::{Actor, Store, StoreOptions};

/// Beyond 2^63, so that a sign bit that gets lost is noticed.
pub(crate) const GUILD: u64 = 0xF000_0000_0000_0001;
pub(crate) const ACTOR: Actor = Actor { user: 42, guild: Some(GUILD), channel: Some(9) };

/// A clock that is moved by hand; it begins at 2026-11-28 19:10:00 UTC.
#[derive(Clone, Debug)]
pub(crate) struct HandClock(cogwright_lifecycle::HandClock);

impl HandClock {
    pub(crate) fn new() -> Self {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000);
        Self(cogwright_lifecycle::HandClock::at(start))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.advance(Duration::from_secs(seconds));
    }

    pub(crate) fn shared(&self) -> SharedClock {
        Arc::new(self.0.clone())
    }
}

/// A store on `clock`.
pub(crate) async fn open(folder: &Path, clock: &HandClock) -> Store {
    Store::open(StoreOptions::new(folder).clock(clock.shared())).await.unwrap()
}

/// A store in a new folder.
pub(crate) async fn fresh() -> (tempfile::TempDir, HandClock, Store) {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let store = open(folder.path(), &clock).await;
    (folder, clock, store)
}

/// The number of this process as others find it in the lock. Windows does not let a locked file be read.
pub(crate) fn own_pid() -> Option<u32> {
    (!cfg!(windows)).then(std::process::id)
}
