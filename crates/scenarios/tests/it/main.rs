//! Whole-bot tests: the real bot in a local Discord, driven as people would. One test binary.
#![expect(clippy::unwrap_used, reason = "helpers outside of test functions unwrap too")]

mod demo;
mod echo;
mod faults;
mod guild_settings;
mod help;
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

use cogwright_runtime::builtin_cogs;
use cogwright_testkit::Kit;

/// The bot that everybody gets.
async fn kit() -> Kit {
    Kit::with_cogs(builtin_cogs()).await.unwrap()
}

/// The same with world time frozen.
async fn frozen_kit() -> Kit {
    let mut builder = Kit::builder().frozen();
    for cog in builtin_cogs() {
        builder = builder.cog(cog);
    }
    builder.start().await.unwrap()
}
