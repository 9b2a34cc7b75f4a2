//! Puts a bot together: everything that knows of each other meets here.

use std::sync::Arc;
use std::time::Duration;

use cogwright_cog_info::CogFacts;
use cogwright_cog_status::Rotator;
use cogwright_command::{
    CacheDirectory, Catalog, Dispatcher, ForgetWithheld, Parts, Policy, RestWire, WithheldStore,
};
use cogwright_config::Settings;
use cogwright_discord::intents::derive;
use cogwright_discord::{
    ApplicationInfo, Cache, EventTypeFlags, Gateway, GatewayConfig, Memory, OwnerSettings, Owners,
    SessionJournal,
};
use cogwright_lifecycle::{SharedClock, Tasks};
use cogwright_store::{Files, FilesOptions, Store};
use tokio::sync::{broadcast, oneshot, watch};
use twilight_model::id::Id;

use crate::adapt::command_settings;
use crate::bot::Bot;
use crate::builder::BotBuilder;
use crate::builtin::{self, Services};
use crate::command_names::check_command_names;
use crate::drive::{Drive, EVENT_NEWS, Fallback};
use crate::error::StartError;
use crate::facts::{Facts, Live};
use crate::health;
use crate::identity::Identity;
use crate::kept::{KeptCooldowns, KeptPrefs, KeptRules, KeptWithheld, Totals, UsageBook};
use crate::limits::way_out;
use crate::needs::needs;
use crate::observe::Counting;
use crate::readiness::Stage;
use crate::registration::{CommandSync, Registrar};
use crate::session_journal::StoreJournal;
use crate::slash_limiter::Decisions;
use crate::upkeep::Upkeep;
use crate::vitals::GatewayVitals;

