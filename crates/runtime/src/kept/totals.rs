//! What was counted over all starts: commands and failures are in the usage table, messages and time in `global_stats`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_cog_info::Overall;
use cogwright_lifecycle::{CancellationToken, SharedClock};
use cogwright_store::{Store, StoreError};

use crate::facts::Facts;
use crate::metrics::Counts;
use crate::upkeep::passed;

/// How often messages and time are written, on the bot's clock. A crash loses those of this time, no more.
const PERIOD: Duration = Duration::from_secs(60);

const MESSAGES: &str = "messages_seen";
const SECONDS: &str = "uptime_seconds";
const STARTS: &str = "starts";
/// When the first start was, in seconds since 1970.
const FIRST: &str = "first_start";

/// What was counted before this start, and how much of this start is written down.
#[derive(Debug)]
pub(crate) struct Totals {
    before: Overall,
    /// Messages and seconds of this start.
    written: Mutex<(u64, u64)>,
}

impl Totals {
    /// Reads what was counted before, and counts this start.
    pub(crate) async fn load(store: &Store, now: SystemTime) -> Result<Self, StoreError> {
        let kept = store.global_stats().all().await?;
        let number = |key: &str| kept.get(key).and_then(|text| text.parse::<u64>().ok());
        let (commands, errors) = store.usage().total().await?;
        let today = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        if number(FIRST).is_none() {
            store.global_stats().set(BTreeMap::from([(FIRST.to_owned(), today.to_string())])).await?;
        }
        store.global_stats().add(BTreeMap::from([(STARTS.to_owned(), 1)])).await?;
        let before = Overall {
            since: SystemTime::UNIX_EPOCH + Duration::from_secs(number(FIRST).unwrap_or(today)),
            starts: number(STARTS).unwrap_or(0) + 1,
            uptime: Duration::from_secs(number(SECONDS).unwrap_or(0)),
            commands,
            messages: number(MESSAGES).unwrap_or(0),
            errors,
        };
        Ok(Self { before, written: Mutex::default() })
    }

    /// All starts together.
    pub(crate) fn overall(&self, counts: &Counts, uptime: Duration) -> Overall {
        let before = &self.before;
        Overall {
            uptime: before.uptime + uptime,
            commands: before.commands + counts.commands,
            messages: before.messages + counts.messages,
            errors: before.errors + counts.errors,
            ..*before
        }
    }

    /// Writes what has been added.
    async fn write(&self, store: &Store, messages: u64, uptime: Duration) {
        let now = (messages, uptime.as_secs());
        let before =
            std::mem::replace(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner), now);
        let added = |now: u64, before: u64| i64::try_from(now.saturating_sub(before)).unwrap_or(i64::MAX);
        let counts = [(MESSAGES, added(now.0, before.0)), (SECONDS, added(now.1, before.1))];
        let counts: BTreeMap<_, _> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| (key.to_owned(), count))
            .collect();
        if counts.is_empty() {
            return;
        }
        if let Err(error) = store.global_stats().add(counts).await {
            tracing::warn!(%error, "the messages that were counted are written with the next ones");
            *self.written.lock().unwrap_or_else(PoisonError::into_inner) = before;
        }
    }
}

/// Writes again and again until `stop`, and once more then.
pub(crate) async fn keep_totals(
    store: Store,
    facts: Arc<Facts>,
    clock: SharedClock,
    stop: CancellationToken,
) {
    let Some(totals) = facts.totals.get() else { return };
    let write = || totals.write(&store, facts.counts().messages, facts.uptime());
    while passed(&clock, PERIOD, &stop).await {
        write().await;
    }
    write().await;
}

#[cfg(test)]
mod tests {
    use cogwright_config::Settings;
    use cogwright_lifecycle::HandClock;
    use cogwright_store::StoreOptions;

    use super::*;

    #[tokio::test]
    async fn they_are_written_as_the_bots_clock_goes_and_once_more_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let hand = HandClock::at(SystemTime::UNIX_EPOCH);
        let clock: SharedClock = Arc::new(hand.clone());
        let (facts, stop) = (Arc::new(Facts::idle(&Settings::with_token("t"))), CancellationToken::new());
        let totals = Totals::load(&store, clock.now()).await.unwrap();
        facts.totals.set(totals).unwrap();
        let seen = async || store.global_stats().all().await.unwrap().get(MESSAGES).cloned();
        let test = async {
            for count in ["1", "2"] {
                facts.metrics.message_seen();
                hand.sleepers(1).await;
                hand.advance(PERIOD);
                while seen().await.as_deref() != Some(count) {
                    tokio::task::yield_now().await;
                }
            }
            facts.metrics.message_seen();
            stop.cancel();
        };
        let keeping = keep_totals(store.clone(), Arc::clone(&facts), clock, stop.clone());
        let both = async { tokio::join!(keeping, test) };
        tokio::time::timeout(Duration::from_secs(10), both).await.expect("is written in time");
        assert_eq!(seen().await.as_deref(), Some("3"));
    }

    #[tokio::test]
    async fn starts_are_summed_up() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let counts = |messages| Counts { commands: 1, messages, errors: 2, ..Counts::default() };
        let first = Totals::load(&store, at(1_000)).await.unwrap();
        first.write(&store, 5, Duration::from_secs(60)).await;
        first.write(&store, 9, Duration::from_secs(90)).await;
        let second = Totals::load(&store, at(5_000)).await.unwrap();
        let overall = second.overall(&counts(4), Duration::from_secs(10));
        let expected = Overall {
            since: at(1_000),
            starts: 2,
            uptime: Duration::from_secs(100),
            commands: 1,
            messages: 13,
            errors: 2,
        };
        assert_eq!(overall, expected);
        // What could not be written is not lost.
        store.close().await.unwrap();
        second.write(&store, 4, Duration::from_secs(10)).await;
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        second.write(&store, 6, Duration::from_secs(20)).await;
        let third = Totals::load(&store, at(6_000)).await.unwrap();
        assert_eq!((third.before.messages, third.before.uptime), (15, Duration::from_secs(110)));
    }
}
