//! Says when an event has been dealt with.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ledger::Ledger;

/// Goes along with an event through everything that is done for it. When the last clone is dropped, or one was
/// [settled](Receipt::settle), the event counts as handled, if nobody [beside](Receipt::beside) deals with it: it will not be asked for again after a restart.
#[derive(Clone, Default)]
pub struct Receipt(Option<Arc<Slip>>);

struct Slip {
    ledger: Arc<Ledger>,
    epoch: u64,
    sequence: u64,
    settled: AtomicBool,
}

impl Slip {
    fn settle(&self) {
        if !self.settled.swap(true, Ordering::AcqRel) {
            self.ledger.handled(self.epoch, self.sequence);
        }
    }
}

impl Receipt {
    pub(super) fn new(ledger: Arc<Ledger>, epoch: u64, sequence: u64) -> Self {
        Self(Some(Arc::new(Slip { ledger, epoch, sequence, settled: AtomicBool::new(false) })))
    }

    /// Another one for the same event, for somebody who deals with it independently: it counts as handled when both
    /// have said so.
    #[must_use]
    pub fn beside(&self) -> Self {
        let Some(slip) = &self.0 else { return Self::none() };
        if slip.ledger.joined(slip.epoch, slip.sequence) {
            Self::new(Arc::clone(&slip.ledger), slip.epoch, slip.sequence)
        } else {
            Self::none()
        }
    }

    /// Has the cache updated, so that a snapshot knows as of which event it is.
    pub(super) fn apply(&self, update: impl FnOnce() -> bool) {
        if let Some(slip) = &self.0 {
            slip.ledger.apply(slip.epoch, slip.sequence, update);
        }
    }

    /// The bot has taken the event.
    pub(super) fn taken(&self) {
        if let Some(slip) = &self.0 {
            slip.ledger.taken(slip.epoch, slip.sequence);
        }
    }

    /// A receipt that nobody waits for.
    pub fn none() -> Self {
        Self(None)
    }

    /// The event has been dealt with, whatever else still holds a clone: what matters to people (an answer, or
    /// that there is none) has happened.
    pub fn settle(&self) {
        if let Some(slip) = &self.0 {
            slip.settle();
        }
    }
}

impl Drop for Slip {
    fn drop(&mut self) {
        self.settle();
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Receipt").field(&self.0.as_ref().map(|slip| slip.sequence)).finish()
    }
}
