//! What came of a sync, and what it says on the way.

use std::time::Duration;

use super::diff::ChangeKind;

/// What came of a sync. What is listed as made has been accepted by Discord and stays, whatever failed beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Commands that were not registered before.
    pub created: Vec<String>,
    /// Commands that were registered differently; with `force` all that were registered.
    pub updated: Vec<String>,
    /// Commands that are registered no more.
    pub deleted: Vec<String>,
    /// Commands that were as they should be.
    pub unchanged: usize,
    /// Commands that could not be brought in line.
    pub failed: Vec<Failed>,
    /// Writing requests that Discord accepted. None when nothing had changed.
    pub writes: usize,
    /// Time spent waiting for rate limits.
    pub waited: Duration,
}

/// A command that could not be brought in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its name.
    pub name: String,
    /// What was to be done.
    pub action: ChangeKind,
    /// Why it was not, in words for the operator.
    pub reason: String,
    /// Whether it may work at the next sync without a change of the command.
    pub retryable: bool,
}

impl Report {
    /// Whether everything is as it should be now.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }

    /// Whether it makes sense to try again later.
    pub fn is_retryable(&self) -> bool {
        self.failed.iter().any(|failed| failed.retryable)
    }

    pub(super) fn made(&mut self, kind: ChangeKind, name: &str) {
        let list = match kind {
            ChangeKind::Create => &mut self.created,
            ChangeKind::Update => &mut self.updated,
            ChangeKind::Delete => &mut self.deleted,
        };
        list.push(name.to_owned());
    }
}

/// What a sync says on its way.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// What is going to be done.
    Begin {
        /// Commands to delete.
        delete: usize,
        /// Commands to change.
        update: usize,
        /// Commands to create.
        create: usize,
    },
    /// Discord asks to wait; the sync goes on after it.
    RateLimited {
        /// For how long.
        wait: Duration,
    },
    /// Something failed that may work in a moment; the sync tries again.
    Retrying {
        /// After how long.
        wait: Duration,
        /// What failed.
        error: String,
    },
}
