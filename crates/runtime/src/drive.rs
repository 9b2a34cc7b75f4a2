//! Moves events from the gateway to where they belong until the bot stops, and drains it then.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use cogwright_command::Dispatcher;
use cogwright_discord::intents::{Need, Plan};
use cogwright_discord::{Cache, Gateway, GatewayConfig, GatewayError, Memory, Rest, ShardEvent};
use cogwright_lifecycle::Tasks;
use tokio::sync::{Notify, broadcast, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::bot::BotEvent;
use crate::error::RunError;
use crate::readiness::{Beginning, Readiness, Stage};
use crate::registration::Registrar;
use crate::traces::event_span;
use crate::upkeep::Upkeep;

/// Events that a slow listener may lag behind before it misses some.
pub(crate) const EVENT_NEWS: usize = 1_024;

/// How long the guilds announced by READY may take before the bot counts as ready without them.
const GUILDS: Duration = Duration::from_secs(15);

/// How long tasks other than commands may take to end.
const REST: Duration = Duration::from_secs(5);

/// What the gateway was started with, to start it again with less.
pub(crate) struct Fallback {
    pub(crate) config: GatewayConfig,
    pub(crate) memory: Memory,
    pub(crate) needs: Vec<Need>,
    pub(crate) plan: Plan,
}

pub(crate) struct Drive {
    pub(crate) gateway: Gateway,
    pub(crate) rest: Rest,
    pub(crate) cache: Cache,
    pub(crate) dispatcher: Dispatcher,
    /// Taken by the first session.
    pub(crate) registrar: Option<Registrar>,
    /// What is left to try when Discord refuses the intents.
    pub(crate) fallback: Option<Fallback>,
    pub(crate) upkeep: Option<Upkeep>,
    pub(crate) tasks: Tasks,
    pub(crate) commands: Tasks,
    pub(crate) stop: CancellationToken,
    pub(crate) grace: Duration,
    pub(crate) stage: watch::Sender<Stage>,
    pub(crate) news: broadcast::Sender<BotEvent>,
}

impl Drive {
    pub(crate) async fn run(mut self, outcome: oneshot::Sender<Result<(), RunError>>) {
        let result = self.serve().await;
        if let Err(error) = &result {
            tracing::error!(%error, "the bot stops");
        }
        // Who was turned away has no session to go back to.
        self.drain(result.is_ok()).await;
        self.stage.send_replace(Stage::Ended);
        // Whoever started the bot may not care.
        let _ = outcome.send(result);
    }

    async fn serve(&mut self) -> Result<(), RunError> {
        let shards = self.gateway.shards().len();
        let mut readiness = Readiness::new(self.gateway.shards());
        let mut registering: Option<oneshot::Receiver<()>> = None;
        let mut guilds_until: Option<Instant> = None;
        let anew = Arc::new(Notify::new());
        let rejected = self.rest.rejected();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ok(()),
                () = rejected.cancelled() => return Err(RunError::TokenRejected),
                () = told(registering.as_mut()) => {
                    registering = None;
                    readiness.registered();
                }
                () = passed(guilds_until) => {
                    guilds_until = None;
                    let missing = readiness.forget_guilds();
                    if missing > 0 {
                        tracing::warn!(missing, "some guilds have not come; starting without them");
                    }
                }
                next = self.gateway.next() => match next {
                    Err(error @ GatewayError::IntentsNotAllowed { .. }) => self.go_without(error).await?,
                    Err(error) => return Err(RunError::of_gateway(error)),
                    // Shards end by an error or because we stop them; neither is the case.
                    Ok(None) => return Err(RunError::Internal),
                    Ok(Some(event)) => {
                        match readiness.note(event.shard, &event.event) {
                            Some(Beginning::First) => registering = self.register(Arc::clone(&anew)),
                            Some(Beginning::Anew) => anew.notify_one(),
                            None => {}
                        }
                        if guilds_until.is_none() && readiness.shards_ready() && self.is_starting() {
                            guilds_until = Some(Instant::now() + GUILDS);
                        }
                        self.take(event);
                    }
                },
            }
            if readiness.is_complete() && self.is_starting() {
                guilds_until = None;
                tracing::info!(guilds = self.cache.guild_count(), shards, "ready");
                self.stage.send_replace(Stage::Ready);
            }
        }
    }

    fn is_starting(&self) -> bool {
        *self.stage.borrow() == Stage::Starting
    }

    fn take(&self, item: ShardEvent) {
        let span = event_span(item.shard.number(), &item.event);
        let _in = span.enter();
        item.update(&self.cache);
        if item.repeated {
            return;
        }
        // Ahead of the commands, whose first answer settles theirs.
        let heard = (self.news.receiver_count() > 0).then(|| item.receipt.beside());
        self.dispatcher.handle_with(&item.event, &item.receipt);
        if let Some(receipt) = heard {
            // Between the count and here the last listener may have gone.
            let _ = self.news.send(BotEvent::new(item.event, receipt));
        }
    }

    /// Registers the commands in a task, now and whenever it is told to `anew`: a shard must not
    /// wait for it.
    fn register(&mut self, anew: Arc<Notify>) -> Option<oneshot::Receiver<()>> {
        let registrar = self.registrar.take()?;
        let (tried, receiver) = oneshot::channel();
        let work = registrar.run(self.tasks.token(), tried, anew);
        self.tasks.spawn("register commands", work);
        Some(receiver)
    }

    /// Starts the gateway again without privileged intents, once: the portal may have been changed after it was asked,
    /// and most of the bot works without them.
    async fn go_without(&mut self, error: GatewayError) -> Result<(), RunError> {
        let Some(mut fallback) = self.fallback.take() else {
            return Err(RunError::of_gateway(error));
        };
        let plan = fallback.plan.without_privileged(&fallback.needs);
        tracing::error!("{error}");
        for dropped in &plan.dropped {
            tracing::warn!("until then: {dropped}");
        }
        fallback.config.intents = plan.intents;
        fallback.config.latencies = Some(self.gateway.latencies());
        fallback.config.presences = Some(self.gateway.presences());
        let gateway = Gateway::start(&fallback.config, &self.rest, fallback.memory, &self.tasks).await;
        self.gateway = gateway.map_err(RunError::of_gateway)?;
        Ok(())
    }

    /// No new events are read; what runs may finish; then the shards say goodbye. Sessions that the next process is
    /// to resume are left at once instead, so that Discord holds back what comes from now on, and written down
    /// when everything that came before has been handled.
    async fn drain(&mut self, resumable: bool) {
        let keep = resumable && self.gateway.keeps_sessions();
        if keep {
            self.gateway.leave();
            self.take_the_rest().await;
        }
        let running = self.commands.running().len();
        if running > 0 {
            tracing::info!(running, grace_s = self.grace.as_secs(), "stopping; commands may finish");
        }
        self.commands.shutdown(self.grace).await;
        if keep {
            self.gateway.keep().await;
        } else {
            self.gateway.close().await;
        }
        self.tasks.shutdown(REST).await;
        if let Some(upkeep) = self.upkeep.take() {
            upkeep.end().await;
        }
        tracing::info!("stopped");
    }

    /// Takes what had been read from Discord before the shards left.
    async fn take_the_rest(&mut self) {
        let deadline = Instant::now() + REST;
        loop {
            match timeout_at(deadline, self.gateway.next()).await {
                Ok(Ok(Some(event))) => self.take(event),
                Ok(Ok(None)) => return,
                Ok(Err(error)) => return tracing::warn!(%error, "a shard failed while it was stopping"),
                Err(_) => return tracing::warn!("a shard does not say goodbye; it is left behind"),
            }
        }
    }
}

async fn told(receiver: Option<&mut oneshot::Receiver<()>>) {
    match receiver {
        // An end without a word means that the bot is stopping; ready or not does not matter.
        Some(receiver) => drop(receiver.await),
        None => pending().await,
    }
}

async fn passed(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => pending().await,
    }
}
