//! What only the running bot knows and can do.

use cogwright_discord::RestStats;
use cogwright_discord::sync::Report;
use cogwright_store::Presence;
use futures_util::future::BoxFuture;

/// The running bot.
pub trait Operations: Send + Sync + 'static {
    /// How it stands at this moment.
    fn running(&self) -> Running;

    /// What the way out to Discord has counted.
    fn rest(&self) -> RestStats;

    /// Which guilds this process answers for.
    fn presence(&self) -> Presence;

    /// The name of a guild that the bot is in. Not made harmless.
    fn guild_name(&self, guild: u64) -> Option<String>;

    /// Brings the registered commands in line; with `force` all are written. May wait for Discord's limits for minutes;
    /// giving the future up does not stop it. The error is a text for the operator.
    fn sync(&self, force: bool) -> BoxFuture<'static, Result<Report, String>>;

    /// Removes the commands that are registered in this guild alone, of which the bot has none. Otherwise as
    /// [`sync`](Self::sync).
    fn sync_guild(&self, guild: u64) -> BoxFuture<'static, Result<Report, String>>;
}

/// How the bot stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// The shards that this process is to run, in their order.
    pub shards: Vec<RunningShard>,
    /// Cogs that are loaded, by name.
    pub cogs: Vec<String>,
    /// Cogs and extensions that could not be loaded, each with its reason.
    pub not_loaded: Vec<(String, String)>,
    /// Guilds in the gateway cache.
    pub cached_guilds: usize,
    /// Commands of which uses are counted.
    pub tracked_commands: usize,
    /// Messages seen since the start.
    pub messages: u64,
    /// Memory in use, in bytes, where the system tells.
    pub memory: Option<u64>,
    /// The most memory that this process may use, in bytes, where it is bounded.
    pub memory_limit: Option<u64>,
    /// Threads of the process, where the system tells.
    pub threads: Option<usize>,
}

/// One shard of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunningShard {
    /// Its number.
    pub id: u32,
    /// Whether it is connected and has its session.
    pub connected: bool,
    /// Guilds on it.
    pub guilds: u64,
}
