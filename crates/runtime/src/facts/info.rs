//! What `stats`, `shardinfo`, `extensions` and `discordbotframework` show.

use cogwright_cog_help::{Facts as HelpFacts, Figures};
use cogwright_cog_info::{BotFacts, CogFacts, Facts as InfoFacts, ShardFacts};

use super::Facts;

impl InfoFacts for Facts {
    fn bot(&self) -> BotFacts {
        let live = self.live();
        let counts = self.counts();
        let overall = self.totals.get().map(|totals| totals.overall(&counts, self.uptime()));
        BotFacts {
            uptime: self.uptime(),
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            commands: counts.commands,
            messages: counts.messages,
            errors: counts.errors,
            slash_commands: live.map_or(0, |live| live.dispatcher.registrations().len()),
            top: counts.top,
            shard_count: live.map_or(1, |live| live.latencies.shards()),
            memory: self.figures.memory(),
            overall,
        }
    }

    fn shards(&self) -> Vec<ShardFacts> {
        let shards = Self::shards(self);
        let guilds = self.guilds_on(&shards);
        let facts = shards.into_iter().zip(guilds).map(|(shard, guilds)| ShardFacts {
            id: shard.id,
            connected: shard.connected,
            latency: shard.latency,
            guilds,
        });
        facts.collect()
    }

    fn cogs(&self) -> Vec<CogFacts> {
        self.live().map(|live| live.cogs.clone()).unwrap_or_default()
    }
}

impl HelpFacts for Facts {
    fn figures(&self) -> Figures {
        Figures {
            uptime: self.uptime(),
            guilds: self.cache.guild_count(),
            shards: self.live().map_or(1, |live| live.here.len()),
            extensions: self.extensions().len(),
        }
    }
}
