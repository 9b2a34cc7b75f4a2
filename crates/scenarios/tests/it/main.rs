//! Whole-bot tests: the real bot in a local Discord, driven as people would. One test binary.
#![expect(clippy::unwrap_used, reason = "helpers outside of test functions unwrap too")]

mod demo;
mod echo;
mod faults;
mod guild_settings;
mod help;
mod helpers;
mod hybrid;
mod kept;
mod life;
mod maintenance;
mod matrix;
mod paper;
mod policy;
mod registration;
mod restart;
mod storms;
mod transcript;
