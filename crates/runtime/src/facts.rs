//! What the bot knows of itself while it runs: for commands that show it, for metrics, for the panel.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use cogwright_cog_status::{Facts as StatusFacts, Stage as StatusStage};
use cogwright_command::{Dispatcher, Spec};
use cogwright_config::{Activity, Presence, Settings, StatusEntry};
use cogwright_discord::{Cache, Endpoint, Latencies, Owners, Presences, Rest};
use tokio::sync::watch;
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;
use twilight_model::gateway::presence::{ActivityType, MinimalActivity, Status};
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use crate::health::Report;
use crate::metrics::{Metrics, ShardState, State};
use crate::panel::Panel;
use crate::readiness::Stage;

/// Known once the gateway has been started.
pub(crate) struct Live {
    pub(crate) latencies: Latencies,
    pub(crate) presences: Presences,
    /// The shards of this process.
    pub(crate) here: Vec<u32>,
    pub(crate) stages: watch::Receiver<Stage>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) owners: Arc<Owners>,
    pub(crate) name: String,
    pub(crate) user: Id<UserMarker>,
}

/// The one place that knows all of it.
pub(crate) struct Facts {
    started: Instant,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) cache: Cache,
    pub(crate) rest: Rest,
    live: OnceLock<Live>,
}

impl std::fmt::Debug for Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts").field("uptime", &self.uptime()).finish_non_exhaustive()
    }
}

impl Facts {
    pub(crate) fn new(metrics: Arc<Metrics>, cache: Cache, rest: Rest) -> Self {
        Self { started: Instant::now(), metrics, cache, rest, live: OnceLock::new() }
    }

    /// Of a bot that does not run.
    pub(crate) fn idle(settings: &Settings) -> Self {
        let rest = Rest::new(&Endpoint::default(), &settings.token);
        Self::new(Arc::new(Metrics::new()), Cache::new(), rest)
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
        self.started.elapsed()
    }

    /// What the terminal shows once the bot is ready; `None` if it stops before.
    pub(crate) async fn panel(&self, settings: &Settings) -> Option<Panel> {
        let live = self.live()?;
        let mut stages = live.stages.clone();
        let stage = *stages.wait_for(|stage| *stage != Stage::Starting).await.ok()?;
        let catalog = live.dispatcher.catalog();
        let slash = |spec: &&Arc<Spec>| spec.triggers.slash;
        (stage == Stage::Ready).then(|| Panel {
            name: live.name.clone(),
            user: live.user.get(),
            owners: live.owners.iter().map(|(user, _)| user.get()).collect(),
            latency: live.here.iter().filter_map(|shard| live.latencies.of(*shard)).max(),
            took: self.uptime(),
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            commands: catalog.commands().len(),
            slash: catalog.commands().iter().filter(slash).count(),
            prefix: settings.prefix.clone(),
            shards: live.latencies.shards(),
            shard_ids: live.here.clone(),
            data: settings.database.base_path.display().to_string(),
        })
    }

    pub(crate) fn state(&self) -> State {
        let shards = self.live().map(|live| {
            let of = |id: &u32| {
                let latency = live.latencies.of(*id);
                ShardState { id: *id, latency, connected: latency.is_some() }
            };
            live.here.iter().map(of).collect()
        });
        State {
            uptime: self.uptime(),
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            shards: shards.unwrap_or_default(),
            invalid_requests: u64::from(self.rest.stats().invalid.used),
            log_lines_lost: 0,
        }
    }
}

impl Report for Facts {
    fn ready(&self) -> Result<(), String> {
        let stage = self.live().map_or(Stage::Starting, |live| *live.stages.borrow());
        match stage {
            Stage::Ready => Ok(()),
            Stage::Starting => Err("the shards are connecting".to_owned()),
            Stage::Ended => Err("the bot has stopped".to_owned()),
        }
    }

    fn metrics(&self) -> String {
        self.metrics.render(&self.state())
    }
}

impl StatusStage for Facts {
    fn facts(&self) -> StatusFacts {
        StatusFacts {
            guilds: self.cache.guild_count() as u64,
            users: self.cache.member_count(),
            commands: self.live().map_or(0, |live| {
                live.dispatcher.catalog().commands().iter().filter(|spec| !spec.hidden).count() as u64
            }),
            shards: self.live().map_or(0, |live| u64::from(live.latencies.shards())),
            uptime: self.uptime(),
        }
    }

    fn show(&self, shown: StatusEntry) {
        let Some(live) = self.live() else { return };
        match presence(&shown) {
            Ok(presence) => live.presences.set(&presence),
            Err(error) => tracing::warn!(%error, "a status cannot be shown"),
        }
    }
}

/// See Discord docs: Gateway Events / Update Presence, Activity Object.
fn presence(shown: &StatusEntry) -> Result<UpdatePresencePayload, impl std::error::Error + use<>> {
    let kind = match shown.kind {
        Activity::Playing => ActivityType::Playing,
        Activity::Watching => ActivityType::Watching,
        Activity::Listening => ActivityType::Listening,
        Activity::Competing => ActivityType::Competing,
        Activity::Streaming => ActivityType::Streaming,
        Activity::Custom => ActivityType::Custom,
    };
    let status = match shown.presence {
        Presence::Online => Status::Online,
        Presence::Dnd => Status::DoNotDisturb,
        Presence::Idle => Status::Idle,
        Presence::Invisible => Status::Invisible,
    };
    let mut activity: twilight_model::gateway::presence::Activity =
        MinimalActivity { kind, name: shown.text.clone(), url: None }.into();
    if shown.kind == Activity::Custom {
        // A custom status shows its state; the name is only there because it has to be.
        activity.name = "Custom Status".to_owned();
        activity.state = Some(shown.text.clone());
    }
    UpdatePresencePayload::new([activity], false, None, status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custom_status_is_in_the_state() {
        let shown = |kind| StatusEntry { kind, text: "3 servers".to_owned(), presence: Presence::Idle };
        let watching = presence(&shown(Activity::Watching)).unwrap();
        assert_eq!((watching.activities[0].name.as_str(), watching.status), ("3 servers", Status::Idle));
        let custom = presence(&shown(Activity::Custom)).unwrap();
        assert_eq!(custom.activities[0].state.as_deref(), Some("3 servers"));
    }
}
