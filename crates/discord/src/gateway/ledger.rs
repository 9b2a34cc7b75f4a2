//! What has become of the events of one shard: received, handled, kept in the cache.
//!
//! Events are handled out of order, since commands run side by side. What a restart continues from is the
//! low-water mark: the highest sequence up to which everything has been handled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use twilight_gateway::{Event, ShardId};

use super::journal::SavedSession;
use super::receipt::Receipt;
use crate::cache::{Cache, Snapshot};

/// How long one event that the bot has taken may hold the low-water mark back. What hangs longer is not worth more:
/// sessions cannot be resumed from that far back. Together with the bounds of what may wait and run at once (the
/// gateway's queue, the dispatcher's gate) this bounds the number of unhandled events.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(crate) struct Ledger {
    shard: ShardId,
    inner: Mutex<Inner>,
    /// Wakes who writes down new sessions.
    begun: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Raised with each new session: what was received in an earlier one does not count any more.
    epoch: u64,
    session: Option<SessionName>,
    /// The sequence of its READY; 0 where an earlier process saw that one.
    ready: u64,
    /// What READY left the cache with, until it is in the journal.
    opening: Option<Snapshot>,
    /// The last dispatch received, wanted or not.
    received: u64,
    /// Up to here an earlier process has handled everything.
    inherited: u64,
    /// What is not handled.
    pending: BTreeMap<u64, Pending>,
    /// The last event that changed the cache.
    changed: u64,
    /// The first event that made the snapshot in the journal out of date.
    outdated: Option<u64>,
    /// The same for the snapshot that is to replace it.
    next_outdated: Option<u64>,
}

/// An event that is not handled.
#[derive(Debug)]
struct Pending {
    /// When the bot took it. What still waits for that cannot have been handled, whatever becomes of it.
    taken: Option<Instant>,
    /// How many have yet to say that they are done with it.
    parts: u32,
}

/// By what a session is continued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionName {
    pub(crate) id: Arc<str>,
    pub(crate) url: Option<Arc<str>>,
}

/// How a shard stands at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) epoch: u64,
    pub(crate) session: SessionName,
    /// The sequence of READY.
    pub(crate) ready: u64,
    /// The low-water mark.
    pub(crate) handled: u64,
    /// The same for this process alone: what is above, though an earlier one has handled it, the cache here has not
    /// seen yet.
    pub(crate) caught_up: u64,
    pub(crate) changed: u64,
    /// Up to where the snapshot in the journal holds.
    pub(crate) holds_until: u64,
    /// Whether something has changed since it was taken.
    pub(crate) outdated: bool,
}

