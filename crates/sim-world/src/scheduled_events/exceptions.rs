//! Occurrences of a recurring event that are called off or moved. See Discord docs: Guild Scheduled Event / Guild
//! Scheduled Event Exception Object.
//!
//! An exception is known by when the rule starts its occurrence. The documentation says neither what becomes of a second
//! one for the same occurrence (here it takes the first one's place) nor how what is no occurrence is refused (50035).

use serde_json::{Value, json};

use super::{MAX_OCCURRENCES, audience, changeable, find_mut, is_over, unknown};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, EventException, EventKind, GuildId, ScheduledEvent,
    ScheduledEventId, Timestamp, Tx,
    body::{self, Form},
    wire,
};

const INVALID: &str = "GUILD_SCHEDULED_EVENT_EXCEPTION_INVALID";

/// Reads what is different.
fn read(form: Form<'_>, exception: &mut EventException) {
    if form.has("scheduled_start_time") {
        exception.start = form.moment("scheduled_start_time");
    }
    if form.has("scheduled_end_time") {
        exception.end = form.moment("scheduled_end_time");
    }
    if let Some(canceled) = form.boolean("is_canceled") {
        exception.canceled = canceled;
    }
}

/// Whether the occurrence still makes sense: moved into the future, and over after it has begun.
fn check(
    event: &ScheduledEvent,
    at: Timestamp,
    exception: &EventException,
    now: Timestamp,
) -> Result<(), ApiError> {
    if exception.start.is_some_and(|start| start <= now) {
        let (code, message) = ("GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past.");
        return Err(ApiError::form("scheduled_start_time", code, message));
    }
    let start = exception.start.unwrap_or(at);
    let end = exception.end.or_else(|| Some(start.plus(event.length()?)));
    if end.is_some_and(|end| end <= start) {
        let message = "The end must be after the start.";
        return Err(ApiError::form(
            "scheduled_end_time",
            "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID_END",
            message,
        ));
    }
    Ok(())
}

/// Stores an exception, or takes it away, and tells of it; answers it as REST shows it.
fn put(
    tx: &mut Tx<'_>,
    actor: Actor,
    guild: GuildId,
    event: &ScheduledEvent,
    at: Timestamp,
    exception: Option<EventException>,
) -> Value {
    const KEYS: [&str; 3] = ["scheduled_start_time", "scheduled_end_time", "is_canceled"];
    let before = event.exceptions.get(&at);
    let shown = |exception| wire::event_exception(event, at, exception);
    let old = before.map(shown).unwrap_or_default();
    let new = exception.as_ref().map(shown).unwrap_or_default();
    let (kind, action) = match (before.is_some(), exception.is_some()) {
        (false, _) => {
            (EventKind::GuildScheduledEventExceptionCreate, AuditAction::GuildScheduledEventExceptionCreate)
        }
        (true, true) => {
            (EventKind::GuildScheduledEventExceptionUpdate, AuditAction::GuildScheduledEventExceptionUpdate)
        }
        (true, false) => {
            (EventKind::GuildScheduledEventExceptionDelete, AuditAction::GuildScheduledEventExceptionDelete)
        }
    };
    if old == new {
        return new;
    }
    if let Some(stored) = find_mut(tx, guild, event.id) {
        match exception {
            Some(exception) => stored.exceptions.insert(at, exception),
            None => stored.exceptions.remove(&at),
        };
    }
    let mut data = if new.is_null() { old.clone() } else { new.clone() };
    data["guild_id"] = json!(guild);
    tx.emit(kind, audience(guild, event), data);
    let audit = Audit::new(actor.user, action).target(event.id.get()).diff(&old, &new, &KEYS);
    tx.audit(guild, audit.option("event_exception_id", ScheduledEvent::occurrence_id(at)));
    new
}

