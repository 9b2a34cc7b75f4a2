//! What goes on beside the commands while the bot keeps something: usage is written, statuses turn, the databases are
//! looked after every hour, backed up when it is time, and closed in the end.

use std::sync::Arc;
use std::time::Duration;

use cogwright_cog_maintenance::Operations as _;
use cogwright_cog_status::Rotator;
use cogwright_command::Dispatcher;
use cogwright_config::Backup;
use cogwright_lifecycle::{CancellationToken, SharedClock, Tasks};
use cogwright_store::{BackupReport, Store};

use crate::facts::Facts;
use crate::kept::{UsageBook, keep_totals};
use crate::main_watch;
use crate::readiness::Stage;

/// Time between two rounds of maintenance.
const ROUND: Duration = Duration::from_secs(60 * 60);

/// How long backing up what has changed may hold up the stop; what does not fit is made at the next start.
const LAST_BACKUP: Duration = Duration::from_secs(5);

/// What is looked after.
#[derive(Clone)]
pub(crate) struct Upkeep {
    pub(crate) store: Store,
    pub(crate) usage: Arc<UsageBook>,
    pub(crate) rotator: Option<Arc<Rotator>>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) facts: Arc<Facts>,
    pub(crate) backup: Backup,
    pub(crate) clock: SharedClock,
}

impl Upkeep {
    /// Begins all of it as tasks of the bot.
    pub(crate) fn begin(&self, tasks: &Tasks) {
        let stop = tasks.token();
        let (upkeep, token) = (self.clone(), stop.clone());
        tasks.spawn("usage", async move { upkeep.usage.keep_writing(&upkeep.store, token).await });
        let totals = keep_totals(self.store.clone(), Arc::clone(&self.facts), stop.clone());
        tasks.spawn("totals", totals);
        let watched = main_watch::watch(self.store.clone(), Arc::clone(&self.facts), stop.clone());
        tasks.spawn("main.db", watched);
        if let Some(rotator) = self.rotator.clone() {
            let (facts, token) = (Arc::clone(&self.facts), stop.clone());
            tasks.spawn("statuses", async move {
                if ready(&facts, &token).await {
                    rotator.run(token).await;
                }
            });
        }
        tasks.spawn("maintenance", self.clone().maintain(stop.clone()));
        if let Some(interval) = self.backup.interval {
            tasks.spawn("backups", self.clone().back_up(interval, stop.clone()));
        }
        if self.backup.at_shutdown {
            tasks.spawn("rest of the last backup", self.clone().back_up_the_rest(stop));
        }
    }

    async fn maintain(self, stop: CancellationToken) {
        while self.passed(ROUND, &stop).await {
            // A guild that is not known yet would look left.
            if !is_ready(&self.facts) {
                continue;
            }
            if let Err(error) = self.store.maintain(self.facts.presence()).await {
                tracing::error!(%error, "the databases could not be looked after; the next round is in an hour");
            }
            let expired = self.dispatcher.policies().prune();
            tracing::info!(expired, "prefixes and rules of guilds that nobody asked for are forgotten");
        }
    }

    async fn back_up(self, interval: Duration, stop: CancellationToken) {
        while self.passed(interval, &stop).await {
            // To drop it stops the copy that is under way; the rest is made at the end or at the next start.
            let report = tokio::select! {
                () = stop.cancelled() => return,
                report = self.store.backup_changed(None) => report,
            };
            match report {
                Ok(report) => told(&report),
                Err(error) => tracing::error!(%error, "the scheduled backup failed"),
            }
        }
    }

    /// Makes what the last stop had no time for, once the bot answers.
    async fn back_up_the_rest(self, stop: CancellationToken) {
        if !ready(&self.facts, &stop).await {
            return;
        }
        // To drop it stops the copy that is under way, and leaves the rest to the next start again.
        let rest = tokio::select! {
            () = stop.cancelled() => return,
            rest = self.store.backup_rest() => rest,
        };
        match rest {
            Ok(Some(report)) => {
                tracing::info!(
                    "the last stop had no time to back up all that had changed; it is made up for"
                );
                told(&report);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "what the last stop left without a backup could not be backed up");
            }
        }
    }

    /// Waits on the bot's clock; `false` when the bot stops meanwhile.
    async fn passed(&self, time: Duration, stop: &CancellationToken) -> bool {
        tokio::select! {
            () = stop.cancelled() => false,
            () = self.clock.sleep(time) => true,
        }
    }

    /// The end: everything else has stopped, the sockets are closed.
    pub(crate) async fn end(self) {
        main_watch::save_at_the_end(&self.store).await;
        if self.backup.at_shutdown {
            match self.store.backup_at_stop(LAST_BACKUP).await {
                Ok(report) => told(&report),
                Err(error) => tracing::error!(%error, "what has changed could not be backed up"),
            }
        }
        if let Err(error) = self.store.close().await {
            tracing::error!(%error, "the databases did not close well");
        }
    }
}

fn told(report: &BackupReport) {
    for (target, error) in &report.failed {
        tracing::error!(?target, %error, "a backup failed");
    }
    let bytes: u64 = report.made.iter().map(|file| file.bytes).sum();
    let (made, unchanged, left) = (report.made.len(), report.unchanged, report.left.len());
    tracing::info!(made, bytes, unchanged, left, removed = report.removed, "backed up");
}

fn is_ready(facts: &Facts) -> bool {
    facts.live().is_some_and(|live| *live.stages.borrow() == Stage::Ready)
}

/// Waits until the bot is ready; `false` when it stops before.
async fn ready(facts: &Facts, stop: &CancellationToken) -> bool {
    let Some(live) = facts.live() else { return false };
    let mut stages = live.stages.clone();
    tokio::select! {
        () = stop.cancelled() => false,
        stage = stages.wait_for(|stage| *stage == Stage::Ready) => stage.is_ok(),
    }
}
