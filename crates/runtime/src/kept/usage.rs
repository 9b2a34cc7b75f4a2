//! How often commands are used: summed up here, written every few seconds, so that no command waits for a disk.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::CancellationToken;
use cogwright_store::{CommandUse, Store};

/// How often sums are written. A crash loses the sums of this time, no more.
const PERIOD: Duration = Duration::from_secs(5);

/// Sums that are held at most, one a guild and command. What does not fit counts for the bot but for no guild.
const MAX_SUMS: usize = 20_000;

/// What is summed up between two writes.
#[derive(Debug, Default)]
pub(crate) struct UsageBook {
    sums: Mutex<HashMap<(Option<u64>, String), CommandUse>>,
}

impl UsageBook {
    fn sums(&self) -> MutexGuard<'_, HashMap<(Option<u64>, String), CommandUse>> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A command began to run.
    pub(crate) fn used(&self, guild: Option<u64>, command: String, now: SystemTime) {
        self.change(guild, command, now, |sum| {
            sum.count += 1;
            sum.last_used = now;
        });
    }

    /// A command that ran failed by this kind of fault.
    pub(crate) fn failed(&self, guild: Option<u64>, command: String, kind: &str, now: SystemTime) {
        self.change(guild, command, now, |sum| {
            sum.errors += 1;
            sum.last_error = Some((kind.to_owned(), now));
        });
    }

    fn change(
        &self,
        guild: Option<u64>,
        command: String,
        now: SystemTime,
        change: impl FnOnce(&mut CommandUse),
    ) {
        let mut sums = self.sums();
        let mut key = (guild, command);
        if sums.len() >= MAX_SUMS && !sums.contains_key(&key) {
            key.0 = None;
        }
        let (guild, command) = (key.0, key.1.clone());
        let sum = sums.entry(key).or_insert_with(|| CommandUse {
            guild,
            command,
            count: 0,
            errors: 0,
            last_used: now,
            last_error: None,
        });
        change(sum);
    }

    /// Writes what has been summed up.
    pub(crate) async fn write(&self, store: &Store) {
        let sums = std::mem::take(&mut *self.sums());
        if sums.is_empty() {
            return;
        }
        if let Err(error) = store.usage().record(sums.into_values().collect()).await {
            tracing::warn!(%error, "how often commands were used in the last seconds is lost");
        }
    }

    /// Writes again and again until `stop`, and once more then.
    pub(crate) async fn keep_writing(&self, store: &Store, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PERIOD) => {}
            }
            self.write(store).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cogwright_store::StoreOptions;

    #[tokio::test]
    async fn sums_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let (book, now) = (UsageBook::default(), SystemTime::now());
        for guild in [Some(7), Some(7), None] {
            book.used(guild, "ping".to_owned(), now);
        }
        book.failed(Some(7), "ping".to_owned(), "internal", now);
        book.write(&store).await;
        book.write(&store).await;
        assert_eq!(store.usage().total().await.unwrap(), (3, 1));
        let rows = store.guild(7_u64).usage().top(9).await.unwrap();
        assert_eq!((rows.len(), rows[0].count, rows[0].errors), (1, 2, 1));
    }

    #[test]
    fn memory_is_bounded() {
        let (book, now) = (UsageBook::default(), SystemTime::now());
        for guild in 0..MAX_SUMS as u64 + 5 {
            book.used(Some(guild), "ping".to_owned(), now);
        }
        assert_eq!(book.sums().len(), MAX_SUMS + 1);
        assert_eq!(book.sums()[&(None, "ping".to_owned())].count, 5);
    }
}
