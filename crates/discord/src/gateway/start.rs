//! Starts the shards, each where an earlier process left off, if one did.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cogwright_lifecycle::Tasks;
use tokio::sync::{Notify, mpsc};
use twilight_gateway::ShardId;
use twilight_model::gateway::connection_info::BotConnectionInfo;

use super::connection::Session;
use super::error::{Failure, GatewayError};
use super::farewell::Farewell;
use super::journal::SessionJournal;
use super::keeper::{Keeper, bond};
use super::latency::Latencies;
use super::ledger::Ledger;
use super::presence::Presences;
use super::queue::IdentifyQueue;
use super::shard::{ShardTask, Shared};
use super::{Gateway, GatewayConfig};
use crate::cache::Cache;
use crate::endpoint::install_tls_provider;
use crate::rest::{Priority, Rest, RestError};

/// Events that may wait for the bot, all shards together. When they are full the shards stop
/// reading, and Discord closes a shard that does not read for about 40 s: it resumes then.
const MAX_EVENTS: usize = 1_024;

/// How long after its last sign of life a session is still worth asking for. Discord keeps them for minutes;
/// beyond that the attempt would only delay the start.
const RESUMABLE: Duration = Duration::from_secs(15 * 60);

/// Longest time that reading the journal may delay the start.
const LOAD: Duration = Duration::from_secs(10);

/// What the shards remember, in the process and beyond it.
#[derive(Clone)]
pub struct Memory {
    /// The cache that events will be applied to; sessions that are resumed put their guilds back into it.
    pub cache: Cache,
    /// Where sessions are kept for the next process. Without one they end with this process.
    pub journal: Option<Arc<dyn SessionJournal>>,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").field("journal", &self.journal.is_some()).finish_non_exhaustive()
    }
}

impl Gateway {
    /// Asks Discord how many shards to run and starts them below `tasks`; sessions that the journal knows are
    /// resumed.
    ///
    /// Returns as soon as the shards are on their way; whether they arrive is told by their
    /// events and by [`next`](Gateway::next).
    ///
    /// # Errors
    /// [`GatewayError::Start`] when Discord cannot be asked or answers nonsense; others when the
    /// [`Shards`](super::Shards) cannot be.
    pub async fn start(
        config: &GatewayConfig,
        rest: &Rest,
        memory: Memory,
        tasks: &Tasks,
    ) -> Result<Self, GatewayError> {
        install_tls_provider();
        let request = rest.http().gateway().authed();
        let info: Result<BotConnectionInfo, RestError> =
            rest.send(request, Priority::Normal).await.and_then(|response| response.model());
        let info = info.map_err(GatewayError::Start)?;
        let (total, here) = config.shards.plan(info.shards)?;
        let limit = &info.session_start_limit;
        if total < info.shards {
            tracing::warn!(shards = total, recommended = info.shards, "fewer shards than Discord recommends");
        }
        // The address in Discord's answer is Discord's own choice; a local server is where the
        // operator said, which is not always what it believes of itself.
        let address = config.endpoint.gateway_override().unwrap_or(&info.url);
        let failure = Failure::default();
        let kept = config.latencies.clone().filter(|kept| kept.shards() == total);
        let latencies = kept.unwrap_or_else(|| Latencies::new(total));
        let kept = config.presences.clone().filter(|kept| kept.are_of(&here));
        let presences =
            kept.unwrap_or_else(|| Presences::new(here.iter().copied(), config.presence.as_ref()));
        let shared = Arc::new(Shared {
            token: config.token.expose().to_owned(),
            intents: config.intents,
            wanted: config.events,
            queue: IdentifyQueue::new(limit),
            failure: failure.clone(),
            latencies: latencies.clone(),
        });
        let (sender, events) = mpsc::channel(MAX_EVENTS);
        let tasks = tasks.child("gateway");
        let farewell = Farewell::new(tasks.token());
        let begun = Arc::new(Notify::new());
        let mut ledgers = Vec::with_capacity(here.len());
        let mut shards = Vec::with_capacity(here.len());
        for number in &here {
            let id = ShardId::new(*number, total);
            let ledger = Ledger::new(id, Arc::clone(&begun));
            let session = match &memory.journal {
                Some(journal) => inherit(&**journal, &memory.cache, &ledger, config).await,
                None => None,
            };
            ledgers.push(Arc::clone(&ledger));
            shards.push(ShardTask {
                id,
                address: address.to_owned(),
                shared: Arc::clone(&shared),
                events: sender.clone(),
                stop: farewell.clone(),
                ledger,
                outbox: presences.outbox(*number),
                session,
            });
        }
        let resuming = shards.iter().filter(|shard| shard.session.is_some()).count();
        let identifying = (shards.len() - resuming) as u32;
        if limit.remaining < identifying {
            tracing::warn!(
                remaining = limit.remaining,
                needed = identifying,
                reset_s = limit.reset_after / 1_000,
                "Discord allows too few starts for now; the shards wait for the reset"
            );
        }
        tracing::info!(shards = shards.len(), total, resuming, "starting shards");
        let keeper = memory.journal.map(|journal| Keeper {
            journal,
            cache: memory.cache,
            ledgers,
            begun,
            intents: config.intents.bits(),
        });
        if let Some(keeper) = &keeper {
            tasks.spawn("journal", keeper.clone().run(tasks.token()));
        }
        for shard in shards {
            tasks.spawn(format!("shard {}", shard.id.number()), shard.run());
        }
        Ok(Self { tasks, events, failure, latencies, presences, farewell, keeper, here })
    }
}

/// Takes over what an earlier process left of a shard; `None` to begin anew, which a log line explains.
async fn inherit(
    journal: &dyn SessionJournal,
    cache: &Cache,
    ledger: &Arc<Ledger>,
    config: &GatewayConfig,
) -> Option<Session> {
    let shard = ledger.shard();
    let anew = |why: &dyn std::fmt::Display| {
        tracing::warn!(shard = shard.number(), %why, "the saved session cannot be used; a new one begins");
    };
    let saved = match tokio::time::timeout(LOAD, journal.load(shard)).await {
        Ok(Ok(saved)) => saved?,
        Ok(Err(error)) => {
            anew(&error);
            return None;
        }
        Err(_) => {
            anew(&"reading it takes too long");
            return None;
        }
    };
    let age = SystemTime::now().duration_since(saved.saved_at).unwrap_or_default();
    if age > RESUMABLE {
        tracing::info!(shard = shard.number(), age_s = age.as_secs(), "the saved session is too old");
        return None;
    }
    if saved.resume_from > saved.handled {
        anew(&"its sequences contradict each other");
        return None;
    }
    match cache.restore(
        shard,
        &bond(&saved.session, config.intents.bits()),
        saved.resume_from,
        &saved.snapshot,
    ) {
        Ok(guilds) => {
            tracing::info!(
                shard = shard.number(),
                guilds,
                sequence = saved.resume_from,
                "resuming the session"
            );
            ledger.inherit(&saved);
            // A local server's address is where the operator said.
            let url = saved.url.filter(|_| config.endpoint.gateway_override().is_none());
            Some(Session { id: saved.session, sequence: saved.resume_from, url })
        }
        Err(error) => {
            anew(&format_args!("its snapshot: {error}"));
            None
        }
    }
}
