//! What the commands of owners show and do.

use std::sync::Arc;

use cogwright_cog_maintenance::{Operations, Running, RunningShard};
use cogwright_discord::RestStats;
use cogwright_discord::sync::Report;
use cogwright_store::Presence;
use futures_util::future::BoxFuture;
use twilight_model::id::Id;

use super::Facts;

impl Operations for Facts {
    fn running(&self) -> Running {
        let shards = self.shards();
        let guilds = self.guilds_on(&shards);
        let shards = shards.into_iter().zip(guilds).map(|(shard, guilds)| RunningShard {
            id: shard.id,
            connected: shard.connected,
            guilds,
        });
        let live = self.live();
        Running {
            shards: shards.collect(),
            cogs: live.map(|live| live.cogs.iter().map(|cog| cog.name.clone()).collect()).unwrap_or_default(),
            // A built-in cog that cannot be loaded stops the start.
            not_loaded: Vec::new(),
            cached_guilds: self.cache.guild_count(),
            tracked_commands: live.map_or(0, |live| live.dispatcher.catalog().commands().len()),
            messages: self.metrics.counts([], &[]).messages,
            memory: self.figures.memory(),
            memory_limit: self.figures.memory_limit(),
            threads: self.figures.threads(),
        }
    }

    fn rest(&self) -> RestStats {
        self.rest.stats()
    }

    /// Which guilds this process answers for; one in an outage is one of them.
    fn presence(&self) -> Presence {
        let live = self.live();
        Presence {
            joined: self.cache.guild_ids().into_iter().map(Id::get).collect(),
            unavailable: self.cache.unavailable_ids().into_iter().map(Id::get).collect(),
            shard_count: live.map_or(1, |live| live.latencies.shards()),
            shards: self.shards().into_iter().filter(|shard| shard.connected).map(|shard| shard.id).collect(),
        }
    }

    fn guild_name(&self, guild: u64) -> Option<String> {
        let guild = self.cache.guild(Id::new_checked(guild)?)?;
        Some(guild.name.to_string())
    }

    fn sync(&self, force: bool) -> BoxFuture<'static, Result<Report, String>> {
        let sync = self.sync.clone();
        Box::pin(async move { sync.sync(force).await.map_err(|error| error.to_string()) })
    }

    fn sync_guild(&self, guild: u64) -> BoxFuture<'static, Result<Report, String>> {
        let sync = self.sync.clone();
        Box::pin(async move {
            let guild = Id::new_checked(guild).ok_or("0 is no server")?;
            sync.sync_guild(guild).await.map_err(|error| error.to_string())
        })
    }
}

/// As the cog takes it.
pub(crate) fn operations(facts: &Arc<Facts>) -> Arc<dyn Operations> {
    Arc::clone(facts) as _
}
