//! Saves the world by itself while it runs, so that a crash loses seconds and not the whole run.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::Sim;

/// One part in this many of the time is spent on saving at most: a large world is saved less often instead of
/// standing still.
const SHARE: u32 = 20;

/// After a failed save (a full disk) it is tried again after this many times the usual delay.
const AFTER_FAILURE: u32 = 12;

impl Sim {
    /// Saves the world `delay` after a change, again and again, until the sim stops. So a crash loses what was done
    /// in the last `delay`, or 20 times what one save takes, whichever is longer.
    pub(crate) fn autosave_until_stopped(self, delay: Duration) -> impl Future<Output = ()> {
        let stop = self.tasks().token();
        // From here on every change counts, also before the first poll.
        let changes = self.changes();
        async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.autosave(changes, delay) => {}
            }
        }
    }

    async fn autosave(&self, mut changes: watch::Receiver<u64>, delay: Duration) {
        while changes.changed().await.is_ok() {
            tokio::time::sleep(delay).await;
            changes.mark_unchanged();
            let began = Instant::now();
            while !self.autosave_once().await {
                tokio::time::sleep(delay * AFTER_FAILURE).await;
                changes.mark_unchanged();
            }
            tokio::time::sleep((began.elapsed() * SHARE).saturating_sub(delay)).await;
        }
    }

    /// Whether it worked.
    async fn autosave_once(&self) -> bool {
        let sim = self.clone();
        match tokio::task::spawn_blocking(move || sim.save_world()).await {
            Ok(Ok(_)) => return true,
            Ok(Err(problem)) => tracing::warn!(%problem, "the world was not saved; trying again later"),
            Err(problem) => tracing::error!(%problem, "saving the world broke off; trying again later"),
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use cogwright_sim_world::{World, places::operator};
    use serde_json::json;

    use crate::{Addresses, Sim, SimConfig, load_world};

    fn sim(config: SimConfig) -> Sim {
        let addresses = Addresses::of(([127, 0, 0, 1], 1).into());
        let (world, _) = World::default_world("", crate::SimClock::default().now());
        Sim::new(config, addresses, world)
    }

    async fn until(what: impl Fn() -> bool) {
        let waiting = async {
            while !what() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("in time");
    }

    #[tokio::test]
    async fn a_change_is_saved_a_failed_save_is_repeated_and_a_stop_ends_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saves/world.json");
        // A file where the folder should be: saving fails at first.
        fs::write(folder.path().join("saves"), "in the way").unwrap();
        let sim = sim(SimConfig { world_file: Some(path.clone()), ..SimConfig::default() });
        let task = sim.clone().autosave_until_stopped(Duration::from_millis(5));
        sim.tasks().spawn("autosave", task);
        let add = |name: &str| {
            sim.apply(operator::CreateUser { body: json!({ "username": name }) }).unwrap();
        };
        let saved =
            |name: &str| load_world(&path).is_ok_and(|world| world.users().any(|user| user.username == name));
        add("first");
        assert!(!sim.clone().autosave_once().await);
        fs::remove_file(folder.path().join("saves")).unwrap();
        until(|| saved("first")).await;
        add("second");
        until(|| saved("second")).await;
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file stays");
        assert!(sim.tasks().shutdown(Duration::from_secs(10)).await.is_empty());
    }
}
