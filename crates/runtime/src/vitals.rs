//! What commands may show of the connection.

use std::time::Duration;

use cogwright_command::Vitals;
use cogwright_discord::{Latencies, Rest, shard_of};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

pub(crate) struct GatewayVitals(pub(crate) Latencies, pub(crate) Rest);

impl Vitals for GatewayVitals {
    fn gateway_latency(&self, guild: Option<Id<GuildMarker>>) -> Option<Duration> {
        self.0.of(shard_of(guild, self.0.shards()))
    }

    fn rest_round_trip(&self) -> Option<Duration> {
        self.1.stats().round_trip
    }
}
