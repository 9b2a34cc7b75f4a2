//! Counts uses. A window begins with its first use and lasts as long as the pace says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::Tasks;
use twilight_model::id::Id;

use super::{CooldownJournal, Pace, SavedCooldown, Scope, Whose};

/// Windows that are kept at once, about 10 MiB. When there are more, those that have ended go first, then the quarter
/// that ends soonest: whoever makes them overflow gains the least.
const MAX_WINDOWS: usize = 100_000;
/// Windows that wait to be written. More are not kept over a restart.
const MAX_UNSAVED: usize = 10_000;
/// Windows written at once.
const BATCH: usize = 1_000;
/// Windows of more than this are kept over a restart.
const LONG: Duration = Duration::from_mins(1);

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) bucket: String,
    pub(crate) scope: Scope,
    pub(crate) id: u64,
}

/// A use that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) key: Key,
    pub(crate) whose: Whose,
    pub(crate) pace: Pace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    whose: Whose,
    used: u32,
    began: SystemTime,
    ends: SystemTime,
}

impl Window {
    fn saved(&self, key: &Key) -> SavedCooldown {
        SavedCooldown {
            bucket: key.bucket.clone(),
            scope: key.scope,
            user: self.whose.user,
            guild: self.whose.guild,
            channel: (key.scope == Scope::Channel).then(|| Id::new_checked(key.id)).flatten(),
            used: self.used,
            began: self.began,
            ends: self.ends,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    windows: HashMap<Key, Window>,
    unsaved: HashMap<Key, Window>,
    writing: bool,
}

/// All windows of all commands.
#[derive(Clone)]
pub(crate) struct Cooldowns {
    state: Arc<Mutex<State>>,
    journal: Arc<dyn CooldownJournal>,
    tasks: Tasks,
}

impl Cooldowns {
    pub(crate) fn new(journal: Arc<dyn CooldownJournal>, tasks: Tasks) -> Self {
        Self { state: Arc::default(), journal, tasks }
    }

    /// Takes one use of each, if all have one left; otherwise takes none and answers with the longest wait.
    pub(crate) fn take(&self, wanted: &[Wanted], now: SystemTime) -> Result<(), (Scope, Duration)> {
        let mut state = self.lock();
        let mut refused: Option<(Scope, Duration)> = None;
        for Wanted { key, pace, .. } in wanted {
            let Some(window) = state.windows.get(key) else { continue };
            let left = window.ends.duration_since(now).unwrap_or_default();
            if window.used >= pace.uses && left > refused.map_or(Duration::ZERO, |(_, wait)| wait) {
                refused = Some((key.scope, left));
            }
        }
        if let Some(refused) = refused {
            return Err(refused);
        }
        for Wanted { key, whose, pace } in wanted {
            make_room(&mut state.windows, now, MAX_WINDOWS);
            let fresh = Window { whose: *whose, used: 0, began: now, ends: now + pace.per };
            let window = state.windows.entry(key.clone()).or_insert(fresh);
            if window.ends <= now {
                *window = fresh;
            }
            window.used += 1;
            let window = *window;
            if pace.per > LONG && (state.unsaved.len() < MAX_UNSAVED || state.unsaved.contains_key(key)) {
                state.unsaved.insert(key.clone(), window);
            }
        }
        if !state.unsaved.is_empty() && !state.writing {
            state.writing = true;
            drop(state);
            let this = self.clone();
            self.tasks.spawn("cooldown journal", async move { this.write().await });
        }
        Ok(())
    }

    /// Takes up what was kept over a restart.
    pub(crate) async fn restore(&self, now: SystemTime) {
        let kept = match self.journal.load(MAX_WINDOWS / 2).await {
            Ok(kept) => kept,
            Err(error) => {
                tracing::warn!(%error, "long cooldowns of before could not be read; they begin anew");
                return;
            }
        };
        let mut state = self.lock();
        for saved in kept.into_iter().take(MAX_WINDOWS / 2).filter(|saved| saved.ends > now) {
            let Some(id) = saved.counted() else {
                tracing::warn!(bucket = saved.bucket, "a cooldown that was kept does not say whose it is");
                continue;
            };
            let SavedCooldown { scope, used, began, ends, .. } = saved;
            let window = Window { whose: saved.whose(), used, began, ends };
            // What has been counted since the start is newer.
            state.windows.entry(Key { bucket: saved.bucket, scope, id }).or_insert(window);
        }
    }

    /// Writes what changed until there is nothing left.
    async fn write(&self) {
        loop {
            let batch: Vec<_> = {
                let mut state = self.lock();
                let keys: Vec<_> = state.unsaved.keys().take(BATCH).cloned().collect();
                if keys.is_empty() {
                    state.writing = false;
                    return;
                }
                keys.into_iter()
                    .filter_map(|key| state.unsaved.remove(&key).map(|window| (key, window)))
                    .collect()
            };
            let saved = batch.iter().map(|(key, window)| window.saved(key));
            if let Err(error) = self.journal.save(saved.collect()).await {
                tracing::warn!(%error, "long cooldowns could not be kept; trying again with the next one");
                let mut state = self.lock();
                for (key, window) in batch {
                    state.unsaved.entry(key).or_insert(window);
                }
                state.writing = false;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(windows: &mut HashMap<Key, Window>, now: SystemTime, max: usize) {
    if windows.len() < max {
        return;
    }
    windows.retain(|_, window| window.ends > now);
    if windows.len() < max {
        return;
    }
    let mut ends: Vec<_> = windows.values().map(|window| window.ends).collect();
    let place = ends.len() / 4;
    let (_, &mut limit, _) = ends.select_nth_unstable(place);
    // Whoever ends with the limit goes too, or equal ends would leave no room.
    windows.retain(|_, window| window.ends > limit);
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::future::BoxFuture;

    use super::*;
    use crate::policy::PolicyError;
    use crate::testing::{ALICE, CHANNEL, GUILD, call};

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        NOW + Duration::from_secs(seconds)
    }

    fn key(id: u64) -> Key {
        Key { bucket: "a/b".to_owned(), scope: Scope::User, id }
    }

    fn wanted(key: Key, uses: u32, seconds: u64) -> Wanted {
        let user = Some(key.id).filter(|_| key.scope == Scope::User).map(Id::new);
        let pace = Pace { uses, per: Duration::from_secs(seconds) };
        Wanted { key, whose: Whose { user, guild: None }, pace }
    }

    fn window(ends: u64) -> Window {
        Window { whose: Whose::default(), used: 1, began: at(0), ends: at(ends) }
    }

    #[derive(Debug, Default)]
    struct Shelf {
        kept: Mutex<Vec<SavedCooldown>>,
        broken: Mutex<bool>,
    }

    impl CooldownJournal for Shelf {
        fn load(&self, _: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>> {
            let kept = self.kept.lock().unwrap().clone();
            Box::pin(std::future::ready(Ok(kept)))
        }

        fn save(&self, changed: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>> {
            let result = if *self.broken.lock().unwrap() {
                Err(PolicyError::Store("full".into()))
            } else {
                self.kept.lock().unwrap().extend(changed);
                Ok(())
            };
            Box::pin(std::future::ready(result))
        }
    }

    fn over(shelf: &Arc<Shelf>) -> (Cooldowns, Tasks) {
        let tasks = Tasks::new("test");
        (Cooldowns::new(Arc::clone(shelf) as Arc<dyn CooldownJournal>, tasks.clone()), tasks)
    }

    #[tokio::test]
    async fn uses_are_counted_from_the_first_one_on() {
        let (cooldowns, _tasks) = over(&Arc::default());
        let take = |now| cooldowns.take(&[wanted(key(1), 2, 10)], now);
        assert_eq!((take(at(0)), take(at(4))), (Ok(()), Ok(())));
        assert_eq!(take(at(4)), Err((Scope::User, Duration::from_secs(6))));
        assert_eq!(take(at(10)), Ok(()), "a new window");
        assert!(cooldowns.take(&[wanted(key(2), 1, 10)], at(4)).is_ok(), "somebody else");
    }

    #[tokio::test]
    async fn of_several_bounds_all_or_none_is_taken() {
        let (cooldowns, _tasks) = over(&Arc::default());
        let everybody = Key { bucket: "a".to_owned(), scope: Scope::Global, id: 0 };
        let take = |id, now| cooldowns.take(&[wanted(everybody.clone(), 2, 10), wanted(key(id), 1, 30)], now);
        assert_eq!(take(1, at(0)), Ok(()));
        assert_eq!(take(1, at(1)), Err((Scope::User, Duration::from_secs(29))));
        assert_eq!(take(2, at(1)), Ok(()), "the refusal took nothing of what all share");
        assert_eq!(take(3, at(1)), Err((Scope::Global, Duration::from_secs(9))));
        assert_eq!(take(1, at(1)), Err((Scope::User, Duration::from_secs(29))), "the longest wait is told");
    }

    #[tokio::test]
    async fn long_ones_survive_a_restart() {
        let shelf = Arc::<Shelf>::default();
        let (cooldowns, tasks) = over(&shelf);
        cooldowns.take(&[wanted(key(1), 1, 3_600), wanted(key(2), 1, 60)], at(0)).unwrap();
        assert!(tasks.shutdown(Duration::from_secs(10)).await.is_empty());
        let kept: Vec<_> = shelf.kept.lock().unwrap().clone();
        let expected = SavedCooldown {
            bucket: "a/b".to_owned(),
            scope: Scope::User,
            user: Some(Id::new(1)),
            guild: None,
            channel: None,
            used: 1,
            began: at(0),
            ends: at(3_600),
        };
        assert_eq!(kept, [expected], "a minute is not kept");

        let (again, _tasks) = over(&shelf);
        again.restore(at(100)).await;
        let left = again.take(&[wanted(key(1), 1, 3_600)], at(100));
        assert_eq!(left, Err((Scope::User, Duration::from_secs(3_500))));
    }

    #[tokio::test]
    async fn what_could_not_be_written_is_written_with_the_next_one() {
        let shelf = Arc::<Shelf>::default();
        *shelf.broken.lock().unwrap() = true;
        let (cooldowns, tasks) = over(&shelf);
        cooldowns.take(&[wanted(key(1), 1, 3_600)], at(0)).unwrap();
        while cooldowns.lock().writing {
            tokio::task::yield_now().await;
        }
        *shelf.broken.lock().unwrap() = false;
        cooldowns.take(&[wanted(key(2), 1, 3_600)], at(0)).unwrap();
        assert!(tasks.shutdown(Duration::from_secs(10)).await.is_empty());
        assert_eq!(shelf.kept.lock().unwrap().len(), 2);
    }

    #[test]
    fn memory_is_bounded_and_the_longest_stay() {
        let mut windows: HashMap<_, _> = (1..=8).map(|id| (key(id), window(id))).collect();
        make_room(&mut windows, at(2), 8);
        assert_eq!(windows.len(), 6, "two had ended");
        make_room(&mut windows, at(2), 6);
        let mut left: Vec<_> = windows.keys().map(|key| key.id).collect();
        left.sort_unstable();
        assert_eq!(left, [5, 6, 7, 8]);
        let mut equal: HashMap<_, _> = (1..=8).map(|id| (key(id), window(9))).collect();
        make_room(&mut equal, at(2), 8);
        assert!(equal.len() < 8, "equal ends make room too");
    }

    #[tokio::test]
    async fn each_says_whose_it_is_and_reads_back() {
        let shelf = Arc::<Shelf>::default();
        let (cooldowns, tasks) = over(&shelf);
        let mut call = call(ALICE);
        let mut all = Vec::new();
        for guild in [Some(Id::new(GUILD)), None] {
            call.guild = guild;
            for scope in [Scope::User, Scope::Guild, Scope::Channel, Scope::Global] {
                let key = Key { bucket: format!("with/slash {guild:?}"), scope, id: scope.id(&call) };
                let pace = Pace { uses: 1, per: Duration::from_secs(3_600) };
                all.push(Wanted { key, whose: Whose::of(scope, call.invoker.id, call.guild), pace });
            }
        }
        cooldowns.take(&all, at(7)).unwrap();
        assert!(tasks.shutdown(Duration::from_secs(10)).await.is_empty());
        let kept = shelf.kept.lock().unwrap().clone();
        assert!(kept.iter().all(|saved| (saved.began, saved.ends) == (at(7), at(3_607))), "{kept:?}");
        let ids = |saved: &SavedCooldown| {
            let user = saved.user.map_or(0, Id::get);
            (saved.scope.label(), user, saved.guild.map_or(0, Id::get), saved.channel.map_or(0, Id::get))
        };
        let mut told: Vec<_> =
            kept.iter().map(|saved| (saved.bucket.ends_with("None"), ids(saved))).collect();
        told.sort_unstable();
        let expected = [
            (false, ("channel", 0, GUILD, CHANNEL)),
            (false, ("global", 0, 0, 0)),
            (false, ("guild", 0, GUILD, 0)),
            (false, ("user", ALICE, 0, 0)),
            (true, ("channel", ALICE, 0, CHANNEL)),
            (true, ("global", 0, 0, 0)),
            (true, ("guild", ALICE, 0, 0)),
            (true, ("user", ALICE, 0, 0)),
        ];
        assert_eq!(told, expected);

        let (again, _tasks) = over(&shelf);
        again.restore(at(100)).await;
        for one in &all {
            assert!(again.take(std::slice::from_ref(one), at(100)).is_err(), "{one:?} is forgotten");
        }
    }
}