impl BotBuilder {
    pub(crate) async fn assemble(self, store: Option<Store>) -> Result<Bot, StartError> {
        let rest = way_out(&self.settings, &self.endpoint);
        let cache = Cache::new();
        let usage = Arc::new(UsageBook::default());
        let (sync, asked) = CommandSync::new();
        let facts = Arc::new(Facts::new(
            cache.clone(),
            rest.clone(),
            sync.clone(),
            &self.settings,
            Arc::clone(&self.clock),
        ));
        facts.figures.read().await;
        let rotator = match &store {
            Some(store) => {
                match Totals::load(store, self.clock.now()).await {
                    // Nobody else sets it.
                    Ok(totals) => drop(facts.totals.set(totals)),
                    // No bot stays down for a count.
                    Err(error) => {
                        tracing::warn!(%error, "totals over all starts cannot be counted this time");
                    }
                }
                let (status, stage) = (&self.settings.status, Arc::clone(&facts));
                Some(Rotator::load(status, store.clone(), Arc::clone(&self.clock), stage).await?)
            }
            None => None,
        };

        let mut loaded: Vec<_> = self.cogs.into_iter().map(|cog| (cog, Duration::ZERO)).collect();
        if self.builtin {
            let files =
                Files::new(FilesOptions { clock: Arc::clone(&self.clock), ..FilesOptions::default() });
            let services = Services {
                store: store.as_ref(),
                files: &files,
                rotator: rotator.as_ref(),
                facts: &facts,
                settings: &self.settings,
            };
            loaded.extend(builtin::cogs(&services));
        }
        let cog_facts = loaded.iter().map(|(cog, load_time)| CogFacts {
            name: cog.name().to_owned(),
            commands: cog.commands().len(),
            load_time: *load_time,
        });
        let cog_facts = cog_facts.collect();
        let cogs: Vec<_> = loaded.into_iter().map(|(cog, _)| cog).collect();
        let needs = needs(&cogs, self.listens);
        let settings = command_settings(&self.settings);
        let disabled = &self.settings.commands.disabled;
        let catalog = Catalog::build_without(cogs, disabled).map_err(StartError::Commands)?;
        for odd in check_command_names(&catalog, &self.settings, |_| String::new()) {
            tracing::warn!("{}", odd.line());
        }

        let at = self.endpoint.clone();
        let identity = Identity::ask(&rest).await.map_err(|error| StartError::of_rest(&at, error))?;
        let application = identity.application.id;
        tracing::info!(name = %identity.name, id = %identity.user, "this is the bot");
        let owners = Arc::new(owners(&self.settings, &identity.application));
        let plan = derive(&needs, identity.application.flags);
        for dropped in &plan.dropped {
            tracing::warn!("{dropped}");
        }

        let tasks = Tasks::new(format!("bot {}", identity.name));
        tasks.spawn("process figures", Arc::clone(&facts.figures).keep_reading(tasks.token()));
        if let Some(address) = self.settings.health.listen {
            health::listen(address, Arc::clone(&facts) as _, &tasks).await?;
        }
        let config = GatewayConfig {
            events: Cache::wanted() | Dispatcher::wanted() | EventTypeFlags::RESUMED | self.listens,
            shards: self.shards,
            intents: plan.intents,
            ..GatewayConfig::for_commands(self.endpoint, self.settings.token.clone())
        };
        let kept = || {
            let store = store.as_ref().filter(|_| self.resumes)?;
            Some(Arc::new(StoreJournal::new(store.sessions())) as Arc<dyn SessionJournal>)
        };
        let memory = Memory { cache: cache.clone(), journal: self.journal.or_else(kept) };
        let gateway = Gateway::start(&config, &rest, memory.clone(), &tasks).await;
        let gateway = match gateway {
            Ok(gateway) => gateway,
            Err(error) => {
                tasks.cancel();
                return Err(StartError::of_gateway(&at, error));
            }
        };
        let latencies = gateway.latencies();
        let presences = gateway.presences();
        // A node of its own: commands are to finish before anything else is ended.
        let commands = tasks.child("commands");
        let observer = Arc::new(Counting {
            metrics: Arc::clone(&facts.metrics),
            usage: Arc::clone(&usage),
            clock: Arc::clone(&self.clock),
        });
        let dispatcher = Dispatcher::new(Parts {
            catalog,
            wire: Arc::new(RestWire::new(rest.clone(), application)),
            directory: Arc::new(CacheDirectory::new(cache.clone(), rest.clone(), Arc::clone(&self.clock))),
            vitals: Arc::new(GatewayVitals(latencies.clone(), rest.clone())),
            clock: Arc::clone(&self.clock),
            tasks: commands.clone(),
            settings,
            bot: identity.user,
            policy: Policy { observer, ..policy(Arc::clone(&owners), store.as_ref()) },
        });
        dispatcher.restore().await;

        let (stage, stages) = watch::channel(Stage::Starting);
        facts.went_live(Live {
            latencies: latencies.clone(),
            presences: presences.clone(),
            here: gateway.shards().to_vec(),
            stages: stages.clone(),
            dispatcher: dispatcher.clone(),
            cogs: cog_facts,
            owners: Arc::clone(&owners),
            rotator: rotator.clone(),
            name: identity.name.clone(),
            user: identity.user,
        });
        let (news, _) = broadcast::channel(EVENT_NEWS);
        let (outcome, ended) = oneshot::channel();
        let stop = tasks.token().child_token();
        let registrar = Registrar {
            rest: rest.clone(),
            application,
            dispatcher: dispatcher.clone(),
            thresholds: facts.thresholds,
            store: withheld(store.as_ref()),
            clock: SharedClock::clone(&self.clock),
            asked,
            decisions: Decisions::new(self.settings.slash_limiter.debug_mode),
        };
        let upkeep = store.map(|store| Upkeep {
            store,
            usage,
            rotator,
            dispatcher: dispatcher.clone(),
            facts: Arc::clone(&facts),
            backup: self.settings.database.backup.clone(),
            clock: SharedClock::clone(&self.clock),
        });
        if let Some(upkeep) = &upkeep {
            upkeep.begin(&tasks);
        }
        let drive = Drive {
            gateway,
            fallback: plan.asks_for_privileged().then(|| Fallback { config, memory, needs, plan }),
            rest: rest.clone(),
            cache: cache.clone(),
            dispatcher: dispatcher.clone(),
            registrar: Some(registrar),
            upkeep,
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
            sync,
            facts,
            _driver: driver,
        })
    }
}

/// Who decides about commands, and where it is kept.
fn policy(owners: Arc<Owners>, store: Option<&Store>) -> Policy {
    let Some(store) = store else { return Policy { owners, ..Policy::default() } };
    Policy {
        owners,
        role_rules: Arc::new(KeptRules(store.clone())),
        guild_prefs: Arc::new(KeptPrefs(store.clone())),
        cooldown_journal: Arc::new(KeptCooldowns(store.clone())),
        ..Policy::default()
    }
}

fn withheld(store: Option<&Store>) -> Arc<dyn WithheldStore> {
    match store {
        Some(store) => Arc::new(KeptWithheld(store.clone())),
        None => Arc::new(ForgetWithheld),
    }
}

/// Who owns the bot.
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
