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
        let usage = async move { upkeep.usage.keep_writing(&upkeep.store, &upkeep.clock, token).await };
        tasks.spawn("usage", usage);
        let shared = || (self.store.clone(), Arc::clone(&self.facts), SharedClock::clone(&self.clock));
        let ((store, facts, clock), token) = (shared(), stop.clone());
        tasks.spawn("totals", keep_totals(store, facts, clock, token));
        let ((store, facts, clock), token) = (shared(), stop.clone());
        tasks.spawn("main.db", main_watch::watch(store, facts, clock, token));
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
        while passed(&self.clock, ROUND, &stop).await {
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
        while passed(&self.clock, interval, &stop).await {
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

    /// The end: everything else has stopped, the sockets are closed.
    pub(crate) async fn end(self) {
        end(&self.store, self.backup.at_shutdown).await;
    }
}

/// Waits on the bot's clock; `false` when the bot stops meanwhile.
pub(crate) async fn passed(clock: &SharedClock, time: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = clock.sleep(time) => true,
    }
}

/// Saves what would be lost, backs up what has changed if it is wanted, and closes the databases.
async fn end(store: &Store, backup: bool) {
    main_watch::save_at_the_end(store).await;
    if backup {
        match store.backup_at_stop(LAST_BACKUP).await {
            Ok(report) => {
                told(&report);
                if let Some(rest) = rest(&report) {
                    tracing::warn!("{rest}");
                }
            }
            Err(error) => tracing::error!(%error, "what has changed could not be backed up"),
        }
    }
    if let Err(error) = store.close().await {
        tracing::error!(%error, "the databases did not close well");
    }
}

/// What becomes of what the backup at a stop had no time for; none if there is nothing.
fn rest(report: &BackupReport) -> Option<String> {
    let left = report.left.len();
    let what = if report.noted {
        "the next start backs them up once it is ready"
    } else {
        "the next start does not know of them; the next scheduled backup or the next stop backs them up"
    };
    (left > 0).then(|| format!("{left} databases that have changed had no time for a backup: {what}"))
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

#[cfg(test)]
mod tests {
    use cogwright_store::{Actor, StoreOptions, Target};

    use super::*;

    async fn open(folder: &tempfile::TempDir) -> Store {
        Store::open(StoreOptions::new(folder.path())).await.unwrap()
    }

    /// Systems that do not let go of an open file have no such trouble.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_lost_main_file_is_saved_once_at_the_stop_whatever_is_backed_up() {
        for backup in [false, true] {
            for noticed in [false, true] {
                let folder = tempfile::tempdir().unwrap();
                let store = open(&folder).await;
                std::fs::remove_file(folder.path().join("main.db")).unwrap();
                if noticed {
                    main_watch::save(&store, store.main_file().await.unwrap()).await;
                }
                // Its end changes something, as the last counts do.
                let actor = Actor::new(1_u64, None, None);
                store.bot_settings().set("status.interval", "77", &actor).await.unwrap();
                let before = store.backups(Target::Main).await.unwrap().len();
                end(&store, backup).await;
                let after = store.backups(Target::Main).await.unwrap().len();
                assert_eq!((before, after), (usize::from(noticed), usize::from(noticed) + 1), "{backup}");
            }
        }
    }

    #[test]
    fn what_had_no_time_is_promised_only_when_it_is_noted() {
        let report =
            |left, noted| BackupReport { left: vec![Target::Main; left], noted, ..BackupReport::default() };
        assert_eq!(rest(&report(0, true)), None);
        assert_eq!(rest(&report(0, false)), None);
        let noted = rest(&report(2, true)).unwrap();
        assert!(
            noted.starts_with("2 databases") && noted.contains("the next start backs them up"),
            "{noted}"
        );
        let lost = rest(&report(1, false)).unwrap();
        assert!(lost.contains("the next start does not know of them"), "{lost}");
    }
}
