//! What the shards are started with.

use cogwright_config::Secret;
use twilight_gateway::{EventTypeFlags, Intents};
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;

use super::error::GatewayError;
use super::latency::Latencies;
use super::presence::Presences;
use crate::cache::Cache;
use crate::endpoint::Endpoint;

/// What the shards are started with.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Which Discord.
    pub endpoint: Endpoint,
    /// The bot's token.
    pub token: Secret,
    /// What Discord is asked to send.
    pub intents: Intents,
    /// Which events are parsed and handed on; all others are skipped by their name alone, 50 to
    /// 150 times cheaper.
    pub events: EventTypeFlags,
    /// What the bot shows of itself from the start; [`Presences`](crate::Presences) changes it later.
    pub presence: Option<UpdatePresencePayload>,
    /// Which shards this process runs.
    pub shards: Shards,
    /// Where round trips are noted, for a gateway that takes another's place; `None` is a new one. Another number of
    /// shards needs a new one too.
    pub latencies: Option<Latencies>,
    /// Where presences are set, for a gateway that takes another's place; `None` is a new one.
    pub presences: Option<Presences>,
}

/// Which shards of a bot a process runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shards {
    /// How many the bot has in all; as many as Discord recommends unless said.
    pub total: Option<u32>,
    /// The numbers of those that run here, below the total; all of them unless said.
    pub here: Option<Vec<u32>>,
}

impl Shards {
    /// The total and those that run here, each once, in order.
    pub(crate) fn plan(&self, recommended: u32) -> Result<(u32, Vec<u32>), GatewayError> {
        let total = self.total.unwrap_or(recommended).max(1);
        let Some(here) = &self.here else {
            return Self::within((total, (0..total.min(MAX_SHARDS + 1)).collect()), total);
        };
        let mut here = here.clone();
        here.sort_unstable();
        here.dedup();
        if here.is_empty() {
            return Err(GatewayError::NoShards);
        }
        match here.iter().find(|number| **number >= total) {
            Some(number) => Err(GatewayError::NoSuchShard { number: *number, total }),
            None => {
                let wanted = here.len() as u32;
                Self::within((total, here), wanted)
            }
        }
    }

    fn within(plan: (u32, Vec<u32>), wanted: u32) -> Result<(u32, Vec<u32>), GatewayError> {
        if plan.1.len() > MAX_SHARDS as usize {
            return Err(GatewayError::TooManyShards { wanted, limit: MAX_SHARDS });
        }
        Ok(plan)
    }
}

/// Most shards one process runs; a larger bot needs several processes.
const MAX_SHARDS: u32 = 256;

impl GatewayConfig {
    /// For a bot that answers commands: messages with their content, interactions, and what the
    /// cache needs.
    pub fn for_commands(endpoint: Endpoint, token: Secret) -> Self {
        Self {
            endpoint,
            token,
            intents: Intents::GUILDS
                | Intents::GUILD_MESSAGES
                | Intents::DIRECT_MESSAGES
                | Intents::MESSAGE_CONTENT,
            events: Cache::wanted()
                | EventTypeFlags::RESUMED
                | EventTypeFlags::MESSAGE_CREATE
                | EventTypeFlags::INTERACTION_CREATE,
            presence: None,
            shards: Shards::default(),
            latencies: None,
            presences: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_planned() {
        let plan = |total, here: Option<&[u32]>| Shards { total, here: here.map(<[u32]>::to_vec) }.plan(3);
        assert_eq!(plan(None, None).expect("fits"), (3, vec![0, 1, 2]));
        assert_eq!(plan(Some(2), None).expect("fits"), (2, vec![0, 1]));
        assert_eq!(plan(Some(8), Some(&[5, 1, 5])).expect("fits"), (8, vec![1, 5]));
        assert_eq!(plan(Some(4_000), Some(&[3_999])).expect("fits"), (4_000, vec![3_999]));
        let text = |refused: Result<_, GatewayError>| refused.expect_err("does not fit").to_string();
        assert!(text(plan(None, Some(&[3]))).contains("shard 3"), "beyond the total");
        assert!(text(plan(None, Some(&[]))).contains("SHARD_IDS"));
        assert!(text(plan(Some(u32::MAX), None)).contains("256"));
    }
}
