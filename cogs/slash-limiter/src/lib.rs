//! `slashlimit`: how many of Discord's places for slash commands are in use, and which commands have none.

mod commands;
mod service;
mod view;

use std::sync::Arc;

use cogwright_command::Cog;

pub use service::{SlashUse, Source};

/// The cog.
pub fn cog(source: &Arc<dyn Source>) -> Cog {
    Cog::new("Slash limiter").command(commands::slashlimit(Arc::clone(source)))
}
