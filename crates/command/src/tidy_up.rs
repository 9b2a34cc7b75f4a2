//! Deletes confirmations, errors and the messages that called, after a while.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::dispatch::Tracked;
use crate::services::Services;
use crate::wire::{Call, MessageRef};

/// Deletions that wait at once. What comes on top stays where it is.
const MAX_WAITING: usize = 1_000;
/// Longest wait; settings ask for less.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// Bounds how many deletions wait.
#[derive(Clone, Debug)]
pub(crate) struct TidyUp(Arc<Semaphore>);

impl Default for TidyUp {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_WAITING)))
    }
}

/// Deletes messages after a wait on the bot's clock, unless the message that `call` stands for was edited and runs again
/// by then. When the bot stops they stay: a stop does not wait for it, and nobody misses anything.
pub(crate) fn delete_later(
    services: &Arc<Services>,
    call: &Tracked,
    messages: Vec<MessageRef>,
    after: Duration,
) {
    if messages.is_empty() {
        return;
    }
    let Ok(permit) = Arc::clone(&services.tidy_up.0).try_acquire_owned() else {
        tracing::debug!("too many messages wait to be deleted; these stay");
        return;
    };
    let (services, call) = (Arc::clone(services), call.clone());
    let stop = services.tasks.token();
    services.tasks.clone().spawn("tidy up", async move {
        let _permit = permit;
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = services.clock.sleep(after.min(MAX_WAIT)) => {}
        }
        if !call.may_delete(&messages) {
            return;
        }
        for at in messages {
            if let Err(error) = services.wire.call(Call::Delete { at }).await {
                tracing::debug!(%error, message = %at.message, "a message was not tidied up");
            }
        }
    });
}
