//! A bounded memory of one value a guild, in front of whoever keeps it.
//!
//! A reader that began before a change must not put the old value back after it. So reads and changes of one guild take
//! turns. What cannot be read is not asked for again with every message: that is remembered for a while as well.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::SharedClock;
use tokio::sync::Semaphore;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::PolicyError;

/// Values kept: as many guilds as one process is meant to serve. At some 200 bytes each it is 2 MiB.
pub(crate) const MAX_ENTRIES: usize = 10_000;
/// How long a value is believed, in case somebody else changed it where it is kept.
pub(crate) const MAX_AGE: Duration = Duration::from_mins(10);
/// How long after a failed read the next is tried.
const RETRY: Duration = Duration::from_secs(30);
/// How long things may take, in real time, as they wait for a disk.
const DEADLINES: Deadlines =
    Deadlines { load: Duration::from_secs(5), save: Duration::from_secs(10), turn: Duration::from_secs(20) };
/// Guilds share that many turns, so that the turns themselves are bounded.
const TURNS: usize = 64;

#[derive(Clone, Copy, Debug)]
struct Deadlines {
    /// A read, before the caller goes on without it.
    load: Duration,
    /// A change, until it is confirmed. What is given up then may still be written.
    save: Duration,
    /// Waiting for those who read and change ahead, of whom one takes as long as the two above together.
    turn: Duration,
}

#[derive(Debug)]
pub(crate) struct PerGuild<T> {
    /// What it holds, for the log.
    what: &'static str,
    clock: SharedClock,
    deadlines: Deadlines,
    turns: Vec<Semaphore>,
    state: Mutex<State<T>>,
}

/// Two generations: what is used moves to the young one; when that is full it becomes the old one, and whatever was
/// still in the old one is gone. That is nearly "least recently used" at the cost of a hash map.
#[derive(Debug)]
struct State<T> {
    young: HashMap<Id<GuildMarker>, (T, SystemTime)>,
    old: HashMap<Id<GuildMarker>, (T, SystemTime)>,
    /// Guilds whose value could not be read, as many as are remembered in all.
    failed: HashMap<Id<GuildMarker>, Trouble>,
}

/// A read that failed.
#[derive(Debug)]
struct Trouble {
    error: PolicyError,
    since: SystemTime,
}

impl<T: Clone> PerGuild<T> {
    pub(crate) fn new(what: &'static str, clock: SharedClock) -> Self {
        let state = State { young: HashMap::new(), old: HashMap::new(), failed: HashMap::new() };
        let turns = std::iter::repeat_with(|| Semaphore::new(1)).take(TURNS).collect();
        Self { what, clock, deadlines: DEADLINES, turns, state: Mutex::new(state) }
    }

    /// What is remembered: a value, or that there was none to be had a moment ago.
    pub(crate) fn peek(&self, guild: Id<GuildMarker>) -> Option<Result<T, PolicyError>> {
        let now = self.clock.now();
        let mut state = self.lock();
        let fresh = |since| is_fresh(now, since, MAX_AGE);
        if let Some((value, since)) = state.young.get(&guild)
            && fresh(*since)
        {
            return Some(Ok(value.clone()));
        }
        if let Some((value, since)) = state.old.remove(&guild)
            && fresh(since)
        {
            state.put(guild, value.clone(), since);
            return Some(Ok(value));
        }
        let trouble = state.failed.get(&guild).filter(|trouble| is_fresh(now, trouble.since, RETRY))?;
        Some(Err(trouble.error.clone()))
    }

    /// What is remembered, else what `load` answers. Whoever waits for the same guild waits for one read.
    pub(crate) async fn get<F>(
        &self,
        guild: Id<GuildMarker>,
        load: impl FnOnce() -> F,
    ) -> Result<T, PolicyError>
    where
        F: Future<Output = Result<T, PolicyError>>,
    {
        if let Some(found) = self.peek(guild) {
            return found;
        }
        let turn = self.turn(guild).await;
        if let Some(found) = self.peek(guild) {
            return found;
        }
        // Nor does everybody wait for a turn that does not come.
        let _turn = turn.inspect_err(|error| self.failed(guild, error))?;
        let read = self.read(guild, load()).await;
        if let Ok(value) = &read {
            self.lock().put(guild, value.clone(), self.clock.now());
        }
        read
    }

