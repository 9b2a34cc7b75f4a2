//! What the shards are started with.

use cogwright_config::Secret;
use twilight_gateway::{EventTypeFlags, Intents};
use twilight_model::gateway::payload::outgoing::update_presence::UpdatePresencePayload;

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
    /// What the bot shows of itself from the start.
    pub presence: Option<UpdatePresencePayload>,
}

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
        }
    }
}
