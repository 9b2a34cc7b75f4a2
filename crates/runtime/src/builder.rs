//! From settings and cogs to a running bot.

use std::sync::Arc;
use std::time::Duration;

use cogwright_command::{
    CacheDirectory, Catalog, Cog, Dispatcher, ForgetWithheld, Parts, Policy, RestWire, WithheldStore,
};
use cogwright_config::Settings;
use cogwright_discord::intents::derive;
use cogwright_discord::{
    ApplicationInfo, Cache, Endpoint, EventTypeFlags, Gateway, GatewayConfig, Memory, OwnerSettings, Owners,
    SessionJournal, Shards,
};
use cogwright_lifecycle::{SharedClock, SystemClock, Tasks};
use tokio::sync::{broadcast, oneshot, watch};
use twilight_model::id::Id;

use crate::adapt::command_settings;
use crate::bot::Bot;
use crate::drive::{Drive, EVENT_NEWS, Fallback};
use crate::error::StartError;
use crate::identity::Identity;
use crate::limits::{slash_thresholds, way_out};
use crate::needs::needs;
use crate::readiness::Stage;
use crate::registration::{CommandSync, Registrar};
use crate::vitals::GatewayVitals;

/// How long running commands may take to finish once the bot is stopped.
const GRACE: Duration = Duration::from_secs(10);

/// A store that is no part of what a builder looks like.
struct Withholding(Arc<dyn WithheldStore>);

impl std::fmt::Debug for Withholding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WithheldStore")
    }
}

/// What a bot is made of.
#[must_use = "a builder does nothing until it is started"]
pub struct BotBuilder {
    settings: Settings,
    endpoint: Endpoint,
    clock: SharedClock,
    cogs: Vec<Cog>,
    grace: Duration,
    shards: Shards,
    journal: Option<Arc<dyn SessionJournal>>,
    listens: EventTypeFlags,
    withheld: Withholding,
}

impl std::fmt::Debug for BotBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BotBuilder")
            .field("settings", &self.settings)
            .field("endpoint", &self.endpoint)
            .field("cogs", &self.cogs)
            .field("shards", &self.shards)
            .field("journal", &self.journal.is_some())
            .finish_non_exhaustive()
    }
}

