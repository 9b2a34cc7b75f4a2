//! What this crate's tests share: a store in a folder that goes away, on a clock that stands still.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::{Clock, SharedClock};

use crate::{Actor, Store, StoreOptions};

/// Beyond 2^63, so that a sign bit that gets lost is noticed.
pub(crate) const GUILD: u64 = 0xF000_0000_0000_0001;
pub(crate) const ACTOR: Actor = Actor { user: 42, guild: Some(GUILD), channel: Some(9) };

/// A clock that is moved by hand; it begins at 2026-11-28 19:10:00 UTC.
#[derive(Clone, Debug)]
pub(crate) struct HandClock(Arc<AtomicU64>);

impl HandClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_795_893_000)))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn shared(&self) -> SharedClock {
        Arc::new(self.clone())
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn sleep(&self, _: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::ready(()))
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
