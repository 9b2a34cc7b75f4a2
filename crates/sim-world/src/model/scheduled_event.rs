//! Scheduled events of a guild. See Discord docs: Guild Scheduled Event.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{ChannelId, DISCORD_EPOCH_MS, RecurrenceRule, ScheduledEventId, Timestamp, UserId};

/// What has become of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are Discord's own")]
pub enum EventStatus {
    Scheduled = 1,
    Active = 2,
    Completed = 3,
    Canceled = 4,
}

impl EventStatus {
    /// From the wire's number.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Scheduled, Self::Active, Self::Completed, Self::Canceled]
            .into_iter()
            .find(|status| *status as i64 == number)
    }

    /// Whether nothing comes after it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Canceled)
    }
}

/// Where an event takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventPlace {
    /// On a stage.
    Stage(ChannelId),
    /// In a voice channel.
    Voice(ChannelId),
    /// Somewhere else; 1 to 100 characters.
    External(String),
}

impl EventPlace {
    /// The wire's `entity_type`.
    pub fn number(&self) -> u8 {
        match self {
            Self::Stage(_) => 1,
            Self::Voice(_) => 2,
            Self::External(_) => 3,
        }
    }

    /// The channel, if it is in one.
    pub fn channel(&self) -> Option<ChannelId> {
        match self {
            Self::Stage(channel) | Self::Voice(channel) => Some(*channel),
            Self::External(_) => None,
        }
    }

    /// The place's name, if it is not in a channel.
    pub fn location(&self) -> Option<&str> {
        match self {
            Self::External(location) => Some(location),
            Self::Stage(_) | Self::Voice(_) => None,
        }
    }
}

/// How one occurrence of a recurring event differs from the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventException {
    /// When it starts instead.
    pub start: Option<Timestamp>,
    /// When it ends instead.
    pub end: Option<Timestamp>,
    /// It does not take place.
    pub canceled: bool,
}

/// A scheduled event. Occurrences of a recurring one are known by when the rule starts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledEvent {
    /// Id.
    pub id: ScheduledEventId,
    /// Who made it.
    pub creator: UserId,
    /// Name, 1 to 100 characters.
    pub name: String,
    /// Description, up to 1,000 characters.
    pub description: Option<String>,
    /// Hash of its cover.
    pub image: Option<String>,
    /// When it starts; of a recurring one the occurrence that comes next, or is running.
    pub start: Timestamp,
    /// When it ends, if somebody said so.
    pub end: Option<Timestamp>,
    /// What has become of it.
    pub status: EventStatus,
    /// Where.
    pub place: EventPlace,
    /// The stage instance that was opened for it.
    pub stage: Option<u64>,
    /// How it recurs.
    pub rule: Option<RecurrenceRule>,
    /// What is different about single occurrences; none of them in the past.
    pub exceptions: BTreeMap<Timestamp, EventException>,
    /// Who is interested in it, or in all its occurrences.
    pub interested: BTreeSet<UserId>,
    /// Who is interested in a single occurrence; none of them in the past.
    pub interested_once: BTreeMap<Timestamp, BTreeSet<UserId>>,
    /// Since when nobody is in its channel, while it is running.
    pub empty_since: Option<Timestamp>,
}

impl ScheduledEvent {
    /// When what comes next really starts.
    pub fn starts(&self) -> Timestamp {
        self.exceptions.get(&self.start).and_then(|exception| exception.start).unwrap_or(self.start)
    }

    /// When it really ends: an occurrence that was moved is as long as the others, unless its end was moved too.
    pub fn ends(&self) -> Option<Timestamp> {
        let moved = self.exceptions.get(&self.start).and_then(|exception| exception.end);
        moved.or_else(|| Some(self.starts().plus(self.length()?)))
    }

    /// How long it takes.
    pub fn length(&self) -> Option<Duration> {
        self.end.map(|end| end.since(self.start))
    }

    /// Whether a moment is the start of an occurrence that is not over.
    pub fn occurs_at(&self, at: Timestamp) -> bool {
        let Some(rule) = &self.rule else { return false };
        !self.status.is_over() && at >= self.start && (at == self.start || rule.has(at))
    }

    /// The id by which an occurrence is known: a snowflake of its start by the rule.
    pub fn occurrence_id(at: Timestamp) -> u64 {
        at.ms().saturating_sub(DISCORD_EPOCH_MS) << 22
    }

    /// The moment that such an id stands for.
    pub fn occurrence_of(id: u64) -> Option<Timestamp> {
        let at = Timestamp::from_ms((id >> 22) + DISCORD_EPOCH_MS);
        (Self::occurrence_id(at) == id).then_some(at)
    }
}
