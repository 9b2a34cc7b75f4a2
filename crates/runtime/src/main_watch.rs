//! Notices that `main.db` was deleted, replaced or written over under the running bot, and saves what would be lost.

use std::sync::Arc;
use std::time::Duration;

use cogwright_lifecycle::{CancellationToken, SharedClock};
use cogwright_store::{MainFile, Store, Target};

use crate::facts::Facts;
use crate::upkeep::passed;

/// Time between two looks, on the bot's clock.
const LOOK: Duration = Duration::from_secs(60);

/// Looks after which it is told, and saved, again: an hour.
const AGAIN: u32 = 60;

/// Looks until `stop`.
pub(crate) async fn watch(store: Store, facts: Arc<Facts>, clock: SharedClock, stop: CancellationToken) {
    let mut looks = 0;
    while passed(&clock, LOOK, &stop).await {
        look(&store, &facts, &mut looks).await;
    }
}

/// One look; `looks` counts those since it was found.
async fn look(store: &Store, facts: &Facts, looks: &mut u32) {
    let found = match store.main_file().await {
        Ok(found) => found,
        Err(error) => return tracing::warn!(%error, "whether main.db still is there is not known"),
    };
    facts.set_trouble(found.trouble());
    if found == MainFile::Sound {
        *looks = 0;
        return;
    }
    if looks.is_multiple_of(AGAIN) {
        save(store, found).await;
    }
    *looks += 1;
}

/// Saves what is open as `main.db` if that has no name any more, and says what to do. At the stop it is the last chance.
pub(crate) async fn save(store: &Store, found: MainFile) {
    let Some(trouble) = found.trouble() else { return };
    if !found.can_be_saved() {
        return tracing::error!("{trouble}. {}", way_back(store).await);
    }
    match store.save_lost_main().await {
        Ok(backup) => tracing::error!(
            "{trouble}. What it holds now was saved as {}. Stop the bot, which saves it once more, and run the restore of the \
             newest: {}",
            backup.path.display(),
            backup.restore_command()
        ),
        Err(error) => tracing::error!(%error, "{trouble}, and what it holds cannot be saved"),
    }
}

/// What to do when nothing can be saved any more.
async fn way_back(store: &Store) -> String {
    let backups = store.backups(Target::Main).await.unwrap_or_default();
    match backups.last() {
        Some(newest) => format!(
            "Stop the bot, and put back what you meant to, or the newest backup from before: {}",
            newest.restore_command()
        ),
        None => "There is no backup from before. Stop the bot, and put back what you meant to with `cogwright data restore FILE --main`".to_owned(),
    }
}

/// The same at the stop.
pub(crate) async fn save_at_the_end(store: &Store) {
    match store.main_file().await {
        Ok(found) => save(store, found).await,
        Err(error) => tracing::warn!(%error, "whether main.db still is there is not known"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use cogwright_config::Settings;
    use cogwright_lifecycle::HandClock;
    use cogwright_store::StoreOptions;

    use super::*;
    use crate::health::Report as _;

    async fn watched() -> (tempfile::TempDir, Store, Facts) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        (folder, store, Facts::idle(&Settings::with_token("t")))
    }

    /// Systems that do not let go of an open file have no such trouble.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_lost_main_file_is_saved_and_told_to_whoever_watches() {
        let (folder, store, facts) = watched().await;
        let mut looks = 0;
        look(&store, &facts, &mut looks).await;
        assert_eq!(looks, 0);
        std::fs::remove_file(folder.path().join("main.db")).unwrap();
        for _ in 0..2 {
            look(&store, &facts, &mut looks).await;
        }
        assert_eq!(store.backups(Target::Main).await.unwrap().len(), 1, "once an hour");
        let why = facts.ready().unwrap_err();
        assert!(why.contains("main.db was deleted"), "{why}");
        save_at_the_end(&store).await;
        assert_eq!(store.backups(Target::Main).await.unwrap().len(), 1, "nothing has changed since");
    }

    #[tokio::test]
    async fn one_that_is_written_over_is_noticed_within_a_minute_of_the_bots_clock() {
        let (folder, store, facts) = watched().await;
        let (facts, hand, stop) =
            (Arc::new(facts), HandClock::at(SystemTime::UNIX_EPOCH), CancellationToken::new());
        let clock: SharedClock = Arc::new(hand.clone());
        assert!(way_back(&store).await.contains("There is no backup"));
        let newest = store.backup(Target::Main).await.unwrap();
        let test = async {
            hand.sleepers(1).await;
            std::fs::write(folder.path().join("main.db"), "rubbish".repeat(999)).unwrap();
            hand.advance(LOOK);
            while !facts.ready().unwrap_err().contains("main.db was overwritten") {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        let watching = watch(store.clone(), Arc::clone(&facts), clock, stop.clone());
        let both = async { tokio::join!(watching, test) };
        tokio::time::timeout(Duration::from_secs(10), both).await.expect("is noticed in time");
        assert_eq!(store.backups(Target::Main).await.unwrap().len(), 1, "nothing can be saved");
        assert!(way_back(&store).await.contains(&newest.restore_command()));
    }
}
