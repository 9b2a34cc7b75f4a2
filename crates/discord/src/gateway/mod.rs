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
mod latency;
mod queue;
mod shard;
mod transport;

pub use config::GatewayConfig;
pub use error::GatewayError;
pub use latency::Latencies;

use std::sync::Arc;
use std::time::Duration;

use cogwright_lifecycle::Tasks;
use tokio::sync::mpsc;
use twilight_gateway::{Event, ShardId};
use twilight_model::gateway::connection_info::BotConnectionInfo;

use crate::endpoint::install_tls_provider;
use crate::rest::{Priority, Rest, RestError};
use error::Failure;
use queue::IdentifyQueue;
use shard::{ShardTask, Shared};

/// An event and the shard that it came over.
pub type ShardEvent = (ShardId, Event);

/// Events that may wait for the bot, all shards together. When they are full the shards stop
/// reading, and Discord closes a shard that does not read for about 40 s: it resumes then.
const MAX_EVENTS: usize = 1_024;

/// Most shards one process runs; a larger bot needs several processes.
const MAX_SHARDS: u32 = 256;

/// Time for shards to say goodbye.
const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// The running shards of a bot.
#[derive(Debug)]
pub struct Gateway {
    tasks: Tasks,
    events: mpsc::Receiver<ShardEvent>,
    failure: Failure,
    latencies: Latencies,
}

impl Gateway {
    /// Asks Discord how many shards to run and starts them below `tasks`.
    ///
    /// Returns as soon as the shards are on their way; whether they arrive is told by their
    /// events and by [`next`](Gateway::next).
    ///
    /// # Errors
    /// [`GatewayError::Start`] when Discord cannot be asked or answers nonsense.
    pub async fn start(config: &GatewayConfig, rest: &Rest, tasks: &Tasks) -> Result<Self, GatewayError> {
        install_tls_provider();
        let request = rest.http().gateway().authed();
        let info: Result<BotConnectionInfo, RestError> =
            rest.send(request, Priority::Normal).await.and_then(|response| response.model());
        let info = info.map_err(GatewayError::Start)?;
        let total = info.shards.max(1);
        if total > MAX_SHARDS {
            return Err(GatewayError::TooManyShards { wanted: total, limit: MAX_SHARDS });
        }
        let limit = &info.session_start_limit;
        let reset = Duration::from_millis(limit.reset_after);
        if limit.remaining < total {
            tracing::warn!(
                remaining = limit.remaining,
                needed = total,
                reset_s = reset.as_secs(),
                "Discord allows too few starts for now; the shards wait for the reset"
            );
        }
        let queue = IdentifyQueue::new(limit);
        // The address in Discord's answer is Discord's own choice; a local server is where the
        // operator said, which is not always what it believes of itself.
        let address = config.endpoint.gateway_override().unwrap_or(&info.url);
        let presence = serde_json::to_value(&config.presence).unwrap_or_default();
        let failure = Failure::default();
        let latencies = Latencies::new(total);
        let shared = Arc::new(Shared {
            token: config.token.expose().to_owned(),
            intents: config.intents,
            wanted: config.events,
            presence,
            queue,
            failure: failure.clone(),
            latencies: latencies.clone(),
        });
        let (sender, events) = mpsc::channel(MAX_EVENTS);
        let tasks = tasks.child("gateway");
        tracing::info!(shards = total, "starting shards");
        for number in 0..total {
            let task = ShardTask {
                id: ShardId::new(number, total),
                address: address.to_owned(),
                shared: Arc::clone(&shared),
                events: sender.clone(),
                stop: tasks.token(),
            };
            tasks.spawn(format!("shard {number}"), task.run());
        }
        Ok(Self { tasks, events, failure, latencies })
    }

    /// The next event of any shard. `None` once all shards have ended, after
    /// [`close`](Gateway::close) or because all failed. Safe to drop and call again.
    ///
    /// # Errors
    /// What ended a shard for good. The other shards are stopped by then.
    pub async fn next(&mut self) -> Result<Option<ShardEvent>, GatewayError> {
        match self.events.recv().await {
            Some(event) => Ok(Some(event)),
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

    /// Says goodbye to Discord: the bot is shown as offline at once. Events that were received
    /// before can still be read.
    pub async fn close(&self) {
        self.tasks.shutdown(CLOSE_GRACE).await;
    }
}

#[cfg(test)]
mod tests;
