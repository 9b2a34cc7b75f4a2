//! What holds now rather than what was counted; read when somebody asks.

use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// One shard now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShardState {
    pub(crate) id: u32,
    /// Round trip of its last heartbeat; `None` before the first.
    pub(crate) latency: Option<Duration>,
    pub(crate) connected: bool,
}

/// The bot now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) uptime: Duration,
    pub(crate) guilds: u64,
    /// Members of all guilds; who is in two counts twice.
    pub(crate) users: u64,
    pub(crate) shards: Vec<ShardState>,
    /// Requests answered with 401, 403 or 429 in the last ten minutes. See Discord docs: Rate Limits /
    /// Invalid Request Limit.
    pub(crate) invalid_requests: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Shard {
    shard: u32,
}

type Real = Gauge<f64, AtomicU64>;
type Whole = Gauge<i64, AtomicI64>;

#[derive(Debug)]
pub(super) struct Gauges {
    uptime: Real,
    guilds: Whole,
    users: Whole,
    latency: Family<Shard, Real>,
    connected: Family<Shard, Whole>,
    invalid: Whole,
}

impl Gauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let gauges = Self {
            uptime: Real::default(),
            guilds: Whole::default(),
            users: Whole::default(),
            latency: Family::default(),
            connected: Family::default(),
            invalid: Whole::default(),
        };
        registry.register_with_unit("uptime", "Time since the start", Unit::Seconds, gauges.uptime.clone());
        registry.register("guilds", "Guilds the bot is in", gauges.guilds.clone());
        registry.register("users", "Members of these guilds", gauges.users.clone());
        let about = "Round trip of the last heartbeat";
        registry.register_with_unit("gateway_latency", about, Unit::Seconds, gauges.latency.clone());
        registry.register("shard_connected", "1 for a shard with a session", gauges.connected.clone());
        let about = "Requests answered with 401, 403 or 429 in the last ten minutes";
        registry.register("invalid_requests", about, gauges.invalid.clone());
        gauges
    }

    pub(super) fn set(&self, state: &State) {
        self.uptime.set(state.uptime.as_secs_f64());
        self.guilds.set(whole(state.guilds));
        self.users.set(whole(state.users));
        self.invalid.set(whole(state.invalid_requests));
        for shard in &state.shards {
            let label = Shard { shard: shard.id };
            self.connected.get_or_create(&label).set(i64::from(shard.connected));
            if let Some(latency) = shard.latency {
                self.latency.get_or_create(&label).set(latency.as_secs_f64());
            }
        }
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
