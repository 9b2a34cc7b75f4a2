//! `ping` and `about`: whether the bot is there, and what it is.

mod commands;
mod view;

use cogwright_command::Cog;

/// The cog.
pub fn cog() -> Cog {
    Cog::new("Info").command(commands::ping).command(commands::about)
}
