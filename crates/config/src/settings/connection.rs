//! How the bot talks with Discord.

use serde::Deserialize;

/// Which shards run here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharding {
    /// Shards of the whole bot; `None` is what Discord recommends.
    pub count: Option<u32>,
    /// The shards of this process, each below `count`; empty is all.
    pub ids: Vec<u32>,
}

/// Limits of requests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// Whether requests wait for Discord's limits; off is allowed towards a loopback address only.
    pub governor: bool,
    /// Requests per second in total.
    pub global_per_second: u32,
    /// Refused requests in 10 minutes from which on only the most important ones are sent.
    pub invalid_budget: u32,
}
