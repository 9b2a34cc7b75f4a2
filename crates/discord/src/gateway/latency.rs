//! Round trips of the shards' heartbeats.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const UNKNOWN: u64 = u64::MAX;

/// The last measured round trip of every shard. Clones share it; an empty one knows nothing.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    micros: Arc<[AtomicU64]>,
}

impl Latencies {
    pub(crate) fn new(shards: u32) -> Self {
        let unknown = std::iter::repeat_with(|| AtomicU64::new(UNKNOWN));
        Self { micros: unknown.take(shards as usize).collect() }
    }

    pub(crate) fn set(&self, shard: u32, latency: Duration) {
        if let Some(slot) = self.micros.get(shard as usize) {
            let micros = u64::try_from(latency.as_micros()).unwrap_or(UNKNOWN - 1);
            slot.store(micros, Ordering::Relaxed);
        }
    }

    pub(crate) fn forget(&self, shard: u32) {
        if let Some(slot) = self.micros.get(shard as usize) {
            slot.store(UNKNOWN, Ordering::Relaxed);
        }
    }

    /// The last round trip of a shard; `None` while none has been measured on its connection.
    pub fn of(&self, shard: u32) -> Option<Duration> {
        let micros = self.micros.get(shard as usize)?.load(Ordering::Relaxed);
        (micros != UNKNOWN).then(|| Duration::from_micros(micros))
    }

    /// How many shards there are.
    pub fn shards(&self) -> u32 {
        self.micros.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_measured_is_unknown() {
        let latencies = Latencies::new(2);
        assert_eq!((latencies.of(0), latencies.of(7)), (None, None));
        latencies.set(1, Duration::from_millis(40));
        assert_eq!(latencies.of(1), Some(Duration::from_millis(40)));
        latencies.forget(1);
        assert_eq!(latencies.of(1), None);
        assert_eq!(latencies.shards(), 2);
    }
}
