//! What is known about the databases.

use std::time::SystemTime;

use cogwright_store::{DatabaseStats, MainFile, StoreError, Target, UsageRow};

use super::paths;
use crate::Services;

/// Guilds that are named.
const NAMED: usize = 10;
/// Commands that are shown as the most used.
const TOP: u32 = 5;

/// What `dbstats` shows.
#[derive(Clone, Debug)]
pub(crate) struct Databases {
    pub(crate) stats: DatabaseStats,
    /// Guilds with a file.
    pub(crate) guilds: usize,
    /// Some of them, by name if the bot is in them.
    pub(crate) named: Vec<(u64, Option<String>)>,
    /// Guilds with a file that the bot has left.
    pub(crate) orphans: usize,
    /// Uses and failures of all commands.
    pub(crate) total: (u64, u64),
    pub(crate) top: Vec<UsageRow>,
    /// When the newest backup of `main.db` was made, and its size in bytes.
    pub(crate) backup: Option<(SystemTime, u64)>,
    /// Size of `main.db` with its log, in bytes.
    pub(crate) main_bytes: u64,
    /// What has become of `main.db` under the running bot.
    pub(crate) main: MainFile,
}

pub(crate) async fn databases(services: &Services) -> Result<Databases, StoreError> {
    let Services { store, operations, .. } = services;
    let (guilds, presence) = (store.guilds().await?, operations.presence());
    Ok(Databases {
        stats: store.stats(),
        guilds: guilds.len(),
        named: guilds.iter().take(NAMED).map(|guild| (*guild, operations.guild_name(*guild))).collect(),
        orphans: guilds.iter().filter(|guild| presence.left(**guild)).count(),
        total: store.usage().total().await?,
        top: store.usage().top(TOP).await?,
        backup: store.backups(Target::Main).await?.pop().map(|newest| (newest.at, newest.bytes)),
        main_bytes: store.main_bytes().await?,
        main: store.main_file().await?,
    })
}

/// What came of backing up all databases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BackedUp {
    pub(crate) made: usize,
    /// Of those that were made.
    pub(crate) bytes: u64,
    /// Old backups that were removed.
    pub(crate) removed: usize,
    /// Databases that could not be backed up, and why.
    pub(crate) failed: Vec<(Target, String)>,
}

/// Backs up all databases.
pub(crate) async fn back_up(services: &Services) -> Result<BackedUp, StoreError> {
    let report = services.store.backup_all().await?;
    Ok(BackedUp {
        made: report.made.len(),
        bytes: report.made.iter().map(|backup| backup.bytes).sum(),
        removed: report.removed,
        failed: report
            .failed
            .into_iter()
            .map(|(target, error)| (target, paths::told(services.store.folder(), &error.to_string())))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use cogwright_store::{Actor, Settings};

    use super::*;
    use crate::service::testing::{Bot, GUILD, services};

    /// Of our shards, but the bot is not in it.
    const LEFT: u64 = GUILD + (1 << 30);

    #[tokio::test]
    async fn left_guilds_are_counted_and_all_are_backed_up() {
        let (folder, services) = services(Bot::sound()).await;
        for guild in [GUILD, LEFT] {
            let actor = Actor { user: 42, guild: Some(guild), channel: None };
            services.store.guild(guild).settings().set(Settings::PREFIX, "?", &actor).await.unwrap();
        }
        let before = databases(&services).await.unwrap();
        assert_eq!((before.guilds, before.orphans, before.backup), (2, 1, None));
        assert_eq!(before.named, [(GUILD, Some("A *bold* place".to_owned())), (LEFT, None)]);

        let done = back_up(&services).await.unwrap();
        assert_eq!((done.made, done.failed.len()), (3, 0));
        let after = databases(&services).await.unwrap();
        assert!(after.backup.is_some_and(|(_, bytes)| bytes > 0 && bytes < done.bytes), "{after:?}");

        // What is damaged is told, and the rest is backed up.
        services.store.close_guild(LEFT).await.unwrap();
        std::fs::write(folder.path().join(LEFT.to_string()).join("guild.db"), "no database").unwrap();
        let done = back_up(&services).await.unwrap();
        assert_eq!((done.made, done.failed.len(), done.failed[0].0), (2, 1, Target::Guild(LEFT)));
    }
}
