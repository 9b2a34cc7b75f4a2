//! Registers the slash commands beside everything else: at the start, again whenever a new session begins, since what
//! is registered may have been changed while the bot was away, and when somebody asks for it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{Dispatcher, Thresholds, Withheld, WithheldStore};
use cogwright_discord::sync::{Progress, Report, Scope, Sync};
use cogwright_discord::{Rest, RestError};
use cogwright_lifecycle::SharedClock;
use serde_json::Value;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use twilight_model::id::Id;
use twilight_model::id::marker::{ApplicationMarker, GuildMarker};

use crate::slash_limiter::Decisions;

/// First pause after a failure; doubles up to [`LONGEST`]. Until it works the commands of the
/// last start stay registered, and prefix commands work anyway.
const PAUSE: Duration = Duration::from_secs(30);

/// Longest pause.
const LONGEST: Duration = Duration::from_mins(30);

/// People who may wait for a sync at once; more are told that one is under way.
const MAX_ASKING: usize = 8;

/// Asks the registration for a sync. Clones ask the same one.
#[derive(Clone, Debug)]
pub struct CommandSync {
    asks: mpsc::Sender<Ask>,
    withheld: watch::Receiver<Vec<Withheld>>,
}

/// Why a sync that was asked for did not take place.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Discord did not answer as it should.
    #[error(transparent)]
    Discord(#[from] RestError),
    /// So many are waiting for one already.
    #[error("a sync is under way; wait for it")]
    Busy,
    /// The bot has not connected yet, or is stopping.
    #[error("the bot is starting or stopping")]
    NotRunning,
}

struct Ask {
    scope: Scope,
    force: bool,
    answer: oneshot::Sender<Result<Report, SyncError>>,
}

impl CommandSync {
    pub(crate) fn new() -> (Self, Asked) {
        let (asks, asked) = mpsc::channel(MAX_ASKING);
        let (records, withheld) = watch::channel(Vec::new());
        (Self { asks, withheld }, Asked { asked, records })
    }

    /// The commands that have no slash form for now, each with its time, origin and reason.
    pub fn withheld(&self) -> Vec<Withheld> {
        self.withheld.borrow().clone()
    }

    /// Brings the registered commands in line and answers with what was changed; with `force` all are written even if
    /// nothing has changed. Begins once the bot has connected. A rate limit may make it take minutes; giving the
    /// future up does not stop it.
    ///
    /// # Errors
    /// See [`SyncError`].
    pub async fn sync(&self, force: bool) -> Result<Report, SyncError> {
        self.ask(Scope::Global, force).await
    }

    /// Removes the commands that are registered in one guild alone: this bot has none, so they are of an earlier one of
    /// the same application, and people see both. Answers with what was removed. Otherwise as [`sync`](Self::sync).
    ///
    /// # Errors
    /// See [`SyncError`]; [`SyncError::Discord`] with 50001 where the bot is not, or was invited without
    /// `applications.commands`.
    pub async fn sync_guild(&self, guild: Id<GuildMarker>) -> Result<Report, SyncError> {
        self.ask(Scope::Guild(guild), false).await
    }

    async fn ask(&self, scope: Scope, force: bool) -> Result<Report, SyncError> {
        let (answer, outcome) = oneshot::channel();
        self.asks.try_send(Ask { scope, force, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SyncError::Busy,
            mpsc::error::TrySendError::Closed(_) => SyncError::NotRunning,
        })?;
        outcome.await.unwrap_or(Err(SyncError::NotRunning))
    }
}

/// The other end of [`CommandSync`].
#[derive(Debug)]
pub(crate) struct Asked {
    asked: mpsc::Receiver<Ask>,
    records: watch::Sender<Vec<Withheld>>,
}

/// Keeps the registered commands in line.
pub(crate) struct Registrar {
    pub(crate) rest: Rest,
    pub(crate) application: Id<ApplicationMarker>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) thresholds: Thresholds,
    pub(crate) store: Arc<dyn WithheldStore>,
    pub(crate) clock: SharedClock,
    pub(crate) asked: Asked,
    /// Writes down what is decided.
    pub(crate) decisions: Decisions,
}