impl Ledger {
    /// `begun` is notified of every new session.
    pub(crate) fn new(shard: ShardId, begun: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self { shard, inner: Mutex::default(), begun })
    }

    pub(crate) fn shard(&self) -> ShardId {
        self.shard
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Every change is whole by the time anything could panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new session: READY has come, with this sequence.
    pub(crate) fn begin(&self, id: &str, url: Option<&str>, ready: u64) {
        let mut inner = self.inner();
        let session = SessionName { id: id.into(), url: url.map(Into::into) };
        *inner = Inner { epoch: inner.epoch + 1, session: Some(session), ready, ..Inner::default() };
    }

    /// READY could be read. What it says is all that a process needs to go on from there: every guild comes after it.
    pub(crate) fn open(&self, ready: &Event) {
        let cache = Cache::new();
        cache.update(ready);
        self.inner().opening = Some(cache.snapshot(self.shard));
        self.begun.notify_one();
    }

    /// The new session that is not in the journal yet, and what READY left the cache with.
    pub(crate) fn opening(&self) -> Option<(Standing, Snapshot)> {
        let mut inner = self.inner();
        let snapshot = inner.opening.clone()?;
        Some((inner.standing(Instant::now())?, snapshot))
    }

    /// A session is in the journal: what it was opened with is not needed any more.
    pub(crate) fn opened(&self, epoch: u64) {
        let mut inner = self.inner();
        if inner.epoch == epoch {
            inner.opening = None;
        }
    }

    /// The session cannot be continued.
    pub(crate) fn lose(&self) {
        self.inner().session = None;
    }

    /// The session of an earlier process, its snapshot taken over.
    pub(crate) fn inherit(&self, saved: &SavedSession) {
        let mut inner = self.inner();
        let session =
            SessionName { id: saved.session.as_str().into(), url: saved.url.as_deref().map(Into::into) };
        *inner = Inner {
            epoch: inner.epoch + 1,
            session: Some(session),
            received: saved.resume_from,
            inherited: saved.handled,
            changed: saved.resume_from,
            ..Inner::default()
        };
    }

    /// An event that nobody wants has come.
    pub(crate) fn skipped(&self, sequence: u64) {
        let mut inner = self.inner();
        inner.received = inner.received.max(sequence);
    }

    /// An event has come. Also tells whether it was handled by an earlier process, so that only the cache needs
    /// it.
    pub(crate) fn received(self: &Arc<Self>, sequence: u64) -> (Receipt, bool) {
        let mut inner = self.inner();
        inner.received = inner.received.max(sequence);
        inner.pending.insert(sequence, Pending { taken: None, parts: 1 });
        let repeated = sequence <= inner.inherited;
        (Receipt::new(Arc::clone(self), inner.epoch, sequence), repeated)
    }

    /// The bot has taken an event out of the queue.
    pub(crate) fn taken(&self, epoch: u64, sequence: u64) {
        let mut inner = self.inner();
        if inner.epoch == epoch
            && let Some(event) = inner.pending.get_mut(&sequence)
        {
            event.taken = Some(Instant::now());
        }
    }

    /// One more deals with an event; whether it is still waited for at all.
    pub(crate) fn joined(&self, epoch: u64, sequence: u64) -> bool {
        let mut inner = self.inner();
        if inner.epoch != epoch {
            return false;
        }
        let event = inner.pending.get_mut(&sequence);
        event.map(|event| event.parts += 1).is_some()
    }

    /// One of those who deal with an event is done with it. One that was never taken was lost on its way, and is still
    /// to come.
    pub(crate) fn handled(&self, epoch: u64, sequence: u64) {
        let mut inner = self.inner();
        if inner.epoch == epoch
            && let Some(event) = inner.pending.get_mut(&sequence)
            && event.taken.is_some()
        {
            event.parts -= 1;
            if event.parts == 0 {
                inner.pending.remove(&sequence);
            }
        }
    }

    /// Has the cache updated by an event. A snapshot sees all of it or nothing.
    pub(crate) fn apply(&self, epoch: u64, sequence: u64, update: impl FnOnce() -> bool) {
        let mut inner = self.inner();
        if update() && inner.epoch == epoch {
            inner.changed = inner.changed.max(sequence);
            // What READY itself changes is in the first snapshot of all.
            if sequence > inner.ready {
                inner.outdated.get_or_insert(sequence);
                inner.next_outdated.get_or_insert(sequence);
            }
        }
    }

    /// How things stand; `None` without a session.
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.inner().standing(Instant::now())
    }

    /// A snapshot of the shard, to replace the one in the journal once it is [kept](Ledger::kept).
    pub(crate) fn snapshot(&self, cache: &Cache) -> Option<(Standing, Snapshot)> {
        let mut inner = self.inner();
        let standing = inner.standing(Instant::now())?;
        inner.next_outdated = None;
        Some((standing, cache.snapshot(self.shard)))
    }

    /// Up to where the snapshot taken last holds.
    pub(crate) fn next_holds_until(&self) -> u64 {
        self.inner().next_outdated.map_or(u64::MAX, |first| first.saturating_sub(1))
    }

    /// The snapshot taken last is in the journal.
    pub(crate) fn kept(&self, epoch: u64) {
        let mut inner = self.inner();
        if inner.epoch == epoch {
            inner.outdated = inner.next_outdated;
            inner.opening = None;
        }
    }

    /// The end: whatever the bot took and has not handled by now it never will. Answers up to where it took everything.
    pub(crate) fn finish(&self) -> u64 {
        let mut inner = self.inner();
        inner.pending.retain(|_, event| event.taken.is_none());
        inner.caught_up()
    }
}

impl Inner {
    fn standing(&mut self, now: Instant) -> Option<Standing> {
        let session = self.session.clone()?;
        while let Some(first) = self.pending.first_entry()
            && first.get().taken.is_some_and(|since| now.saturating_duration_since(since) >= PATIENCE)
        {
            tracing::debug!(sequence = first.key(), "an event is not waited for any longer");
            first.remove();
        }
        let caught_up = self.caught_up();
        Some(Standing {
            ready: self.ready,
            epoch: self.epoch,
            session,
            handled: caught_up.max(self.inherited),
            caught_up,
            changed: self.changed,
            holds_until: self.outdated.map_or(u64::MAX, |first| first.saturating_sub(1)),
            outdated: self.outdated.is_some(),
        })
    }

