//! What ends the gateway for good, in words for the operator.

use std::sync::{Arc, Mutex, PoisonError};

use twilight_gateway::Intents;

use crate::rest::RestError;

/// Why the bot cannot be online.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Discord could not be asked for the gateway.
    #[error("cannot ask Discord for its gateway: {0}")]
    Start(#[source] RestError),
    /// The bot is too large for one process.
    #[error("Discord asks for {wanted} shards; one process runs at most {limit}")]
    TooManyShards {
        /// Recommended number of shards.
        wanted: u32,
        /// What this program runs.
        limit: u32,
    },
    /// None of the bot's shards is to run here.
    #[error("no shard is to run in this process; give SHARD_IDS at least one number, or leave it out")]
    NoShards,
    /// A shard is to run here that the bot does not have.
    #[error(
        "shard {number} does not exist: the bot has {total}, numbered from 0. Correct SHARD_IDS or SHARD_COUNT"
    )]
    NoSuchShard {
        /// Its number.
        number: u32,
        /// How many there are.
        total: u32,
    },
    /// Close code 4004.
    #[error(
        "Discord does not accept the token. Copy it again from the Bot page of the application in \
         Discord's developer portal; a reset there makes the old one invalid"
    )]
    TokenRejected,
    /// Close code 4014.
    #[error(
        "Discord does not allow what the bot asks for. Switch on {missing} under Privileged \
         Gateway Intents on the Bot page of the application in Discord's developer portal, save, \
         and start the bot again"
    )]
    IntentsNotAllowed {
        /// The switches, by the names they have there.
        missing: String,
    },
    /// Close codes 4010 to 4013: this program asked for something that does not exist.
    #[error("Discord closed the connection for good with code {code}: {reason}")]
    Refused {
        /// Close code.
        code: u16,
        /// What it means.
        reason: &'static str,
    },
}

impl GatewayError {
    /// What a close code means; `None` when it is worth coming back. See Discord docs: Opcodes
    /// and Status Codes / Gateway Close Event Codes.
    pub(crate) fn of_close(code: u16, intents: Intents) -> Option<Self> {
        let reason = match code {
            4004 => return Some(Self::TokenRejected),
            4014 => {
                return Some(Self::IntentsNotAllowed { missing: switches(intents) });
            }
            4010 => "the shard does not exist",
            4011 => "the bot is in too many guilds for this number of shards; start it again",
            4012 => "the version of the gateway is not served any more",
            4013 => "the intents hold a bit that does not exist",
            _ => return None,
        };
        Some(Self::Refused { code, reason })
    }

    /// Whether Discord does not know the token.
    pub fn is_token_rejected(&self) -> bool {
        matches!(self, Self::TokenRejected | Self::Start(RestError::Unauthorized))
    }
}

/// The switches on the portal's page that `intents` need.
fn switches(intents: Intents) -> String {
    let known = [
        (Intents::GUILD_PRESENCES, "Presence Intent"),
        (Intents::GUILD_MEMBERS, "Server Members Intent"),
        (Intents::MESSAGE_CONTENT, "Message Content Intent"),
    ];
    let needed = known.iter().filter(|(intent, _)| intents.contains(*intent));
    let names: Vec<_> = needed.map(|(_, name)| *name).collect();
    names.join(" and ")
}

/// The first thing that ended a shard for good, shared by all shards.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure(Arc<Mutex<Option<GatewayError>>>);

impl Failure {
    pub(crate) fn set(&self, error: GatewayError) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.get_or_insert(error);
    }

    pub(crate) fn take(&self) -> Option<GatewayError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fatal_codes_are_fatal_and_others_are_not() {
        for code in [4004, 4010, 4011, 4012, 4013, 4014] {
            assert!(GatewayError::of_close(code, Intents::GUILDS).is_some(), "{code}");
        }
        for code in [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009] {
            assert!(GatewayError::of_close(code, Intents::GUILDS).is_none(), "{code}");
        }
    }

    #[test]
    fn a_disallowed_intent_names_the_switches_in_the_portal() {
        let intents = Intents::GUILDS | Intents::GUILD_MEMBERS | Intents::MESSAGE_CONTENT;
        let text = GatewayError::of_close(4014, intents).expect("is fatal").to_string();
        for part in ["Server Members Intent and Message Content Intent", "developer portal"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(!text.contains("Presence"), "{text}");
    }
}
