//! What this cog's tests share: a bot that is not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use cogwright_discord::RestStats;
use cogwright_discord::sync::Report;
use cogwright_store::{Files, Presence, Store, StoreOptions};
use futures_util::future::BoxFuture;

use crate::{Operations, Running, RunningShard, Services};

pub(crate) const GUILD: u64 = 200_000_000_000_000_001;

/// A bot with two shards.
#[derive(Debug, Default)]
pub(crate) struct Bot {
    pub(crate) running: Running,
    pub(crate) joined: BTreeSet<u64>,
}

impl Bot {
    pub(crate) fn sound() -> Self {
        let shard = |id| RunningShard { id, connected: true, guilds: 1 };
        let running = Running {
            shards: vec![shard(0), shard(1)],
            cogs: vec!["Help".to_owned(), "Maintenance".to_owned()],
            cached_guilds: 2,
            tracked_commands: 12,
            messages: 345,
            memory: Some(80 << 20),
            memory_limit: Some(512 << 20),
            threads: Some(14),
            ..Running::default()
        };
        Self { running, joined: BTreeSet::from([GUILD]) }
    }
}

impl Operations for Bot {
    fn running(&self) -> Running {
        self.running.clone()
    }

    fn rest(&self) -> RestStats {
        RestStats::default()
    }

    fn presence(&self) -> Presence {
        Presence {
            joined: self.joined.clone(),
            unavailable: BTreeSet::new(),
            shard_count: 2,
            shards: BTreeSet::from([0, 1]),
        }
    }

    fn guild_name(&self, guild: u64) -> Option<String> {
        self.joined.contains(&guild).then(|| "A *bold* place".to_owned())
    }

    fn sync(&self, _: bool) -> BoxFuture<'static, Result<Report, String>> {
        Box::pin(std::future::ready(Ok(Report::default())))
    }

    fn sync_guild(&self, _: u64) -> BoxFuture<'static, Result<Report, String>> {
        Box::pin(async { Ok(Report::default()) })
    }
}

/// Services over a real store in a folder that goes away.
pub(crate) async fn services(bot: Bot) -> (tempfile::TempDir, Services) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
    (folder, Services { store, files: Files::default(), operations: Arc::new(bot) })
}
