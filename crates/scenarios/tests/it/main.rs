//! Whole-bot tests: the real bot in a local Discord, driven as people would. One test binary.
#![expect(clippy::unwrap_used, reason = "helpers outside of test functions unwrap too")]

mod cut_off;
mod demo;
mod echo;
mod fairness;
mod faults;
mod guild_settings;
mod help;
mod helpers;
mod hybrid;
mod kept;
mod late;
mod life;
mod log;
mod maintenance;
mod matrix;
mod model;
mod paper;
mod policy;
mod raid;
mod refused;
mod registration;
mod restart;
mod shards;
mod speech;
mod statuses;
mod storms;
mod transcript;
mod upkeep;
