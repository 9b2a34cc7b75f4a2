//! How often a command may run, and how many of it at once.

mod journal;
mod rate;
mod slots;

use std::time::Duration;

use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

pub use self::journal::{CooldownJournal, NoJournal, SavedCooldown};
pub(crate) use self::rate::{Cooldowns, Key, Wanted};
pub(crate) use self::slots::{Slot, Slots};

use crate::ctx::Invocation;
use crate::spec::Spec;

/// What a bound counts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Each person, in all guilds together.
    User,
    /// Each guild; in direct messages each person.
    Guild,
    /// Each channel.
    Channel,
    /// Everybody together.
    Global,
}

impl Scope {
    /// A constant name: `user`, `guild`, `channel`, `global`.
    pub fn label(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Guild => "guild",
            Self::Channel => "channel",
            Self::Global => "global",
        }
    }

    /// The id of whatever a call counts for.
    pub(crate) fn id(self, call: &Invocation) -> u64 {
        match self {
            Self::User => call.invoker.id.get(),
            Self::Guild => call.guild.map_or_else(|| call.invoker.id.get(), Into::into),
            Self::Channel => call.channel.get(),
            Self::Global => 0,
        }
    }
}

/// Whom a count is about, so that it can be handed out and erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whose {
    /// The person.
    pub(crate) user: Option<Id<UserMarker>>,
    /// The guild.
    pub(crate) guild: Option<Id<GuildMarker>>,
}

impl Whose {
    /// Direct messages are a person's own, whatever a bound counts by there.
    pub(crate) fn of(scope: Scope, user: Id<UserMarker>, guild: Option<Id<GuildMarker>>) -> Self {
        let person = Self { user: Some(user), guild: None };
        match (scope, guild) {
            (Scope::User, _) | (Scope::Guild | Scope::Channel, None) => person,
            (Scope::Guild | Scope::Channel, guild) => Self { user: None, guild },
            (Scope::Global, _) => Self::default(),
        }
    }
}

/// So many uses in a time that begins with the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many.
    pub uses: u32,
    /// In what time.
    pub per: Duration,
}

/// A bound on how often a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// How often; `None` is what the settings say (`cooldowns.default_rate`, `cooldowns.default_per`).
    pub pace: Option<Pace>,
    /// What it counts by.
    pub scope: Scope,
    /// Commands that name the same bucket and the same time are counted together; `None` is the command's own.
    pub bucket: Option<String>,
}

impl Cooldown {
    /// So many uses in this time. As an attribute: `cooldown = "3 per 10s per user"`.
    pub fn new(uses: u32, per: Duration, scope: Scope) -> Self {
        Self { pace: Some(Pace { uses, per }), scope, bucket: None }
    }

    /// As often as the settings say. As an attribute: `cooldown = "default per user"`.
    pub fn standard(scope: Scope) -> Self {
        Self { pace: None, scope, bucket: None }
    }

    /// Counts together with all commands that name this bucket. As an attribute:
    /// `cooldown = "1 per 5s per user in music"`.
    pub fn bucket(mut self, bucket: impl Into<String>) -> Self {
        self.bucket = Some(bucket.into());
        self
    }
}

/// A bound on how many runs of a command there are at once. A run ends with its body, open menus included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// How many.
    pub max: u32,
    /// What it counts by.
    pub scope: Scope,
}

impl Concurrency {
    /// So many at once. As an attribute: `concurrency = "1 per user"`.
    pub fn new(max: u32, scope: Scope) -> Self {
        Self { max, scope }
    }
}

impl Spec {
    /// What is wrong with its bounds.
    pub(crate) fn bound_problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for pace in self.cooldowns.iter().filter_map(|cooldown| cooldown.pace) {
            if pace.uses == 0 || pace.per.is_zero() {
                found.push("a cooldown needs at least one use in some time".to_owned());
            }
        }
        if self.concurrency.is_some_and(|concurrency| concurrency.max == 0) {
            found.push("with a concurrency of 0 it could never run".to_owned());
        }
        found
    }
}