impl Registrar {
    /// Tells over `tried` after the first attempt, whatever came of it; each word over `anew` begins
    /// another round, which is one request when nothing has changed.
    pub(crate) async fn run(
        mut self,
        stop: CancellationToken,
        tried: oneshot::Sender<()>,
        anew: Arc<Notify>,
    ) {
        let mut tried = Some(tried);
        let mut pause = PAUSE;
        let mut ask: Option<Ask> = None;
        let mut retry = None;
        let remembered = self.store.load().await;
        self.withhold(remembered);
        loop {
            let (scope, force) = ask.as_ref().map_or((Scope::Global, false), |ask| (ask.scope, ask.force));
            let result = tokio::select! {
                () = stop.cancelled() => return,
                result = self.round(scope, force) => result,
            };
            if let Some(tried) = tried.take() {
                // Nobody listens any more when the bot is stopping.
                let _ = tried.send(());
            }
            let again = outcome(scope, &result, pause);
            if scope == Scope::Global {
                retry = again;
                pause = retry.map_or(PAUSE, |pause| (pause * 2).min(LONGEST));
            }
            // Of one guild whoever asked learns what was left, and asks again; what was to be tried again globally still is.
            if let Some(ask) = ask.take() {
                // Whoever asked may have gone.
                let _ = ask.answer.send(result.map_err(SyncError::Discord));
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = anew.notified() => {}
                () = passed(retry) => {}
                Some(next) = self.asked.asked.recv() => ask = Some(next),
            }
        }
    }

    /// One sync: what is registered decides who gets a slash form, and that what is registered then. In one guild the
    /// bot has no commands.
    async fn round(&mut self, scope: Scope, force: bool) -> Result<Report, RestError> {
        let (rest, application) = (&self.rest, self.application);
        let sync = Sync { rest, application, scope, force, progress: &log_progress };
        if matches!(scope, Scope::Guild(_)) {
            return sync.run(&[]).await;
        }
        let registered = sync.registered().await?;
        let catalog = self.dispatcher.catalog();
        let before = self.asked.records.borrow().clone();
        let names = registered_names(&registered);
        let plan = catalog.plan_slash(&names, &before, self.thresholds, self.clock.now());
        self.decisions.write(&plan, &before, names.len(), self.thresholds);
        if plan.withheld != before {
            self.withhold(plan.withheld.clone());
            self.store.save(plan.withheld).await;
        }
        sync.run_from(registered, &self.dispatcher.registrations()).await
    }

    fn withhold(&self, records: Vec<Withheld>) {
        self.dispatcher.catalog().withhold(records.iter().map(|record| record.command.clone()));
        self.asked.records.send_replace(records);
    }
}

/// The names of the slash commands among registered commands as Discord tells them.
pub(crate) fn registered_names(registered: &[Value]) -> HashSet<String> {
    let slash = registered.iter().filter(|command| command["type"].as_u64().unwrap_or(1) == 1);
    slash.filter_map(|command| command["name"].as_str()).map(str::to_owned).collect()
}

/// Says what came of a sync; answers whether and after which pause it makes sense to try again.
fn outcome(scope: Scope, result: &Result<Report, RestError>, pause: Duration) -> Option<Duration> {
    let retry_s = pause.as_secs();
    let guild = match scope {
        Scope::Global => None,
        Scope::Guild(guild) => Some(guild),
    };
    match result {
        Err(error) if guild.is_some() => {
            let guild = guild.map(tracing::field::display);
            tracing::warn!(guild, %error, "a server's own commands could not be looked at");
            None
        }
        Ok(report) if report.writes == 0 && report.is_complete() => {
            tracing::debug!(count = report.unchanged, "commands are registered as they should be");
            None
        }
        Ok(report) => {
            let Report { created, updated, deleted, .. } = report;
            let waited_s = report.waited.as_secs();
            let [created, updated, deleted] = [created, updated, deleted].map(|names| names.join(" "));
            let guild = guild.map(tracing::field::display);
            tracing::info!(guild, created, updated, deleted, waited_s, "commands registered");
            for failed in &report.failed {
                let (command, action, reason) = (&failed.name, failed.action, &failed.reason);
                tracing::warn!(command, ?action, reason, "a slash command is not as it should be");
            }
            report.is_retryable().then_some(pause)
        }
        Err(error) if error.is_retryable() => {
            tracing::warn!(%error, retry_s, "slash commands are not registered yet");
            Some(pause)
        }
        Err(error) => {
            tracing::error!(%error, ?error, "slash commands cannot be registered; only the prefix works");
            None
        }
    }
}

fn log_progress(progress: Progress) {
    match progress {
        Progress::Begin { delete, update, create } => {
            tracing::info!(delete, update, create, "registering commands");
        }
        Progress::RateLimited { wait } => {
            let wait_s = wait.as_secs_f64();
            tracing::warn!(wait_s, "registering commands is rate limited; it waits and goes on");
        }
        Progress::Retrying { wait, error } => {
            tracing::warn!(
                wait_s = wait.as_secs_f64(),
                error,
                "registering commands has failed in passing; trying again"
            );
        }
    }
}

async fn passed(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}
