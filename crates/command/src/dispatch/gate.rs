//! Bounds how many commands run and wait, per guild and in all, so that one guild at a hundred
//! times its usual load does not hold up the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cogwright_lifecycle::Clock;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

/// How many commands may run and wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bodies that run at once, in all.
    pub total: usize,
    /// Bodies that run at once for one guild, or for one person in direct messages.
    pub per_guild: usize,
    /// Bodies of one person that run at once in one guild, so that one cannot hold up the others there.
    pub per_person: usize,
    /// Calls of one guild that run or wait; more are refused at once. After a kill those that came without a bot arrive
    /// in one go, and those of the second before once more: this takes ten seconds of 200 calls.
    pub queued_per_guild: usize,
    /// Calls that run or wait, in all; more are refused at once.
    pub queued: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { total: 512, per_guild: 16, per_person: 4, queued_per_guild: 2_048, queued: 8_192 }
    }
}

/// How long an interaction may wait for its turn. Discord takes the first answer for 3 seconds; what is
/// left is for saying that it did not get one.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// What the bound counts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    Guild(u64),
    /// Interactions do not wait behind messages: Discord gives them three seconds.
    GuildInteractions(u64),
    Person(u64),
}

impl Lane {
    /// That of an interaction.
    pub(crate) fn of_interaction(guild: Option<Id<GuildMarker>>, person: Id<UserMarker>) -> Self {
        guild.map_or(Self::Person(person.get()), |guild| Self::GuildInteractions(guild.get()))
    }
}

#[derive(Debug)]
pub(crate) struct Gate {
    limits: Limits,
    total: Arc<Semaphore>,
    lanes: Arc<Mutex<Lanes>>,
}

#[derive(Debug, Default)]
struct Lanes {
    queued: usize,
    lanes: HashMap<Lane, Entry>,
}

#[derive(Debug)]
struct Entry {
    running: Arc<Semaphore>,
    /// Of each person who has a call here; gone with the entry.
    people: HashMap<u64, Arc<Semaphore>>,
    queued: usize,
}

/// A call's place among those that run or wait; given up when dropped.
#[derive(Debug)]
pub(crate) struct Ticket {
    lane: Lane,
    lanes: Arc<Mutex<Lanes>>,
    person: Arc<Semaphore>,
    own: Arc<Semaphore>,
    total: Arc<Semaphore>,
    permits: Option<[OwnedSemaphorePermit; 3]>,
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, total: Arc::new(Semaphore::new(limits.total)), lanes: Arc::default() }
    }

    /// A place that nobody competes for.
    #[cfg(test)]
    pub(crate) fn enter_anywhere(&self) -> Ticket {
        self.enter(Lane::Guild(1), 1).expect("the gate is empty")
    }

    /// A place in the queue, or none when it is full.
    pub(crate) fn enter(&self, lane: Lane, person: u64) -> Option<Ticket> {
        let mut lanes = lock(&self.lanes);
        let entry = lanes.lanes.get(&lane);
        if lanes.queued >= self.limits.queued
            || entry.is_some_and(|entry| entry.queued >= self.limits.queued_per_guild)
        {
            return None;
        }
        lanes.queued += 1;
        let entry = lanes.lanes.entry(lane).or_insert_with(|| Entry {
            running: Arc::new(Semaphore::new(self.limits.per_guild)),
            people: HashMap::new(),
            queued: 0,
        });
        entry.queued += 1;
        let own = Arc::clone(&entry.running);
        let person = entry.people.entry(person);
        let person = person.or_insert_with(|| Arc::new(Semaphore::new(self.limits.per_person)));
        let person = Arc::clone(person);
        Some(Ticket {
            lane,
            lanes: Arc::clone(&self.lanes),
            person,
            own,
            total: Arc::clone(&self.total),
            permits: None,
        })
    }
}

impl Ticket {
    /// Waits until the call may run.
    pub(crate) async fn ready(&mut self) {
        // The person's own turn first, then the guild's: who waits for that must not hold one of the turns of all.
        let person = Arc::clone(&self.person).acquire_owned().await;
        let own = Arc::clone(&self.own).acquire_owned().await;
        let total = Arc::clone(&self.total).acquire_owned().await;
        // The semaphores are never closed.
        self.permits = match (person, own, total) {
            (Ok(person), Ok(own), Ok(total)) => Some([person, own, total]),
            _ => None,
        };
    }

    /// Waits as long as an interaction may; whether it may run then.
    pub(crate) async fn ready_in_time(&mut self, clock: &dyn Clock) -> bool {
        tokio::select! {
            biased;
            () = self.ready() => true,
            () = clock.sleep(MAX_WAIT) => false,
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut lanes = lock(&self.lanes);
        lanes.queued -= 1;
        if let Some(entry) = lanes.lanes.get_mut(&self.lane) {
            entry.queued -= 1;
            if entry.queued == 0 {
                lanes.lanes.remove(&self.lane);
            }
        }
    }
}

fn lock(lanes: &Mutex<Lanes>) -> MutexGuard<'_, Lanes> {
    lanes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn gate() -> Gate {
        Gate::new(Limits { total: 3, per_guild: 2, per_person: 2, queued_per_guild: 3, queued: 5 })
    }

    fn running(ticket: &mut Ticket) -> bool {
        ticket.ready().now_or_never().is_some()
    }

    #[test]
    fn a_guild_cannot_take_all_turns() {
        let gate = gate();
        let mut loud: Vec<_> = (0..3).map(|_| gate.enter(Lane::Guild(1), 1).unwrap()).collect();
        assert!(gate.enter(Lane::Guild(1), 1).is_none(), "its queue is full");
        assert_eq!(loud.iter_mut().map(running).collect::<Vec<_>>(), [true, true, false]);
        let mut other = gate.enter(Lane::Guild(2), 1).unwrap();
        assert!(running(&mut other));
        let mut waiting = gate.enter(Lane::Person(1), 1).unwrap();
        assert!(!running(&mut waiting), "three run in all");
        assert!(gate.enter(Lane::Guild(3), 1).is_none(), "five are queued in all");
        drop(other);
        assert!(running(&mut waiting));
    }

    #[test]
    fn one_person_cannot_take_all_turns_of_a_guild() {
        let gate =
            Gate::new(Limits { total: 9, per_guild: 3, per_person: 2, queued_per_guild: 9, queued: 9 });
        let mut loud: Vec<_> = (0..3).map(|_| gate.enter(Lane::Guild(1), 1).unwrap()).collect();
        assert_eq!(loud.iter_mut().map(running).collect::<Vec<_>>(), [true, true, false]);
        let mut other = gate.enter(Lane::Guild(1), 2).unwrap();
        assert!(running(&mut other), "the third turn is for others");
        let mut slash = gate.enter(Lane::GuildInteractions(1), 2).unwrap();
        assert!(running(&mut slash), "interactions have turns of their own");
    }

    #[test]
    fn nothing_is_kept_of_guilds_that_are_quiet() {
        let gate = gate();
        let ticket = gate.enter(Lane::Guild(1), 1);
        let counts = || {
            let lanes = lock(&gate.lanes);
            (lanes.lanes.len(), lanes.queued)
        };
        assert_eq!(counts(), (1, 1));
        drop(ticket);
        assert_eq!(counts(), (0, 0));
    }
}
