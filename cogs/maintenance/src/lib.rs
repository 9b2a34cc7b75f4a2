//! Looking after the bot: bringing its commands in line, what its caches, files and databases do, whether they are
//! sound, and why a call was refused.
//!
//! What only the running bot knows it asks of [`Operations`].

mod commands;
mod operations;
mod progress;
mod service;
mod view;

use std::sync::Arc;

use cogwright_command::Cog;
use cogwright_store::{Files, Store};

pub use operations::{Operations, Running, RunningShard};

/// What the commands work with. Clones share it.
#[derive(Clone)]
pub struct Services {
    /// The databases.
    pub store: Store,
    /// The crash-safe files; the same ones that the rest of the bot uses, as their counters are shown.
    pub files: Files,
    /// The running bot.
    pub operations: Arc<dyn Operations>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("store", &self.store)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// The cog. All of it is for the bot's owners, whatever a guild's rules say.
pub fn cog(services: &Services) -> Cog {
    Cog::new("Maintenance")
        .command(commands::sync(services.clone()))
        .command(commands::cachestats(services.clone()))
        .command(commands::dbstats(services.clone()))
        .command(commands::atomictest(services.clone()))
        .command(commands::atomicstats(services.clone()))
        .command(commands::integritycheck(services.clone()))
        .command(commands::cleanup(services.clone()))
        .command(commands::why)
}
