//! What commands may show of the connection.

use std::time::Duration;

use cogwright_command::Vitals;
use cogwright_discord::Latencies;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

pub(crate) struct GatewayVitals(pub(crate) Latencies);

impl Vitals for GatewayVitals {
    fn gateway_latency(&self, guild: Option<Id<GuildMarker>>) -> Option<Duration> {
        self.0.of(shard_of(guild, self.0.shards()))
    }
}

/// See Discord docs: Gateway / Sharding. Direct messages come over shard 0.
pub(crate) fn shard_of(guild: Option<Id<GuildMarker>>, shards: u32) -> u32 {
    let shards = u64::from(shards.max(1));
    guild.map_or(0, |guild| ((guild.get() >> 22) % shards) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guilds_belong_to_shards_and_direct_messages_to_the_first() {
        let guild = Id::new_checked((5 << 22) + 77);
        assert_eq!(shard_of(guild, 3), 2);
        assert_eq!(shard_of(guild, 1), 0);
        assert_eq!(shard_of(None, 3), 0);
        assert_eq!(shard_of(guild, 0), 0);
    }
}