impl BotBuilder {
    /// A bot for Discord in real time, without any commands yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            endpoint: Endpoint::default(),
            clock: Arc::new(SystemClock),
            cogs: Vec::new(),
            grace: GRACE,
            shards: Shards::default(),
            journal: None,
            listens: EventTypeFlags::empty(),
            withheld: Withholding(Arc::new(ForgetWithheld)),
        }
    }

    /// Which Discord to connect to.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// The clock of everything a user sees time out.
    pub fn clock(mut self, clock: SharedClock) -> Self {
        self.clock = clock;
        self
    }

    /// Adds a cog.
    pub fn cog(mut self, cog: Cog) -> Self {
        self.cogs.push(cog);
        self
    }

    /// Adds cogs, such as [`builtin_cogs`](crate::builtin_cogs).
    pub fn cogs(mut self, cogs: impl IntoIterator<Item = Cog>) -> Self {
        self.cogs.extend(cogs);
        self
    }

    /// How long running commands may take to finish once the bot is stopped; 10 s unless said.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Which shards this process runs; all that Discord recommends unless said.
    pub fn shards(mut self, shards: Shards) -> Self {
        self.shards = shards;
        self
    }

    /// Where sessions are kept, so that a restart goes on where this process stops. Without one each start
    /// begins new sessions, and what happens in between is lost.
    pub fn journal(mut self, journal: Arc<dyn SessionJournal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Which further events [`Bot::events`] tells. Those that neither it nor the bot itself needs are
    /// skipped by their name, unread.
    pub fn listens(mut self, events: EventTypeFlags) -> Self {
        self.listens |= events;
        self
    }

    /// Where it is remembered which commands have no slash form, and since when; nowhere unless said.
    pub fn withheld_store(mut self, store: Arc<dyn WithheldStore>) -> Self {
        self.withheld = Withholding(store);
        self
    }

    /// Asks Discord who the bot is, connects the shards and begins to answer.
    ///
    /// Returns once the shards are on their way; [`Bot::ready`] waits until they have arrived.
    ///
    /// # Errors
    /// See [`StartError`]; nothing is left running then.
    pub async fn start(self) -> Result<Bot, StartError> {
        let needs = needs(&self.cogs);
        let catalog = Catalog::build(self.cogs).map_err(StartError::Commands)?;
        let rest = way_out(&self.settings, &self.endpoint);
        let at = self.endpoint.clone();
        let identity = Identity::ask(&rest).await.map_err(|error| StartError::of_rest(&at, error))?;
        let application = identity.application.id;
        tracing::info!(name = %identity.name, id = %identity.user, "this is the bot");
        let owners = Arc::new(owners(&self.settings, &identity.application));
        let command_owners = cogwright_command::Owners::new(owners.iter().map(|(user, _)| user));
        let plan = derive(&needs, identity.application.flags);
        for dropped in &plan.dropped {
            tracing::warn!("{dropped}");
        }

        let tasks = Tasks::new(format!("bot {}", identity.name));
        let config = GatewayConfig {
            events: Cache::wanted() | Dispatcher::wanted() | EventTypeFlags::RESUMED | self.listens,
            shards: self.shards,
            intents: plan.intents,
            ..GatewayConfig::for_commands(self.endpoint, self.settings.token.clone())
        };
        let cache = Cache::new();
        let memory = Memory { cache: cache.clone(), journal: self.journal };
        let gateway = Gateway::start(&config, &rest, memory.clone(), &tasks).await;
        let gateway = gateway.map_err(|error| StartError::of_gateway(&at, error))?;
        let latencies = gateway.latencies();
        let presences = gateway.presences();
        let thresholds = slash_thresholds(&self.settings);
        // A node of its own: commands are to finish before anything else is ended.
        let commands = tasks.child("commands");
        let dispatcher = Dispatcher::new(Parts {
            catalog,
            wire: Arc::new(RestWire::new(rest.clone(), application)),
            directory: Arc::new(CacheDirectory::new(cache.clone(), rest.clone(), Arc::clone(&self.clock))),
            vitals: Arc::new(GatewayVitals(latencies.clone())),
            clock: Arc::clone(&self.clock),
            tasks: commands.clone(),
            settings: command_settings(&self.settings),
            bot: identity.user,
            policy: Policy { owners: command_owners, ..Policy::default() },
        });

        let (stage, stages) = watch::channel(Stage::Starting);
        let (news, _) = broadcast::channel(EVENT_NEWS);
        let (outcome, ended) = oneshot::channel();
        let stop = tasks.token().child_token();
        let (sync, asked) = CommandSync::new();
        let registrar = Registrar {
            rest: rest.clone(),
            application,
            dispatcher: dispatcher.clone(),
            thresholds,
            store: self.withheld.0,
            clock: self.clock,
            asked,
        };
        let drive = Drive {
            gateway,
            fallback: plan.asks_for_privileged().then(|| Fallback { config, memory, needs, plan }),
            rest: rest.clone(),
            cache: cache.clone(),
            dispatcher: dispatcher.clone(),
            registrar: Some(registrar),
            tasks: tasks.clone(),
            commands,
            stop: stop.clone(),
            grace: self.grace,
            stage,
            news: news.clone(),
        };
        // A tree of its own, because it is this task that shuts the other one down.
        let driver = Tasks::new(format!("bot {}", identity.name));
        driver.spawn("drive", drive.run(outcome));
        Ok(Bot {
            stop,
            stages,
            ended,
            cache,
            rest,
            latencies,
            presences,
            news,
            user: identity.user,
            dispatcher,
            owners,
            sync,
            _driver: driver,
        })
    }
}

/// Who owns the bot. Says so when nobody was named.
fn owners(settings: &Settings, application: &ApplicationInfo) -> Owners {
    let user = |id: &u64| Id::new_checked(*id);
    let named = OwnerSettings {
        bot_owner: settings.owner.as_ref().and_then(user),
        owner_ids: settings.owner_ids.iter().filter_map(user).collect(),
        team_owners: settings.team_owners,
    };
    let owners = Owners::new(&named, application);
    for (user, title) in owners.iter() {
        tracing::debug!(%user, ?title, "a bot owner");
    }
    owners
}
