//! Notices that `main.db` was deleted or replaced under the running bot, and saves what would be lost.

use std::sync::Arc;
use std::time::Duration;

use cogwright_lifecycle::CancellationToken;
use cogwright_store::{MainFile, Store, Target};

use crate::facts::Facts;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(60);

/// Looks after which it is told, and saved, again: an hour.
const AGAIN: u32 = 60;

/// Looks until `stop`.
pub(crate) async fn watch(store: Store, facts: Arc<Facts>, stop: CancellationToken) {
    let mut looks = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => look(&store, &facts, &mut looks).await,
        }
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
    match store.backup(Target::Main).await {
        Ok(backup) => tracing::error!(
            "{trouble}. What it holds now was saved as {}. Stop the bot, which saves it once more, and run the restore of the \
             newest: {}",
            backup.path.display(),
            backup.restore_command()
        ),
        Err(error) => tracing::error!(%error, "{trouble}, and what it holds cannot be saved"),
    }
}

/// The same at the stop.
pub(crate) async fn save_at_the_end(store: &Store) {
    match store.main_file().await {
        Ok(found) => save(store, found).await,
        Err(error) => tracing::warn!(%error, "whether main.db still is there is not known"),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use cogwright_config::Settings;
    use cogwright_store::StoreOptions;

    use super::*;
    use crate::health::Report as _;

    #[tokio::test]
    async fn a_lost_main_file_is_saved_and_told_to_whoever_watches() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let (facts, mut looks) = (Facts::idle(&Settings::with_token("t")), 0);
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
        assert_eq!(store.backups(Target::Main).await.unwrap().len(), 2);
    }
}
