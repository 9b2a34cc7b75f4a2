//! How the shards are told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::CancellationToken;

/// The word to stop, and whether the sessions are to be kept for the next process.
#[derive(Clone, Debug)]
pub(super) struct Farewell {
    stop: CancellationToken,
    keep: Arc<AtomicBool>,
}

impl Farewell {
    pub(super) fn new(stop: CancellationToken) -> Self {
        Self { stop, keep: Arc::default() }
    }

    /// Stops all shards; their sessions end with them.
    pub(super) fn end(&self) {
        self.stop.cancel();
    }

    /// Stops all shards; their sessions can be resumed.
    pub(super) fn keep(&self) {
        // Before the word itself, so that whoever hears it knows.
        self.keep.store(true, Ordering::Release);
        self.stop.cancel();
    }

    pub(super) async fn wait(&self) {
        self.stop.cancelled().await;
    }

    pub(super) fn is_said(&self) -> bool {
        self.stop.is_cancelled()
    }

    pub(super) fn keeps_sessions(&self) -> bool {
        self.keep.load(Ordering::Acquire)
    }
}
