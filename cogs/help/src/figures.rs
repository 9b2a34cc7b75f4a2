//! What the process knows of itself, asked of whoever runs it.

use std::time::Duration;

/// Figures of the running bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Since it started.
    pub uptime: Duration,
    /// Guilds it is in.
    pub guilds: usize,
    /// Shards of this process.
    pub shards: usize,
    /// What was loaded beside the cogs.
    pub extensions: usize,
}

/// Knows the figures. The runtime implements it.
pub trait Facts: Send + Sync + 'static {
    /// As they are now; answers from memory.
    fn figures(&self) -> Figures;
}
