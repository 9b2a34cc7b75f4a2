//! What the runtime lends to all commands.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use cogwright_lifecycle::{SharedClock, Tasks};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use crate::cog::Catalog;
use crate::directory::Directory;
use crate::view::Waiters;
use crate::wire::Wire;

/// Settings of the command engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSettings {
    /// What prefix commands begin with.
    pub prefix: String,
    /// Whether a mention of the bot works like the prefix.
    pub mention_prefix: bool,
    /// How long a view waits for the next press before it disables itself.
    pub view_idle: Duration,
}

impl Default for CommandSettings {
    fn default() -> Self {
        Self { prefix: "!".to_owned(), mention_prefix: true, view_idle: Duration::from_secs(180) }
    }
}

/// Facts about the running bot that commands may show.
pub trait Vitals: Send + Sync + 'static {
    /// Time between the last heartbeat and its acknowledgement on the shard of this guild, or of
    /// direct messages; `None` before the first one.
    fn gateway_latency(&self, guild: Option<Id<GuildMarker>>) -> Option<Duration>;
}

/// Knows nothing; for tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoVitals;

impl Vitals for NoVitals {
    fn gateway_latency(&self, _: Option<Id<GuildMarker>>) -> Option<Duration> {
        None
    }
}

/// What a dispatcher is built from.
pub struct Parts {
    /// All commands.
    pub catalog: Catalog,
    /// The way to Discord.
    pub wire: Arc<dyn Wire>,
    /// Knows guilds and people.
    pub directory: Arc<dyn Directory>,
    /// Facts about the connection.
    pub vitals: Arc<dyn Vitals>,
    /// Everything a user sees time out goes by this clock.
    pub clock: SharedClock,
    /// Commands run as its tasks; cancelling it ends all views.
    pub tasks: Tasks,
    /// Settings.
    pub settings: CommandSettings,
    /// The bot's own user id, for mentions.
    pub bot: Id<UserMarker>,
}

/// The same, shared by everything that runs.
pub(crate) struct Services {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) wire: Arc<dyn Wire>,
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) vitals: Arc<dyn Vitals>,
    pub(crate) clock: SharedClock,
    pub(crate) tasks: Tasks,
    pub(crate) settings: CommandSettings,
    pub(crate) bot: Id<UserMarker>,
    pub(crate) waiters: Waiters,
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}

impl Services {
    pub(crate) fn new(parts: Parts) -> Arc<Self> {
        Arc::new(Self {
            catalog: Arc::new(parts.catalog),
            wire: parts.wire,
            directory: parts.directory,
            vitals: parts.vitals,
            clock: parts.clock,
            tasks: parts.tasks,
            settings: parts.settings,
            bot: parts.bot,
            waiters: Waiters::default(),
        })
    }
}
