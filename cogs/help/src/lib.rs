//! `help`: a menu of all commands by category, and a page for each of them.

mod commands;
mod service;
mod view;

use cogwright_command::Cog;

/// The cog.
pub fn cog() -> Cog {
    Cog::new("Help").command(commands::help)
}
