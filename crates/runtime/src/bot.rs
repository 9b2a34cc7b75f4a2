//! A running bot.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use cogwright_command::Dispatcher;
use cogwright_discord::{Cache, Event, Latencies, Presences, Receipt, Rest};
use cogwright_lifecycle::Tasks;
use tokio::sync::{broadcast, oneshot, watch};
use tokio_util::sync::CancellationToken;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use crate::error::RunError;
use crate::facts::Facts;
use crate::readiness::Stage;
use crate::registration::CommandSync;

/// An event as a listener gets it; it derefs to the [`Event`]. Clones share it.
///
/// Hold on to it until all is done that is to be done about it: when the last clone is dropped, the event counts as
/// handled. One that does not when the process is killed comes again at the next start, together with everything since
/// then. It may be held for 120 seconds; after that, and when a listener misses it, it is not waited for.
#[derive(Clone, Debug)]
pub struct BotEvent(Arc<(Event, Receipt)>);

impl BotEvent {
    pub(crate) fn new(event: Event, receipt: Receipt) -> Self {
        Self(Arc::new((event, receipt)))
    }
}

impl Deref for BotEvent {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.0.0
    }
}

/// A running bot. Dropping it stops it too, but only [`stop`](Bot::stop) and
/// [`run_until`](Bot::run_until) wait until it has drained.
#[derive(Debug)]
pub struct Bot {
    pub(crate) stop: CancellationToken,
    pub(crate) stages: watch::Receiver<Stage>,
    pub(crate) ended: oneshot::Receiver<Result<(), RunError>>,
    pub(crate) cache: Cache,
    pub(crate) rest: Rest,
    pub(crate) latencies: Latencies,
    pub(crate) presences: Presences,
    pub(crate) news: broadcast::Sender<BotEvent>,
    pub(crate) user: Id<UserMarker>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) sync: CommandSync,
    pub(crate) facts: Arc<Facts>,
    pub(crate) _driver: Tasks,
}

impl Bot {
    /// Waits until all shards have identified or resumed, their guilds have come and registering the slash
    /// commands has been tried; `false` when the bot ended before.
    pub async fn ready(&self) -> bool {
        let mut stages = self.stages.clone();
        let stage = stages.wait_for(|stage| *stage != Stage::Starting).await;
        stage.is_ok_and(|stage| *stage == Stage::Ready)
    }

    /// Runs until `stop` completes or Discord ends the bot, and drains it: running commands may
    /// finish within the grace, then the shards say goodbye.
    ///
    /// # Errors
    /// Why the bot ended by itself.
    pub async fn run_until(mut self, stop: impl Future<Output = ()>) -> Result<(), RunError> {
        tokio::select! {
            result = &mut self.ended => return result.unwrap_or(Err(RunError::Internal)),
            () = stop => {}
        }
        self.stop().await
    }

    /// Stops the bot and waits until it has drained.
    ///
    /// # Errors
    /// Why the bot had ended by itself before.
    pub async fn stop(mut self) -> Result<(), RunError> {
        self.stop.cancel();
        (&mut self.ended).await.unwrap_or(Err(RunError::Internal))
    }

    /// The bot's user id.
    pub fn user(&self) -> Id<UserMarker> {
        self.user
    }

    /// Brings the registered slash commands in line when asked.
    pub fn command_sync(&self) -> &CommandSync {
        &self.sync
    }

    /// What the bot knows of guilds.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The bot's way to Discord.
    pub fn rest(&self) -> &Rest {
        &self.rest
    }

    /// Round trips of the heartbeats.
    pub fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    /// Sets what the bot shows of itself.
    pub fn presences(&self) -> &Presences {
        &self.presences
    }

    /// All events that the bot needs itself or [listens](crate::BotBuilder::listens) to, from now on, after the cache
    /// and the commands have seen them. A listener that lags more than 1,024 events behind misses the oldest. What it
    /// has not taken yet is not handled either, so read on or drop the receiver.
    pub fn events(&self) -> broadcast::Receiver<BotEvent> {
        self.news.subscribe()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
