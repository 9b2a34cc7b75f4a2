//! Changing and removing events. See Discord docs: Guild Scheduled Event / Modify, Delete Guild Scheduled Event.

use serde_json::Value;

use super::{
    AUDITED, audience, audited, changeable, create::check_place, find, form, is_over, may, status, store,
    tell, tell_updated, to_change,
};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, EventKind, EventStatus, GuildId, ScheduledEvent,
    ScheduledEventId, Tx, body, voice, wire,
};

/// PATCH /guilds/{guild}/scheduled-events/{event}: what it is, when and where; with `status` it is started, ended or
/// called off. GUILD_SCHEDULED_EVENT_UPDATE if anything changed. Another `recurrence_rule` takes the exceptions with it,
/// each with GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE.
///
/// # Errors
/// 10003, 10004, 10070, 50001, 50013 (CREATE_EVENTS for one's own, MANAGE_EVENTS for all; what its channel needs, and
/// the one it is moved to), 50024, 50035, 180000 when it is over.
#[derive(Debug)]
pub struct PatchScheduledEvent {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub event: ScheduledEventId,
    /// The body.
    pub body: Value,
}

impl Action for PatchScheduledEvent {
    /// The event.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (actor, guild, id, now) = (self.actor, self.guild, self.event, tx.now);
        let before = changeable(tx.world, actor, guild, id, now)?.clone();
        if before.status.is_over() {
            return Err(is_over());
        }
        let mut event = before.clone();
        let (status, cover) = body::read(&self.body, |form| form::read_patch(form, &mut event, now))?;
        if event.place != before.place {
            check_place(tx.world, guild, &event.place)?;
            may(tx.world, actor, guild, &event.place, to_change(actor, before.creator), now)?;
        }
        if event.rule != before.rule {
            event.exceptions.clear();
            event.interested_once.clear();
        }
        if let Some(found) = tx.world.guilds.get_mut(&guild) {
            store(found, event, cover);
        }
        let opened = match status {
            Some(EventStatus::Active) => status::begin(tx, guild, id),
            Some(EventStatus::Completed) => {
                status::finish(tx, guild, id);
                None
            }
            Some(EventStatus::Canceled) => {
                status::cancel(tx, guild, id);
                None
            }
            Some(EventStatus::Scheduled) | None => None,
        };
        let after = find(tx.world.guild(guild)?, id)?.clone();
        if after != before {
            tell_updated(tx, guild, id);
            if let Some(channel) = opened {
                voice::tell_opened(tx, guild, channel);
            }
            tell_exceptions_gone(tx, guild, &before, &after);
            let (old, new) = (audited(guild, &before), audited(guild, &after));
            let audit = Audit::new(actor.user, AuditAction::GuildScheduledEventUpdate).target(id.get());
            let audit = audit.diff(&old, &new, &AUDITED);
            if audit.has_changes() {
                tx.audit(guild, audit);
            }
        }
        Ok(wire::scheduled_event(tx.world, guild, &after, false))
    }
}

/// Exceptions of a rule that was changed. Those of occurrences that are over go without a word.
fn tell_exceptions_gone(tx: &mut Tx<'_>, guild: GuildId, before: &ScheduledEvent, after: &ScheduledEvent) {
    if before.rule == after.rule {
        return;
    }
    for (at, exception) in &before.exceptions {
        let data = wire::event_exception_dispatch(guild, before, *at, exception);
        tx.emit(EventKind::GuildScheduledEventExceptionDelete, audience(guild, after), data);
    }
}

/// DELETE /guilds/{guild}/scheduled-events/{event}. GUILD_SCHEDULED_EVENT_DELETE with the event as it was. A stage that
/// is open for it is closed.
///
/// # Errors
/// 10003, 10004, 10070, 50001, 50013.
#[derive(Debug)]
pub struct DeleteScheduledEvent {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// Which.
    pub event: ScheduledEventId,
}

impl Action for DeleteScheduledEvent {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let (actor, guild, id) = (self.actor, self.guild, self.event);
        let event = changeable(tx.world, actor, guild, id, tx.now)?.clone();
        if let Some(found) = tx.world.guilds.get_mut(&guild) {
            found.scheduled_events.remove(&id);
            found.forget_pictures();
        }
        if let Some(channel) = event.place.channel().filter(|_| event.stage.is_some()) {
            voice::close(tx, guild, channel);
        }
        tell(tx, EventKind::GuildScheduledEventDelete, guild, &event);
        let audit = Audit::new(actor.user, AuditAction::GuildScheduledEventDelete).target(id.get());
        tx.audit(guild, audit.diff(&audited(guild, &event), &Value::Null, &AUDITED));
        Ok(())
    }
}
