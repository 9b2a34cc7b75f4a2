//! Who is connected to which voice channel, and what is said of the call there. See Discord docs: Voice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ChannelId, ScheduledEventId, Timestamp, UserId};

/// A member's connection to a voice or stage channel. Whether the server mutes or deafens them stays with the
/// [`Member`](crate::Member) when they leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceState {
    /// Who.
    pub user: UserId,
    /// Where.
    pub channel: ChannelId,
    /// A bot's gateway session, or one made up for a person's client.
    pub session: String,
    /// Muted by themselves.
    pub self_mute: bool,
    /// Deafened by themselves.
    pub self_deaf: bool,
    /// With their camera on.
    pub self_video: bool,
    /// In the audience of a stage, or without SPEAK.
    pub suppress: bool,
    /// When they asked to speak on a stage.
    pub request_to_speak: Option<Timestamp>,
}

/// What is said of a voice channel. It ends when the last one leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceCall {
    /// When the first of those who are there entered.
    pub started: Option<Timestamp>,
    /// The channel's status, up to 500 characters.
    pub status: Option<String>,
}

/// A stage channel that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageInstance {
    /// Id.
    pub id: u64,
    /// What it is about, 1 to 120 characters.
    pub topic: String,
    /// The scheduled event that it is open for.
    #[serde(default)]
    pub event: Option<ScheduledEventId>,
}

/// The voice side of a guild; bounded by its members and channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuildVoice {
    /// Those who are connected.
    pub states: BTreeMap<UserId, VoiceState>,
    /// Channels of which there is something to say.
    pub calls: BTreeMap<ChannelId, VoiceCall>,
    /// Stages that are open.
    #[serde(default)]
    pub stages: BTreeMap<ChannelId, StageInstance>,
}

impl GuildVoice {
    /// Those who are connected to a channel, by id.
    pub fn in_channel(&self, channel: ChannelId) -> impl Iterator<Item = &VoiceState> {
        self.states.values().filter(move |state| state.channel == channel)
    }
}
