//! How often commands are used: summed up here, written every few seconds, so that no command waits for a disk.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::{CancellationToken, SharedClock};
use cogwright_store::{CommandUse, Store};

use crate::upkeep::passed;

/// How often sums are written, on the bot's clock. A crash loses the sums of this time, no more.
const PERIOD: Duration = Duration::from_secs(5);

/// Sums that are held at most, one a guild and command. What does not fit counts for the bot but for no guild.
const MAX_SUMS: usize = 20_000;

/// What is summed up between two writes.
#[derive(Debug, Default)]
pub(crate) struct UsageBook {
    sums: Mutex<HashMap<(Option<u64>, String), CommandUse>>,
    /// Whether the last sums could not be written.
    waiting: AtomicBool,
}

impl UsageBook {
    fn sums(&self) -> MutexGuard<'_, HashMap<(Option<u64>, String), CommandUse>> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A command began to run.
    pub(crate) fn used(&self, guild: Option<u64>, command: String, now: SystemTime) {
        self.merge(CommandUse { guild, command, count: 1, errors: 0, last_used: now, last_error: None });
    }

    /// A command that ran failed by this kind of fault.
    pub(crate) fn failed(&self, guild: Option<u64>, command: String, kind: &str, now: SystemTime) {
        let last_error = Some((kind.to_owned(), now));
        self.merge(CommandUse { guild, command, count: 0, errors: 1, last_used: now, last_error });
    }

    fn merge(&self, mut new: CommandUse) {
        let mut sums = self.sums();
        let mut key = (new.guild, new.command.clone());
        if sums.len() >= MAX_SUMS && !sums.contains_key(&key) {
            (key.0, new.guild) = (None, None);
        }
        match sums.entry(key) {
            Entry::Vacant(place) => drop(place.insert(new)),
            Entry::Occupied(mut sum) => {
                let sum = sum.get_mut();
                sum.count += new.count;
                sum.errors += new.errors;
                sum.last_used = sum.last_used.max(new.last_used);
                let last = sum.last_error.take().into_iter().chain(new.last_error);
                sum.last_error = last.max_by_key(|(_, at)| *at);
            }
        }
    }

    /// Writes what has been summed up. What cannot be counted, as on a full disk, waits for the next time.
    pub(crate) async fn write(&self, store: &Store) {
        let sums: Vec<_> = std::mem::take(&mut *self.sums()).into_values().collect();
        if sums.is_empty() {
            return;
        }
        match store.usage().record(sums.clone()).await {
            Ok(lost) => {
                self.waiting.store(false, Relaxed);
                for (guild, error) in lost {
                    tracing::warn!(guild, %error, "how often commands were used there in the last seconds is lost");
                }
            }
            Err(error) => {
                for sum in sums {
                    self.merge(sum);
                }
                // Said once, not every few seconds.
                if !self.waiting.swap(true, Relaxed) {
                    tracing::warn!(%error, "how often commands are used cannot be written now; it is tried again and again");
                }
            }
        }
    }

    /// Writes again and again until `stop`, and once more then.
    pub(crate) async fn keep_writing(&self, store: &Store, clock: &SharedClock, stop: CancellationToken) {
        while passed(clock, PERIOD, &stop).await {
            self.write(store).await;
        }
        self.write(store).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use cogwright_lifecycle::HandClock;
    use cogwright_store::StoreOptions;

    use super::*;

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

    #[tokio::test]
    async fn sums_are_written_as_the_bots_clock_goes_and_once_more_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let hand = HandClock::at(SystemTime::UNIX_EPOCH);
        let clock: SharedClock = Arc::new(hand.clone());
        let (book, stop, now) = (UsageBook::default(), CancellationToken::new(), SystemTime::now());
        let test = async {
            for round in 1..=2 {
                book.used(Some(7), "ping".to_owned(), now);
                hand.sleepers(1).await;
                assert_eq!(store.usage().total().await.unwrap(), (round - 1, 0), "not before its time");
                hand.advance(PERIOD);
                while store.usage().total().await.unwrap() != (round, 0) {
                    tokio::task::yield_now().await;
                }
            }
            book.used(Some(7), "ping".to_owned(), now);
            stop.cancel();
        };
        let both = async { tokio::join!(book.keep_writing(&store, &clock, stop.clone()), test) };
        tokio::time::timeout(Duration::from_secs(10), both).await.expect("is written in time");
        assert_eq!(store.usage().total().await.unwrap(), (3, 0));
    }

    #[tokio::test]
    async fn what_could_not_be_counted_is_counted_later() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Store::open(StoreOptions::new(folder.path()));
        let store = open().await.unwrap();
        let (book, now) = (UsageBook::default(), SystemTime::now());
        book.used(Some(7), "ping".to_owned(), now);
        // It takes nothing any more, as on a full disk.
        store.close().await.unwrap();
        book.write(&store).await;
        book.used(Some(7), "ping".to_owned(), now);
        book.failed(Some(7), "ping".to_owned(), "internal", now);
        let store = open().await.unwrap();
        book.write(&store).await;
        assert_eq!(store.usage().total().await.unwrap(), (2, 1));
        assert_eq!(store.guild(7_u64).usage().top(9).await.unwrap()[0].count, 2);
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
