//! Counts uses. A window begins with its first use and lasts as long as the pace says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::Tasks;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::{CooldownJournal, Pace, SavedCooldown, Scope};

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

impl Key {
    fn text(&self) -> String {
        format!("{}/{}/{}", self.bucket, self.scope.label(), self.id)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, '/');
        let id = parts.next()?.parse().ok()?;
        let name = parts.next()?;
        let all = [Scope::User, Scope::Guild, Scope::Channel, Scope::Global];
        let scope = all.into_iter().find(|scope| scope.label() == name)?;
        Some(Self { bucket: parts.next()?.to_owned(), scope, id })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    used: u32,
    ends: SystemTime,
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
    pub(crate) fn take(&self, wanted: &[(Key, Pace)], now: SystemTime) -> Result<(), (Scope, Duration)> {
        let mut state = self.lock();
        let mut refused: Option<(Scope, Duration)> = None;
        for (key, pace) in wanted {
            let Some(window) = state.windows.get(key) else { continue };
            let left = window.ends.duration_since(now).unwrap_or_default();
            if window.used >= pace.uses && left > refused.map_or(Duration::ZERO, |(_, wait)| wait) {
                refused = Some((key.scope, left));
            }
        }
        if let Some(refused) = refused {
            return Err(refused);
        }
        for (key, pace) in wanted {
            make_room(&mut state.windows, now, MAX_WINDOWS);
            let fresh = Window { used: 0, ends: now + pace.per };
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
            match Key::read(&saved.key) {
                // What has been counted since the start is newer.
                Some(key) => {
                    state.windows.entry(key).or_insert(Window { used: saved.used, ends: saved.ends });
                }
                None => tracing::warn!(key = saved.key, "a cooldown that was kept cannot be read"),
            }
        }
    }

    /// Forgets what is counted of a person.
    pub(crate) fn forget_user(&self, user: Id<UserMarker>) {
        let mut state = self.lock();
        let other = |key: &Key| key.scope != Scope::User || key.id != user.get();
        state.windows.retain(|key, _| other(key));
        state.unsaved.retain(|key, _| other(key));
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
            let saved = batch.iter().map(|(key, window)| SavedCooldown {
                key: key.text(),
                user: (key.scope == Scope::User).then(|| Id::new_checked(key.id)).flatten(),
                used: window.used,
                ends: window.ends,
            });
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

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        NOW + Duration::from_secs(seconds)
    }

    fn key(id: u64) -> Key {
        Key { bucket: "a/b".to_owned(), scope: Scope::User, id }
    }

    fn pace(uses: u32, seconds: u64) -> Pace {
        Pace { uses, per: Duration::from_secs(seconds) }
    }

    #[derive(Debug, Default)]
    struct Shelf {
        kept: Mutex<HashMap<String, SavedCooldown>>,
        broken: Mutex<bool>,
    }

    impl CooldownJournal for Shelf {
        fn load(&self, _: usize) -> BoxFuture<'_, Result<Vec<SavedCooldown>, PolicyError>> {
            let kept = self.kept.lock().unwrap().values().cloned().collect();
            Box::pin(std::future::ready(Ok(kept)))
        }

        fn save(&self, changed: Vec<SavedCooldown>) -> BoxFuture<'_, Result<(), PolicyError>> {
            let result = if *self.broken.lock().unwrap() {
                Err(PolicyError::Store("full".into()))
            } else {
                self.kept.lock().unwrap().extend(changed.into_iter().map(|saved| (saved.key.clone(), saved)));
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
        let take = |now| cooldowns.take(&[(key(1), pace(2, 10))], now);
        assert_eq!((take(at(0)), take(at(4))), (Ok(()), Ok(())));
        assert_eq!(take(at(4)), Err((Scope::User, Duration::from_secs(6))));
        assert_eq!(take(at(10)), Ok(()), "a new window");
        assert!(cooldowns.take(&[(key(2), pace(1, 10))], at(4)).is_ok(), "somebody else");
    }

    #[tokio::test]
    async fn of_several_bounds_all_or_none_is_taken() {
        let (cooldowns, _tasks) = over(&Arc::default());
        let everybody = Key { bucket: "a".to_owned(), scope: Scope::Global, id: 0 };
        let take = |id, now| cooldowns.take(&[(everybody.clone(), pace(2, 10)), (key(id), pace(1, 30))], now);
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
        cooldowns.take(&[(key(1), pace(1, 3_600)), (key(2), pace(1, 60))], at(0)).unwrap();
        assert!(tasks.shutdown(Duration::from_secs(10)).await.is_empty());
        let kept: Vec<_> = shelf.kept.lock().unwrap().values().cloned().collect();
        let expected =
            SavedCooldown { key: "a/b/user/1".into(), user: Some(Id::new(1)), used: 1, ends: at(3_600) };
        assert_eq!(kept, [expected], "a minute is not kept");

        let (again, _tasks) = over(&shelf);
        again.restore(at(100)).await;
        let left = again.take(&[(key(1), pace(1, 3_600))], at(100));
        assert_eq!(left, Err((Scope::User, Duration::from_secs(3_500))));
        again.forget_user(Id::new(1));
        assert_eq!(again.take(&[(key(1), pace(1, 3_600))], at(100)), Ok(()));
    }

    #[tokio::test]
    async fn what_could_not_be_written_is_written_with_the_next_one() {
        let shelf = Arc::<Shelf>::default();
        *shelf.broken.lock().unwrap() = true;
        let (cooldowns, tasks) = over(&shelf);
        cooldowns.take(&[(key(1), pace(1, 3_600))], at(0)).unwrap();
        while cooldowns.lock().writing {
            tokio::task::yield_now().await;
        }
        *shelf.broken.lock().unwrap() = false;
        cooldowns.take(&[(key(2), pace(1, 3_600))], at(0)).unwrap();
        assert!(tasks.shutdown(Duration::from_secs(10)).await.is_empty());
        assert_eq!(shelf.kept.lock().unwrap().len(), 2);
    }

    #[test]
    fn memory_is_bounded_and_the_longest_stay() {
        let mut windows: HashMap<_, _> =
            (1..=8).map(|id| (key(id), Window { used: 1, ends: at(id) })).collect();
        make_room(&mut windows, at(2), 8);
        assert_eq!(windows.len(), 6, "two had ended");
        make_room(&mut windows, at(2), 6);
        let mut left: Vec<_> = windows.keys().map(|key| key.id).collect();
        left.sort_unstable();
        assert_eq!(left, [5, 6, 7, 8]);
        let mut equal: HashMap<_, _> = (1..=8).map(|id| (key(id), Window { used: 1, ends: at(9) })).collect();
        make_room(&mut equal, at(2), 8);
        assert!(equal.len() < 8, "equal ends make room too");
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        for scope in [Scope::User, Scope::Guild, Scope::Channel, Scope::Global] {
            let key = Key { bucket: "with/slash".to_owned(), scope, id: 7 };
            assert_eq!(Key::read(&key.text()), Some(key));
        }
        for text in ["", "a", "a/b", "a/b/c", "a/user/x"] {
            assert_eq!(Key::read(text), None, "{text}");
        }
    }
}
