//! What is shown that only the running bot knows.

use std::time::{Duration, SystemTime};

/// Asks the running bot. Answers are those of the moment, cheap, and wait for nothing.
pub trait Facts: Send + Sync + 'static {
    /// The bot as a whole.
    fn bot(&self) -> BotFacts;

    /// The shards of this process, in their order.
    fn shards(&self) -> Vec<ShardFacts>;

    /// The cogs that are loaded, in their order.
    fn cogs(&self) -> Vec<CogFacts>;

    /// What was loaded beside the cogs; empty until there are extensions.
    fn extensions(&self) -> Vec<CogFacts> {
        Vec::new()
    }
}

/// The bot as a whole. Counts are since the start of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BotFacts {
    /// Since the start.
    pub uptime: Duration,
    /// Guilds on the shards of this process.
    pub guilds: u64,
    /// Their members, counted as Discord counts them.
    pub users: u64,
    /// Commands whose body ran.
    pub commands: u64,
    /// Messages of people.
    pub messages: u64,
    /// Commands that failed by a fault.
    pub errors: u64,
    /// Slash commands that are registered.
    pub slash_commands: usize,
    /// The most used commands, the most used first.
    pub top: Vec<(String, u64)>,
    /// Shards of the whole bot, those of other processes included.
    pub shard_count: u32,
    /// Memory in use, in bytes, where the system tells.
    pub memory: Option<u64>,
    /// The same over all starts; `None` in a bot that keeps nothing.
    pub overall: Option<Overall>,
}

/// What was counted over all starts, this one included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overall {
    /// When the first start was.
    pub since: SystemTime,
    /// How many starts there were.
    pub starts: u64,
    /// All of them together, to a minute.
    pub uptime: Duration,
    /// Commands whose body ran.
    pub commands: u64,
    /// Messages of people.
    pub messages: u64,
    /// Commands that failed by a fault.
    pub errors: u64,
}

/// One shard of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardFacts {
    /// Its number.
    pub id: u32,
    /// Whether it is connected and has its session.
    pub connected: bool,
    /// Between a heartbeat and its answer; `None` before the first.
    pub latency: Option<Duration>,
    /// Guilds on it.
    pub guilds: u64,
}

/// A cog, or an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CogFacts {
    /// Its name.
    pub name: String,
    /// Commands it brought.
    pub commands: usize,
    /// How long loading it took.
    pub load_time: Duration,
}
