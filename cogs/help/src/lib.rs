//! `help`: a menu of all commands by category, and a page for each of them. `discordbotframework`: what this framework
//! is. Both honour the attribution of the original.

mod attribution;
mod commands;
mod figures;
mod service;
mod view;

use std::sync::Arc;

use cogwright_command::Cog;

pub use figures::{Facts, Figures};

/// The cog. Without facts, `discordbotframework` leaves out the figures that only the process knows.
pub fn cog(facts: Option<Arc<dyn Facts>>) -> Cog {
    Cog::new("Help").built_in().command(commands::help()).command(commands::discordbotframework(facts))
}