/// POST /guilds/{guild}/scheduled-events/{event}/exceptions: `{original_scheduled_start_time, scheduled_start_time?,
/// scheduled_end_time?, is_canceled?}`.
///
/// # Errors
/// 10003, 10004, 10070, 50001, 50013 (as for changing the event), 50035 (no occurrence that is to come; too many),
/// 180000 when it is over, 180005 if nothing is different.
#[derive(Debug)]
pub struct CreateEventException {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Of which event.
    pub event: ScheduledEventId,
    /// The body.
    pub body: Value,
}

impl Action for CreateEventException {
    /// The exception.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        const KEY: &str = "original_scheduled_start_time";
        let event = changeable(tx.world, self.actor, self.guild, self.event, tx.now)?.clone();
        if event.status.is_over() {
            return Err(is_over());
        }
        let mut exception = EventException::default();
        let at = body::read(&self.body, |form| {
            if form.get(KEY).is_none() {
                form.missing(KEY);
            }
            read(form, &mut exception);
            form.moment(KEY)
        })?;
        if exception == EventException::default() && self.body.get("is_canceled").is_none_or(Value::is_null) {
            return Err(ApiError::new(400, 180_005, "An exception must cancel or reschedule an occurrence"));
        }
        let at = at.filter(|at| event.occurs_at(*at)).ok_or_else(|| {
            ApiError::form(KEY, INVALID, "The event does not take place then, or did so already.")
        })?;
        check(&event, at, &exception, tx.now)?;
        if event.exceptions.len() >= MAX_OCCURRENCES && !event.exceptions.contains_key(&at) {
            let message = format!("Maximum number of exceptions reached ({MAX_OCCURRENCES}).");
            return Err(ApiError::form(KEY, "BASE_TYPE_MAX_LENGTH", message));
        }
        Ok(put(tx, self.actor, self.guild, &event, at, Some(exception)))
    }
}

/// The event and the occurrence of an exception that there is.
fn found(
    tx: &Tx<'_>,
    actor: Actor,
    guild: GuildId,
    event: ScheduledEventId,
    exception: u64,
) -> Result<(ScheduledEvent, Timestamp, EventException), ApiError> {
    let event = changeable(tx.world, actor, guild, event, tx.now)?.clone();
    if event.status.is_over() {
        return Err(is_over());
    }
    let at = ScheduledEvent::occurrence_of(exception).ok_or_else(unknown)?;
    let exception = event.exceptions.get(&at).cloned().ok_or_else(unknown)?;
    Ok((event, at, exception))
}

/// PATCH /guilds/{guild}/scheduled-events/{event}/exceptions/{exception}. Discord documents no code for an exception that
/// there is not; it is that of the event.
///
/// # Errors
/// 10003, 10004, 10070, 50001, 50013, 50035, 180000.
#[derive(Debug)]
pub struct PatchEventException {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Of which event.
    pub event: ScheduledEventId,
    /// Which.
    pub exception: u64,
    /// The body.
    pub body: Value,
}

impl Action for PatchEventException {
    /// The exception.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (event, at, mut exception) = found(tx, self.actor, self.guild, self.event, self.exception)?;
        let start = exception.start;
        body::read(&self.body, |form| read(form, &mut exception))?;
        // What was moved into a past that was the future then is not moved again.
        let looked_at = if exception.start == start { Timestamp::default() } else { tx.now };
        check(&event, at, &exception, looked_at)?;
        Ok(put(tx, self.actor, self.guild, &event, at, Some(exception)))
    }
}

/// DELETE /guilds/{guild}/scheduled-events/{event}/exceptions/{exception}: the occurrence follows the rule again.
///
/// # Errors
/// 10003, 10004, 10070, 50001, 50013, 180000.
#[derive(Debug)]
pub struct DeleteEventException {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Of which event.
    pub event: ScheduledEventId,
    /// Which.
    pub exception: u64,
}

impl Action for DeleteEventException {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let (event, at, _) = found(tx, self.actor, self.guild, self.event, self.exception)?;
        put(tx, self.actor, self.guild, &event, at, None);
        Ok(())
    }
}
