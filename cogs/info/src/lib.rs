//! What the bot is and how it is doing: `ping` and `about`, and with [`Facts`] `stats`, `shardinfo` and `extensions`.

mod commands;
mod facts;
mod service;
mod view;

use std::sync::Arc;

use cogwright_command::Cog;

pub use facts::{BotFacts, CogFacts, Facts, Overall, ShardFacts};

/// What needs no facts: `ping` and `about`.
pub fn cog() -> Cog {
    Cog::new("Info").command(commands::ping).command(commands::about)
}

/// The whole cog.
pub fn cog_with(facts: &Arc<dyn Facts>) -> Cog {
    cog()
        .command(commands::stats(Arc::clone(facts)))
        .command(commands::shardinfo(Arc::clone(facts)))
        .command(commands::extensions(Arc::clone(facts)))
}
