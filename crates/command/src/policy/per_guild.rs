//! A bounded memory of one value a guild, in front of whoever keeps it.
//!
//! A reader that began before a change must not put the old value back after it. So reads and changes of one guild take
//! turns, and a value that was read while the guild was forgotten is handed out but not remembered.

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
/// How long a read may take before the caller goes on without it. Real time, as it waits for a disk.
const MAX_LOAD: Duration = Duration::from_secs(5);
/// Guilds share that many turns, so that the turns themselves are bounded.
const TURNS: usize = 64;

#[derive(Debug)]
pub(crate) struct PerGuild<T> {
    clock: SharedClock,
    turns: Vec<Semaphore>,
    state: Mutex<State<T>>,
}

/// Two generations: what is used moves to the young one; when that is full it becomes the old one, and whatever was
/// still in the old one is gone. That is nearly "least recently used" at the cost of a hash map.
#[derive(Debug)]
struct State<T> {
    young: HashMap<Id<GuildMarker>, (T, SystemTime)>,
    old: HashMap<Id<GuildMarker>, (T, SystemTime)>,
    /// Counts how often something was forgotten from outside.
    forgotten: u64,
}

impl<T: Clone> PerGuild<T> {
    pub(crate) fn new(clock: SharedClock) -> Self {
        let state = State { young: HashMap::new(), old: HashMap::new(), forgotten: 0 };
        let turns = std::iter::repeat_with(|| Semaphore::new(1)).take(TURNS).collect();
        Self { clock, turns, state: Mutex::new(state) }
    }

    /// What is remembered.
    pub(crate) fn peek(&self, guild: Id<GuildMarker>) -> Option<T> {
        let now = self.clock.now();
        let mut state = self.lock();
        // A clock that was set back must not make old values eternal.
        let fresh = |since: SystemTime| now.duration_since(since).is_ok_and(|age| age < MAX_AGE);
        if let Some((value, since)) = state.young.get(&guild) {
            return fresh(*since).then(|| value.clone());
        }
        let (value, since) = state.old.remove(&guild)?;
        let found = fresh(since).then(|| value.clone());
        if found.is_some() {
            state.put(guild, value, since);
        }
        found
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
            return Ok(found);
        }
        let _turn = self.turn(guild).await?;
        if let Some(found) = self.peek(guild) {
            return Ok(found);
        }
        let forgotten = self.lock().forgotten;
        let value = tokio::time::timeout(MAX_LOAD, load()).await.map_err(|_| PolicyError::TimedOut)??;
        let now = self.clock.now();
        let mut state = self.lock();
        if state.forgotten == forgotten {
            state.put(guild, value.clone(), now);
        }
        Ok(value)
    }

    /// Changes the value where it is kept, and then here. Everybody who asks after this returned gets the new one.
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
        let before = tokio::time::timeout(MAX_LOAD, load()).await.map_err(|_| PolicyError::TimedOut)??;
        // Ahead of the change: if this is given up half-way, nothing wrong is left behind.
        self.lock().remove(guild);
        let after = save(before).await?;
        let now = self.clock.now();
        self.lock().put(guild, after.clone(), now);
        Ok(after)
    }

    /// Forgets a guild, as somebody else changed it or it has gone.
    pub(crate) fn forget(&self, guild: Id<GuildMarker>) {
        let mut state = self.lock();
        state.forgotten += 1;
        state.remove(guild);
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        state.forgotten += 1;
        state.young.clear();
        state.old.clear();
    }

    /// Forgets what is no longer believed; how many that were.
    pub(crate) fn prune(&self) -> usize {
        let now = self.clock.now();
        let mut state = self.lock();
        let before = state.len();
        let fresh =
            |(_, since): &mut (T, SystemTime)| now.duration_since(*since).is_ok_and(|age| age < MAX_AGE);
        state.young.retain(|_, entry| fresh(entry));
        state.old.retain(|_, entry| fresh(entry));
        before - state.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    async fn turn(&self, guild: Id<GuildMarker>) -> Result<tokio::sync::SemaphorePermit<'_>, PolicyError> {
        // The low bits of a snowflake count within a millisecond and are mostly 0; the time spreads well.
        let place = (guild.get() >> 22) as usize % self.turns.len();
        self.turns[place].acquire().await.map_err(|error| PolicyError::Store(error.to_string()))
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

    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::future::join;
    use tokio::sync::oneshot;

    use super::*;
    use crate::testing::HandClock;

    const G: Id<GuildMarker> = Id::new(7);

    fn memory() -> (PerGuild<u32>, HandClock) {
        let clock = HandClock::new();
        (PerGuild::new(Arc::new(clock.clone())), clock)
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
    async fn a_value_that_is_forgotten_while_it_is_read_is_not_remembered() {
        let (memory, _) = memory();
        let value = memory.get(G, || async {
            memory.forget(G);
            Ok(1)
        });
        assert_eq!(value.await, Ok(1));
        assert_eq!(get(&memory, 2).await, 2);
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
        assert!(memory.peek(Id::new(3 * MAX_ENTRIES as u64)).is_some());
    }
}
