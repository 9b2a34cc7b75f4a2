//! Which view waits for which components.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::{Audience, Ended, Press, Shared};
use crate::bounded::Bounded;

/// Most views that wait at once.
const MAX_VIEWS: usize = 10_000;
/// Most views of one person; the oldest makes room.
const MAX_PER_USER: usize = 10;

/// Views that are over of which is remembered what they were; the oldest is forgotten.
const MAX_ENDED: usize = 1_000;

/// A view as the dispatcher sees it.
pub(crate) struct Waiter {
    pub(crate) presses: mpsc::Sender<Press>,
    pub(crate) owner: Id<UserMarker>,
    pub(crate) audience: Audience,
    pub(crate) shared: Arc<Shared>,
}

impl Clone for Waiter {
    fn clone(&self) -> Self {
        Self {
            presses: self.presses.clone(),
            owner: self.owner,
            audience: self.audience,
            shared: Arc::clone(&self.shared),
        }
    }
}

#[derive(Default)]
pub(crate) struct Waiters {
    open: Mutex<Open>,
}

struct Open {
    views: HashMap<String, Waiter>,
    /// Keys by owner, oldest first.
    owned: HashMap<Id<UserMarker>, Vec<String>>,
    ended: Bounded<String, Ended>,
}

impl Default for Open {
    fn default() -> Self {
        Self { views: HashMap::new(), owned: HashMap::new(), ended: Bounded::new(MAX_ENDED) }
    }
}

impl Open {
    fn remove(&mut self, key: &str) {
        let Some(waiter) = self.views.remove(key) else { return };
        self.ended.insert(key.to_owned(), waiter.shared.ended());
        if let Some(keys) = self.owned.get_mut(&waiter.owner) {
            keys.retain(|known| known != key);
            if keys.is_empty() {
                self.owned.remove(&waiter.owner);
            }
        }
    }
}

impl Waiters {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a view wait. Whoever has too many loses the oldest, which ends as if it had timed
    /// out. Answers no when all places are taken.
    pub(crate) fn register(&self, waiter: Waiter) -> bool {
        let mut open = self.open();
        let oldest = open.owned.get(&waiter.owner).filter(|keys| keys.len() >= MAX_PER_USER);
        if let Some(oldest) = oldest.and_then(|keys| keys.first()).cloned() {
            // Dropping its sender is what ends it.
            open.remove(&oldest);
        }
        if open.views.len() >= MAX_VIEWS {
            return false;
        }
        let key = waiter.shared.key().to_owned();
        open.owned.entry(waiter.owner).or_default().push(key.clone());
        open.views.insert(key, waiter);
        true
    }

    pub(crate) fn remove(&self, key: &str) {
        self.open().remove(key);
    }

    pub(crate) fn find(&self, key: &str) -> Option<Waiter> {
        self.open().views.get(key).cloned()
    }

    /// What is left to say of a view that does not wait.
    pub(crate) fn ended(&self, key: &str) -> Ended {
        self.open().ended.get(key).cloned().unwrap_or_else(Ended::unknown)
    }

    /// Ends the views of earlier runs of a message without a trace: its answer is about to be
    /// replaced.
    pub(crate) fn forget_call(&self, message: u64) {
        let id = message.to_string();
        let mine = |key: &&String| {
            key.strip_prefix(&id).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', 'e']))
        };
        let views: Vec<_> = {
            let open = self.open();
            open.views
                .iter()
                .filter(|(key, _)| mine(key))
                .map(|(_, waiter)| Arc::clone(&waiter.shared))
                .collect()
        };
        for view in views {
            view.finished();
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let open = self.open();
        assert_eq!(open.views.len(), open.owned.values().map(Vec::len).sum::<usize>());
        open.views.len()
    }
}
