//! What the bot knows of itself while it runs: for commands that show it, for metrics, for the panel.

mod info;
mod operations;
mod process;
mod slash;
mod status;

pub(crate) use self::operations::operations;
pub(crate) use self::process::Figures;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use cogwright_cog_info::CogFacts;
use cogwright_cog_status::Rotator;
use cogwright_command::{Dispatcher, Thresholds};
use cogwright_config::Settings;
use cogwright_discord::{Cache, Endpoint, Latencies, Owners, Presences, Rest, shard_of};
use cogwright_lifecycle::{SharedClock, SystemClock};
use tokio::sync::watch;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use crate::health::Report;
use crate::kept::Totals;
use crate::limits::slash_thresholds;
use crate::metrics::{Counts, Metrics, ShardState, State};
use crate::observe::TRIGGERS;
use crate::panel::Panel;
use crate::readiness::Stage;
use crate::registration::CommandSync;
use crate::slash_limiter::written;

/// Known once the gateway has been started.
pub(crate) struct Live {
    pub(crate) latencies: Latencies,
    pub(crate) presences: Presences,
    /// The shards of this process.
    pub(crate) here: Vec<u32>,
    pub(crate) stages: watch::Receiver<Stage>,
    pub(crate) dispatcher: Dispatcher,
    /// The cogs in their order, and how long each took to load.
    pub(crate) cogs: Vec<CogFacts>,
    pub(crate) owners: Arc<Owners>,
    /// What turns the statuses, if they are kept.
    pub(crate) rotator: Option<Arc<Rotator>>,
    pub(crate) name: String,
    pub(crate) user: Id<UserMarker>,
}

/// The one place that knows all of it.
pub(crate) struct Facts {
    clock: SharedClock,
    /// The clock's ticks then.
    started: Duration,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) cache: Cache,
    pub(crate) rest: Rest,
    pub(crate) sync: CommandSync,
    /// When slash commands become scarce.
    pub(crate) thresholds: Thresholds,
    /// What the system says of this process.
    pub(crate) figures: Arc<Figures>,
    /// What was counted at earlier starts; unset in a bot that keeps nothing.
    pub(crate) totals: OnceLock<Totals>,
    /// What the operator has to see to, although the bot runs.
    trouble: Mutex<Option<&'static str>>,
    live: OnceLock<Live>,
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts").field("uptime", &self.uptime()).finish_non_exhaustive()
    }
}

impl Facts {
    pub(crate) fn new(
        cache: Cache,
        rest: Rest,
        sync: CommandSync,
        settings: &Settings,
        clock: SharedClock,
    ) -> Self {
        Self {
            started: clock.ticks(),
            clock,
            metrics: Arc::new(Metrics::new()),
            cache,
            rest,
            sync,
            thresholds: slash_thresholds(settings),
            figures: Arc::default(),
            totals: OnceLock::new(),
            trouble: Mutex::new(None),
            live: OnceLock::new(),
        }
    }

    /// Of a bot that does not run.
    pub(crate) fn idle(settings: &Settings) -> Self {
        let rest = Rest::new(&Endpoint::default(), &settings.token);
        Self::new(Cache::new(), rest, CommandSync::new().0, settings, Arc::new(SystemClock))
    }

    /// The gateway has been started.
    pub(crate) fn went_live(&self, live: Live) {
        // Only the builder says so, once.
        let _ = self.live.set(live);
    }

    pub(crate) fn live(&self) -> Option<&Live> {
        self.live.get()
    }

    pub(crate) fn uptime(&self) -> Duration {
        self.clock.ticks().saturating_sub(self.started)
    }

    /// What the operator has to see to, or that nothing is wrong any more.
    pub(crate) fn set_trouble(&self, trouble: Option<&'static str>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// What has been counted since the start.
    pub(crate) fn counts(&self) -> Counts {
        let catalog = self.live().map(|live| live.dispatcher.catalog());
        let names = catalog.into_iter().flat_map(cogwright_command::Catalog::commands);
        let names: Vec<_> = names.map(|spec| spec.qualified_name()).collect();
        self.metrics.counts(names.iter().map(String::as_str), &TRIGGERS)
    }

    /// What the terminal shows once the bot is ready; `None` if it stops before.
    pub(crate) async fn panel(&self, settings: &Settings) -> Option<Panel> {
        let live = self.live()?;
        let mut stages = live.stages.clone();
        let stage = *stages.wait_for(|stage| *stage != Stage::Starting).await.ok()?;
        let began = SystemTime::now().checked_sub(self.uptime()).unwrap_or(SystemTime::UNIX_EPOCH);
        (stage == Stage::Ready).then(|| Panel {
            name: live.name.clone(),
            user: live.user.get(),
            owners: live.owners.iter().map(|(user, _)| user.get()).collect(),
            latency: live.here.iter().filter_map(|shard| live.latencies.of(*shard)).max(),
            took: self.uptime(),
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            presence: live.rotator.as_ref().map_or(settings.status.presence, |rotator| rotator.presence()),
            began: written(began).get(..19).unwrap_or_default().replace('T', " ") + " UTC",
            slash: live.dispatcher.registrations().len(),
            withheld: self.sync.withheld().len(),
            prefix: settings.prefix.clone(),
            shards: live.latencies.shards(),
            shard_ids: live.here.clone(),
            data: settings.database.base_path.display().to_string(),
        })
    }

    /// The shards of this process now. A shard measures its round trip as soon as its session has begun, and forgets
    /// it with the connection.
    pub(crate) fn shards(&self) -> Vec<ShardState> {
        let Some(live) = self.live() else { return Vec::new() };
        let of = |id: &u32| {
            let latency = live.latencies.of(*id);
            ShardState { id: *id, latency, connected: latency.is_some() }
        };
        live.here.iter().map(of).collect()
    }

    /// Guilds on each of these shards, in their order.
    fn guilds_on(&self, shards: &[ShardState]) -> Vec<u64> {
        let mut counts = vec![0; shards.len()];
        let total = self.live().map_or(1, |live| live.latencies.shards());
        for guild in self.cache.guild_ids() {
            let shard = shard_of(Some(guild), total);
            if let Some(place) = shards.iter().position(|state| state.id == shard) {
                counts[place] += 1;
            }
        }
        counts
    }

    pub(crate) fn state(&self) -> State {
        State {
            uptime: self.uptime(),
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            shards: self.shards(),
            invalid_requests: u64::from(self.rest.stats().invalid.used),
        }
    }
}

impl Report for Facts {
    fn ready(&self) -> Result<(), String> {
        if let Some(trouble) = *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(trouble.to_owned());
        }
        let stage = self.live().map_or(Stage::Starting, |live| *live.stages.borrow());
        match stage {
            Stage::Ready => {
                let shards = self.shards();
                match shards.iter().filter(|shard| !shard.connected).count() {
                    0 => Ok(()),
                    away => Err(format!("{away} of {} shards are not connected", shards.len())),
                }
            }
            Stage::Starting => Err("the shards are connecting".to_owned()),
            Stage::Ended => Err("the bot has stopped".to_owned()),
        }
    }

    fn metrics(&self) -> String {
        self.metrics.render(&self.state())
    }
}
