//! Which messages have called a command, so that their editing can call again: what they said then,
//! and which message is their answer.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Semaphore, SemaphorePermit};
use twilight_model::channel::Message;

use crate::bounded::Bounded;
use crate::failure::Failure;
use crate::wire::MessageRef;

/// Messages that are remembered; the oldest is forgotten.
const MAX_KEPT: usize = 1_000;
/// Runs of one message beside the first. Also what keeps the nonces of its answers short.
const MAX_RUNS: u8 = 9;

/// The first answer of a message, and how it is laid out: Discord does not turn one layout into the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FirstAnswer {
    pub(crate) at: MessageRef,
    /// Whether it is made of V2 components.
    pub(crate) layout: bool,
}

/// The first answer of a message, once there is one, and the run that decides about it.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    decided: Arc<Mutex<Decided>>,
    /// One run at a time says something: a later one has to know what it takes the place of.
    turn: Arc<Semaphore>,
}

impl Default for Slot {
    fn default() -> Self {
        Self { decided: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

#[derive(Debug, Default)]
struct Decided {
    answer: Option<FirstAnswer>,
    run: u8,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Decided> {
        self.decided.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self) -> Option<FirstAnswer> {
        self.lock().answer
    }

    pub(crate) fn set(&self, answer: Option<FirstAnswer>) {
        self.lock().answer = answer;
    }
}

/// A message that may be edited.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tracked {
    pub(crate) slot: Slot,
    /// How often it was run again.
    pub(crate) run: u8,
    /// Of the text; the text itself is nobody's business here.
    hash: u64,
}

impl Tracked {
    /// From now on this run decides about the answer: what an earlier one planned for it is void.
    pub(crate) fn begin(&self) {
        let mut slot = self.slot.lock();
        slot.run = slot.run.max(self.run);
    }

    /// The turn of this run to say something.
    ///
    /// # Errors
    /// [`Failure::Superseded`] when a later run has begun: what this one says is out of date.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        let turn = self.slot.turn.acquire().await?;
        if self.is_superseded() { Err(Failure::Superseded) } else { Ok(turn) }
    }

    /// Whether a later run has begun.
    pub(crate) fn is_superseded(&self) -> bool {
        self.slot.lock().run > self.run
    }

    /// Whether this run may delete these messages now, because no later one has begun. The answer, if it is among
    /// them, is forgotten: a later run makes a new one rather than edit what is about to go.
    pub(crate) fn may_delete(&self, messages: &[MessageRef]) -> bool {
        let mut slot = self.slot.lock();
        let mine = slot.run == self.run;
        if mine && slot.answer.is_some_and(|answer| messages.contains(&answer.at)) {
            slot.answer = None;
        }
        mine
    }
}

pub(crate) struct Edits(Mutex<Bounded<u64, Tracked>>);

impl Default for Edits {
    fn default() -> Self {
        Self(Mutex::new(Bounded::new(MAX_KEPT)))
    }
}

impl Edits {
    fn known(&self) -> MutexGuard<'_, Bounded<u64, Tracked>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a message that calls.
    pub(crate) fn track(&self, message: &Message) -> Tracked {
        let mut known = self.known();
        let id = message.id.get();
        let hash = hash(&message.content);
        match known.get(&id) {
            Some(tracked) if tracked.hash == hash => return tracked.clone(),
            // It waited for its prefix while it was edited: the later run is another's.
            Some(tracked) => return Tracked { run: 0, ..tracked.clone() },
            None => {}
        }
        let tracked = Tracked { hash, ..Tracked::default() };
        known.insert(id, tracked.clone());
        tracked
    }

    /// Whether an edited message is to run again: soon enough after it was written, with another
    /// text than before, and not too often. An update that was not an edit, such as a preview of a
    /// link, changes no text.
    pub(crate) fn is_due(&self, message: &Message, window: Duration, now: SystemTime) -> bool {
        if message.edited_timestamp.is_none() {
            return false;
        }
        let written = u64::try_from(message.timestamp.as_micros()).unwrap_or_default();
        let written = SystemTime::UNIX_EPOCH + Duration::from_micros(written);
        if now.duration_since(written).unwrap_or_default() > window {
            return false;
        }
        let mut known = self.known();
        let hash = hash(&message.content);
        let next = match known.get(&message.id.get()) {
            Some(tracked) if tracked.hash == hash || tracked.run >= MAX_RUNS => return false,
            Some(tracked) => Tracked { run: tracked.run + 1, hash, ..tracked.clone() },
            None => Tracked { run: 1, hash, ..Tracked::default() },
        };
        known.insert(message.id.get(), next);
        true
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
