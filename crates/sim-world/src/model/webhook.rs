//! Webhooks that belong to a channel. An application's own webhook is not kept: it stands for its interactions.

use serde::{Deserialize, Serialize};

use crate::{ApplicationId, ChannelId, GuildId, UserId, WebhookId};

/// What a webhook is for. See Discord docs: Webhook / Webhook Types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WebhookKind {
    /// Type 1: whoever has the token may write.
    Incoming {
        /// The token, 68 characters that can stand in an address.
        token: String,
    },
    /// Type 2: brings what is published in an announcement channel.
    Follower {
        /// The guild followed.
        guild: GuildId,
        /// The announcement channel followed.
        channel: ChannelId,
    },
}

/// A webhook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Webhook {
    /// Id.
    pub id: WebhookId,
    /// Where it writes.
    pub channel: ChannelId,
    /// The guild of that channel.
    pub guild: GuildId,
    /// What it is for.
    pub kind: WebhookKind,
    /// Default name, 1 to 80 characters.
    pub name: String,
    /// Default avatar hash.
    pub avatar: Option<String>,
    /// Who made it.
    pub creator: UserId,
    /// The application that made it and owns it; absent for a person's.
    pub application: Option<ApplicationId>,
}

impl Webhook {
    /// The number of its type on the wire.
    pub fn number(&self) -> u8 {
        match self.kind {
            WebhookKind::Incoming { .. } => 1,
            WebhookKind::Follower { .. } => 2,
        }
    }

    /// The announcement channel it follows.
    pub fn followed(&self) -> Option<ChannelId> {
        match self.kind {
            WebhookKind::Follower { channel, .. } => Some(channel),
            WebhookKind::Incoming { .. } => None,
        }
    }
}