    /// Changes the value where it is kept, and then here. Everybody who asks after this returned gets the new one.
    ///
    /// `save` is given up after a while, and may come to its end all the same: whoever keeps the values has to read
    /// and write those of a guild in the order in which that was asked for.
    pub(crate) async fn change<L, S>(
        &self,
        guild: Id<GuildMarker>,
        load: impl FnOnce() -> L,
        save: impl FnOnce(T) -> S,
    ) -> Result<T, PolicyError>
    where
        L: Future<Output = Result<T, PolicyError>>,
        S: Future<Output = Result<T, PolicyError>>,
    {
        let _turn = self.turn(guild).await?;
        // Whoever changes something wants to know how it stands now, whatever was the trouble before.
        let before = self.read(guild, load()).await?;
        // Ahead of the change: if this is given up half-way, nothing wrong is left behind.
        self.lock().remove(guild);
        let Ok(after) = tokio::time::timeout(self.deadlines.save, save(before)).await else {
            tracing::warn!(%guild, what = self.what, "a change takes too long to be written");
            return Err(PolicyError::Unconfirmed);
        };
        let after = after?;
        let now = self.clock.now();
        self.lock().put(guild, after.clone(), now);
        Ok(after)
    }

    /// Reads, and says in the log once when that stops working and once when it works again.
    async fn read(
        &self,
        guild: Id<GuildMarker>,
        load: impl Future<Output = Result<T, PolicyError>>,
    ) -> Result<T, PolicyError> {
        let read =
            tokio::time::timeout(self.deadlines.load, load).await.unwrap_or(Err(PolicyError::TimedOut));
        match &read {
            Err(error) => self.failed(guild, error),
            Ok(_) => {
                if self.lock().failed.remove(&guild).is_some() {
                    tracing::info!(%guild, what = self.what, "what a guild has set can be read again");
                }
            }
        }
        read
    }

    fn failed(&self, guild: Id<GuildMarker>, error: &PolicyError) {
        if self.lock().fail(guild, error, self.clock.now()) {
            let (what, retry_s) = (self.what, RETRY.as_secs());
            tracing::warn!(%guild, what, %error, retry_s, "what a guild has set cannot be read");
        }
    }

