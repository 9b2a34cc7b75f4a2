//! How the world is changed: an [`Action`] runs inside a transaction [`Tx`] that collects its events.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    ApiError, ApplicationId, Audit, Event, GuildId, Timestamp, UserId, World,
    event::{Audience, EventKind},
    permissions::VIEW_AUDIT_LOG,
    wire,
};

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user whose permissions count.
    pub user: UserId,
    /// Set when a bot acts with its application's token; absent for a person.
    pub application: Option<ApplicationId>,
}

impl Actor {
    /// A person at a client.
    pub fn person(user: UserId) -> Self {
        Self { user, application: None }
    }

    /// An application's bot user.
    pub fn bot(application: ApplicationId) -> Self {
        Self { user: application.into(), application: Some(application) }
    }
}

/// Something that changes the world.
///
/// An implementation checks everything before it changes anything: when it returns an error, the world must
/// be as it was (except that ids may have been minted). What auto moderation does when it blocks a message is the one
/// exception; see [`Tx::let_stand`].
pub trait Action {
    /// What the caller gets back, usually the JSON that the REST route answers.
    type Output;
    /// Checks and performs the action.
    fn apply(self, tx: &mut Tx<'_>) -> Result<Self::Output, ApiError>;
}

/// An applied action: its output and what it caused, in order.
#[derive(Debug)]
pub struct Applied<T> {
    /// The action's output.
    pub output: T,
    /// Events in the order in which they happened.
    pub events: Vec<Event>,
}

/// The world while an action runs, the time it runs at, and the events it has caused so far.
#[derive(Debug)]
pub struct Tx<'w> {
    /// The world; free to read, to be changed only after all checks have passed.
    pub world: &'w mut World,
    /// World time of the action.
    pub now: Timestamp,
    events: Vec<Event>,
    reason: Option<Arc<str>>,
    stands: bool,
}

impl<'w> Tx<'w> {
    pub(crate) fn new(world: &'w mut World, now: Timestamp) -> Self {
        Self { world, now, events: Vec::new(), reason: None, stands: false }
    }

    /// Why it is done.
    pub(crate) fn because(self, reason: Option<Arc<str>>) -> Self {
        Self { reason, ..self }
    }

    /// Writes to a guild's audit log what has just been done, with the transaction's reason, and tells those who
    /// may read the log. See Discord docs: Audit Log / Audit Log Entry Object.
    pub(crate) fn audit(&mut self, guild: GuildId, audit: Audit) {
        let id = self.mint();
        let Some(found) = self.world.guilds.get_mut(&guild) else { return };
        let entry = audit.into_entry(id, self.reason.clone());
        let now = self.now;
        let mut data = wire::audit_entry(&entry);
        data["guild_id"] = json!(guild);
        found.audit.push(entry, now);
        self.emit(EventKind::GuildAuditLogEntryCreate, Audience::GuildWith(guild, VIEW_AUDIT_LOG), data);
    }

    /// Why it is done, where the caller said so.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Adds an event.
    pub fn emit(&mut self, kind: EventKind, audience: Audience, data: Value) {
        self.events.push(Event { kind, audience, data: data.into() });
    }

    /// Mints a raw snowflake of now.
    pub fn mint(&mut self) -> u64 {
        self.world.mint(self.now)
    }

    /// What was done so far stays, and is told, although the action is about to be refused.
    pub(crate) fn let_stand(&mut self) {
        self.stands = true;
    }

    pub(crate) fn stands(&self) -> bool {
        self.stands
    }

    /// How many events there are so far; see [`Tx::forget_events_from`].
    pub(crate) fn event_count(&self) -> usize {
        self.events.len()
    }

    /// Takes back the events after the first `count`, when what they told of has been undone.
    pub(crate) fn forget_events_from(&mut self, count: usize) {
        self.events.truncate(count);
    }

    pub(crate) fn into_events(self) -> Vec<Event> {
        self.events
    }
}