    /// The last sequence before what is not handled; there is nothing before READY.
    fn caught_up(&self) -> u64 {
        let caught_up = match self.pending.first_key_value() {
            Some((first, _)) => first.saturating_sub(1),
            None => self.received,
        };
        caught_up.max(self.ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Arc<Ledger> {
        let ledger = new();
        ledger.begin("s", None, 0);
        ledger
    }

    fn new() -> Arc<Ledger> {
        Ledger::new(ShardId::ONE, Arc::default())
    }

    /// Receives an event that the bot takes at once.
    fn take(ledger: &Arc<Ledger>, sequence: u64) -> Receipt {
        let (receipt, _) = ledger.received(sequence);
        receipt.taken();
        receipt
    }

    fn handled(ledger: &Ledger) -> u64 {
        ledger.standing().expect("has a session").handled
    }

    #[test]
    fn the_mark_waits_for_the_slowest() {
        let ledger = ledger();
        let (one, two) = (take(&ledger, 1), take(&ledger, 2));
        ledger.skipped(3);
        let copy = one.clone();
        drop((one, two));
        assert_eq!(handled(&ledger), 0, "a clone of the first is still under way");
        copy.settle();
        assert_eq!(handled(&ledger), 3);
        let four = take(&ledger, 4);
        ledger.skipped(5);
        assert_eq!(handled(&ledger), 3);
        assert_eq!(ledger.finish(), 5);
        assert_eq!(handled(&ledger), 5);
        drop(four);
    }

    #[test]
    fn an_event_is_handled_when_all_who_deal_with_it_are_done() {
        let ledger = ledger();
        let answer = take(&ledger, 1);
        let listener = answer.beside();
        answer.settle();
        answer.settle();
        drop(answer);
        assert_eq!(handled(&ledger), 0, "the listener is not done, however often the other says so");
        let late = Instant::now() + PATIENCE;
        assert_eq!(ledger.inner().standing(late).expect("has a session").handled, 1, "within bounds");
        let answer = take(&ledger, 2);
        let other = answer.beside();
        drop((listener, other.clone(), other));
        assert_eq!(handled(&ledger), 1);
        answer.settle();
        assert_eq!(handled(&ledger), 2);
        drop(answer.beside());
        assert_eq!(handled(&ledger), 2, "it comes too late to be waited for");
    }

    #[test]
    fn what_hangs_is_not_waited_for_for_ever() {
        let ledger = ledger();
        let _stuck = take(&ledger, 1);
        ledger.skipped(2);
        let late = Instant::now() + PATIENCE;
        assert_eq!(ledger.inner().standing(late).expect("has a session").handled, 2);
    }

    #[test]
    fn what_nobody_took_was_not_handled() {
        let ledger = ledger();
        drop(take(&ledger, 1));
        let cut_off = take(&ledger, 2);
        let (queued, _) = ledger.received(3);
        let (lost, _) = ledger.received(4);
        ledger.skipped(5);
        drop(lost);
        let late = Instant::now() + PATIENCE;
        assert_eq!(ledger.inner().standing(late).expect("has a session").handled, 2, "however long it waits");
        assert_eq!(ledger.finish(), 2);
        drop((cut_off, queued));
        assert_eq!(handled(&ledger), 2);
    }

    #[test]
    fn receipts_of_an_earlier_session_count_no_more() {
        let ledger = ledger();
        let old = take(&ledger, 5);
        ledger.begin("t", None, 1);
        let _new = take(&ledger, 5);
        drop(old);
        assert_eq!(handled(&ledger), 4);
    }

    #[test]
    fn what_an_earlier_process_handled_is_a_repetition() {
        let ledger = new();
        let saved = SavedSession {
            session: "s".into(),
            url: None,
            handled: 20,
            resume_from: 10,
            snapshot: Vec::new(),
            saved_at: std::time::SystemTime::UNIX_EPOCH,
        };
        ledger.inherit(&saved);
        assert_eq!(handled(&ledger), 20);
        let caught_up = || ledger.standing().expect("has a session").caught_up;
        assert_eq!(caught_up(), 10, "the cache is not that far");
        let (first, repeated) = ledger.received(11);
        assert!(repeated);
        assert_eq!((handled(&ledger), caught_up()), (20, 10), "never back");
        first.taken();
        drop(first);
        assert_eq!(caught_up(), 11);
        assert!(ledger.received(20).1 && !ledger.received(21).1);
    }

    #[test]
    fn a_new_session_stands_at_its_ready() {
        let ledger = ledger();
        ledger.begin("t", None, 3);
        let at = || ledger.standing().expect("has a session");
        let ready = take(&ledger, 3);
        assert_eq!((at().handled, at().caught_up), (3, 3), "READY is what one goes on from");
        ready.apply(|| true);
        assert_eq!((at().changed, at().outdated), (3, false), "the snapshot of READY knows what READY says");
        let guild = take(&ledger, 4);
        guild.apply(|| true);
        drop((ready, guild));
        assert_eq!((at().handled, at().holds_until), (4, 3));
    }

    #[test]
    fn a_snapshot_holds_until_the_next_change() {
        let (ledger, cache) = (ledger(), Cache::new());
        ledger.skipped(3);
        ledger.apply(1, 3, || true);
        ledger.apply(0, 8, || true);
        let (at, _) = ledger.snapshot(&cache).expect("has a session");
        assert_eq!((at.changed, at.handled), (3, 3));
        ledger.kept(at.epoch);
        ledger.skipped(9);
        ledger.apply(1, 9, || false);
        assert!(!ledger.standing().expect("has a session").outdated);
        ledger.apply(1, 12, || true);
        ledger.apply(1, 15, || true);
        let now = ledger.standing().expect("has a session");
        assert_eq!((now.outdated, now.holds_until, now.changed), (true, 11, 15));
        assert_eq!(ledger.next_holds_until(), 11);
        ledger.snapshot(&cache).expect("has a session");
        assert_eq!(ledger.next_holds_until(), u64::MAX);
        assert_eq!(ledger.standing().expect("has a session").holds_until, 11, "until it is kept");
    }
}
