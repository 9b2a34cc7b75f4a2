//! How the bot talks with Discord.

use super::{Initial, Section, Setting};
use crate::shape::Shape;

pub(super) const SECTION: Section = Section {
    title: "Connection",
    settings: &[
        Setting::env(
            "SHARD_COUNT",
            "sharding.count",
            Shape::Integer(1, 16_384),
            Initial::Unset,
            "The number of shards of the whole bot. Empty means what Discord recommends, one per about 1,000 guilds.",
        ),
        Setting::env(
            "SHARD_IDS",
            "sharding.ids",
            Shape::List(&Shape::Integer(0, 16_383)),
            Initial::NoList,
            "The shards that this process runs, such as 0,1. Empty means all.",
        ),
        Setting::file(
            "rest.governor",
            Shape::Bool,
            Initial::Bool(true),
            "Whether requests wait for Discord's limits. It can be switched off only towards a local Discord (--local).",
        ),
        Setting::file(
            "rest.global_per_second",
            Shape::Integer(1, 10_000),
            Initial::Integer(50),
            "Requests per second in total. 50 is what Discord allows every bot; very large bots get more.",
        ),
        Setting::file(
            "rest.invalid_budget",
            Shape::Integer(100, 9_500),
            Initial::Integer(5_000),
            "Refused requests (401, 403, 429) within 10 minutes from which on only the most important ones are sent. Discord bans an address at 10,000.",
        ),
    ],
};