    /// Forgets what is no longer believed; how many that were.
    pub(crate) fn prune(&self) -> usize {
        let now = self.clock.now();
        let mut state = self.lock();
        let before = state.len();
        state.young.retain(|_, (_, since)| is_fresh(now, *since, MAX_AGE));
        state.old.retain(|_, (_, since)| is_fresh(now, *since, MAX_AGE));
        state.failed.retain(|_, trouble| is_fresh(now, trouble.since, MAX_AGE));
        before - state.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    async fn turn(&self, guild: Id<GuildMarker>) -> Result<tokio::sync::SemaphorePermit<'_>, PolicyError> {
        // The low bits of a snowflake count within a millisecond and are mostly 0; the time spreads well.
        let place = (guild.get() >> 22) as usize % self.turns.len();
        let turn = tokio::time::timeout(self.deadlines.turn, self.turns[place].acquire()).await;
        let turn = turn.map_err(|_| PolicyError::TimedOut)?;
        turn.map_err(|error| PolicyError::Store(error.to_string()))
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn put(&mut self, guild: Id<GuildMarker>, value: T, since: SystemTime) {
        if self.young.len() >= MAX_ENTRIES / 2 && !self.young.contains_key(&guild) {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&guild);
        self.young.insert(guild, (value, since));
    }

    fn remove(&mut self, guild: Id<GuildMarker>) {
        self.young.remove(&guild);
        self.old.remove(&guild);
    }

    /// Remembers that a read failed; whether that is news.
    fn fail(&mut self, guild: Id<GuildMarker>, error: &PolicyError, since: SystemTime) -> bool {
        if self.failed.len() >= MAX_ENTRIES && !self.failed.contains_key(&guild) {
            self.failed.retain(|_, trouble| is_fresh(since, trouble.since, RETRY));
            if self.failed.len() >= MAX_ENTRIES {
                self.failed.clear();
            }
        }
        self.failed.insert(guild, Trouble { error: error.clone(), since }).is_none()
    }

    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

/// A clock that was set back must not make old values eternal.
fn is_fresh(now: SystemTime, since: SystemTime, max: Duration) -> bool {
    now.duration_since(since).is_ok_and(|age| age < max)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::future::join;
    use tokio::sync::oneshot;

    use super::*;
    use crate::testing::{self, HandClock};

    const G: Id<GuildMarker> = Id::new(7);

    fn memory() -> (PerGuild<u32>, HandClock) {
        let clock = testing::clock();
        (PerGuild::new("number", Arc::new(clock.clone())), clock)
    }

    async fn get(memory: &PerGuild<u32>, value: u32) -> u32 {
        memory.get(G, || async move { Ok(value) }).await.unwrap()
    }

    #[tokio::test]
    async fn a_lookup_that_raced_a_change_does_not_bring_the_old_value_back() {
        let (memory, _) = memory();
        let (open, door) = oneshot::channel();
        // The lookup has read the old value and is slow to come back.
        let lookup = memory.get(G, || async {
            door.await.unwrap();
            Ok(1)
        });
        let change = memory.change(G, || async { Ok(1) }, |_| async { Ok(2) });
        let later = async {
            tokio::task::yield_now().await;
            open.send(()).unwrap();
        };
        let ((old, new), ()) = join(join(lookup, change), later).await;
        assert_eq!((old, new), (Ok(1), Ok(2)));
        assert_eq!(get(&memory, 99).await, 2, "effective at once, and remembered");
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_asked_for_again_after_a_while_only() {
        let (memory, clock) = memory();
        let torn = || PolicyError::Store("torn".into());
        let read = || memory.get(G, || async { Err(torn()) });
        assert_eq!(read().await, Err(torn()));
        let untouched = || memory.get(G, || async { panic!("it is not read") });
        clock.advance(RETRY.saturating_sub(Duration::from_secs(1)));
        assert_eq!(untouched().await, Err(torn()));
        assert_eq!(memory.peek(G), Some(Err(torn())), "so no message has to wait for it");
        clock.advance(Duration::from_secs(1));
        assert_eq!(memory.peek(G), None);
        assert!(!memory.lock().fail(G, &torn(), memory.clock.now()), "it is said once");
        clock.advance(RETRY);
        assert_eq!(get(&memory, 3).await, 3);
        assert!(memory.lock().fail(G, &torn(), memory.clock.now()), "said again after it has recovered");
        for guild in 1..=3 * MAX_ENTRIES as u64 {
            memory.lock().fail(Id::new(guild), &torn(), memory.clock.now());
        }
        assert!(memory.lock().failed.len() <= MAX_ENTRIES);
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let (mut memory, _) = memory();
        let soon = Duration::from_millis(20);
        memory.deadlines = Deadlines { load: soon, save: soon, turn: Duration::from_millis(1) };
        let late = Err(PolicyError::TimedOut);
        assert_eq!(memory.get(G, std::future::pending).await, late);
        assert_eq!(memory.change(G, std::future::pending, |_| async { Ok(2) }).await, late);
        let unsure = memory.change(G, || async { Ok(1) }, |_| std::future::pending()).await;
        assert_eq!(unsure, Err(PolicyError::Unconfirmed));
        let (open, door) = oneshot::channel();
        memory.deadlines.load = DEADLINES.load;
        let slow = memory.change(G, || async { Ok(door.await.unwrap()) }, |before| async move { Ok(before) });
        let behind = async {
            let waited = memory.change(G, || async { Ok(1) }, |_| async { Ok(2) }).await;
            let other = Id::new(G.get() + 1);
            let crowd = memory.get(other, || async { panic!("it has no turn") }).await;
            assert_eq!(
                (&crowd, memory.peek(other)),
                (&late, Some(late.clone())),
                "the next one does not wait"
            );
            open.send(3).unwrap();
            waited
        };
        assert_eq!(join(slow, behind).await, (Ok(3), late.clone()));
    }

    #[tokio::test]
    async fn whoever_changes_something_is_not_kept_off_by_an_earlier_failure() {
        let (memory, _) = memory();
        assert!(memory.get(G, || async { Err(PolicyError::TimedOut) }).await.is_err());
        assert_eq!(memory.change(G, || async { Ok(1) }, |_| async { Ok(2) }).await, Ok(2));
        assert_eq!(get(&memory, 9).await, 2);
    }

    #[tokio::test]
    async fn a_crowd_reads_once() {
        let (memory, _) = memory();
        let reads = AtomicUsize::new(0);
        let one = || {
            memory.get(G, || async {
                reads.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok(5)
            })
        };
        let all = futures_util::future::join_all((0..20).map(|_| one())).await;
        assert!(all.iter().all(|found| *found == Ok(5)));
        assert_eq!(reads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_failed_or_abandoned_change_leaves_nothing_wrong() {
        let (memory, _) = memory();
        assert_eq!(get(&memory, 1).await, 1);
        let full = || PolicyError::Store("full".into());
        let failed = memory.change(G, || async { Ok(1) }, |_| async { Err(full()) }).await;
        assert_eq!(failed, Err(full()));
        assert_eq!(get(&memory, 1).await, 1);
        let abandoned = memory.change(G, || async { Ok(1) }, |_| std::future::pending());
        assert_eq!(abandoned.now_or_never(), None);
        assert_eq!(get(&memory, 2).await, 2, "it may have been written");
    }

    #[tokio::test]
    async fn values_age_and_memory_is_bounded() {
        let (memory, clock) = memory();
        assert_eq!(get(&memory, 1).await, 1);
        clock.advance(MAX_AGE.saturating_sub(Duration::from_secs(1)));
        assert_eq!((get(&memory, 2).await, memory.prune()), (1, 0));
        clock.advance(Duration::from_secs(1));
        assert_eq!(memory.prune(), 1);
        assert_eq!(get(&memory, 2).await, 2);
        for guild in 1..=3 * MAX_ENTRIES as u64 {
            memory.get(Id::new(guild), || async { Ok(0) }).await.unwrap();
        }
        assert!(memory.len() <= MAX_ENTRIES, "{}", memory.len());
        assert_eq!(memory.peek(Id::new(3 * MAX_ENTRIES as u64)), Some(Ok(0)));
    }
}
