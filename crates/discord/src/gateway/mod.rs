//! The shards: their number, their start, their end.
//!
//! twilight gives the models and the parser, but not the shard: its own connects anew inside of a
//! single poll, without any pause when it is closed right after the handshake, waits for HELLO for
//! ever, and panics over an address it cannot read. None of that can be helped from outside, so
//! connections are made here.

mod backoff;
mod config;
mod connection;
mod error;
mod event;
mod farewell;
mod journal;
mod keeper;
mod latency;
mod ledger;
mod pace;
mod presence;
mod probe;
mod queue;
mod receipt;
mod shard;
mod start;
mod transport;
mod trouble;

pub use config::{GatewayConfig, Shards};
pub use error::GatewayError;
pub use event::ShardEvent;
pub use journal::{JournalError, Mark, SavedSession, SessionJournal};
pub use latency::Latencies;
pub use presence::Presences;
pub use probe::probe_gateway;
pub use receipt::Receipt;
pub use start::Memory;

use std::time::Duration;

use cogwright_lifecycle::Tasks;
use tokio::sync::mpsc;

use error::Failure;
use farewell::Farewell;
use keeper::Keeper;

/// Time for shards to say goodbye.
const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// The running shards of a bot.
pub struct Gateway {
    tasks: Tasks,
    events: mpsc::Receiver<ShardEvent>,
    failure: Failure,
    latencies: Latencies,
    presences: Presences,
    farewell: Farewell,
    keeper: Option<Keeper>,
    here: Vec<u32>,
}

impl Gateway {
    /// The next event of any shard. `None` once all shards have ended, after
    /// [`close`](Gateway::close), [`leave`](Gateway::leave) or because all failed. Safe to drop and call again.
    ///
    /// # Errors
    /// What ended a shard for good. The other shards are stopped by then.
    pub async fn next(&mut self) -> Result<Option<ShardEvent>, GatewayError> {
        match self.events.recv().await {
            Some(event) => {
                event.receipt.taken();
                Ok(Some(event))
            }
            None => match self.failure.take() {
                Some(error) => Err(error),
                None => Ok(None),
            },
        }
    }

    /// Round trips of the shards' heartbeats.
    pub fn latencies(&self) -> Latencies {
        self.latencies.clone()
    }

    /// Sets what the shards show.
    pub fn presences(&self) -> Presences {
        self.presences.clone()
    }

    /// The numbers of the shards that run here, in order.
    pub fn shards(&self) -> &[u32] {
        &self.here
    }

    /// Whether sessions are kept for the next process.
    pub fn keeps_sessions(&self) -> bool {
        self.keeper.is_some()
    }

    /// Ends the sessions: the bot is shown as offline at once. Events that were received before can still be
    /// read.
    pub async fn close(&self) {
        self.farewell.end();
        self.tasks.shutdown(CLOSE_GRACE).await;
    }

    /// Leaves the sessions so that they can be resumed: from now on nothing more is read from Discord. What was
    /// read before still has to be taken by [`next`](Gateway::next) until that answers `None`; when all of it has
    /// been handled, [`keep`](Gateway::keep) writes down where to go on. What is not taken by then comes again.
    pub fn leave(&self) {
        self.farewell.keep();
    }

    /// Writes down where the next process goes on, after [`leave`](Gateway::leave).
    pub async fn keep(&self) {
        // The keeper must not write behind our back.
        self.tasks.shutdown(CLOSE_GRACE).await;
        if let Some(keeper) = &self.keeper {
            keeper.conclude().await;
        }
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("shards", &self.here)
            .field("keeps_sessions", &self.keeps_sessions())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
