//! Planning an event. See Discord docs: Guild Scheduled Event / Create Guild Scheduled Event.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{AUDITED, MAX_OPEN, audited, form, interest, may, store, tell};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, ChannelKind, EventKind, EventPlace, EventStatus, GuildId,
    ScheduledEvent, ScheduledEventId, Timestamp, Tx, World, body, permissions::CREATE_EVENTS, wire,
};

/// POST /guilds/{guild}/scheduled-events. Whoever plans an event is interested in it.
///
/// # Errors
/// 10003, 10004, 30038 above a hundred that are not over, 50001, 50013 (CREATE_EVENTS; CONNECT in a voice channel,
/// MANAGE_CHANNELS, MUTE_MEMBERS and MOVE_MEMBERS on a stage), 50024 (another type of channel), 50035.
#[derive(Debug)]
pub struct CreateScheduledEvent {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for CreateScheduledEvent {
    /// The event.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (actor, guild, now) = (self.actor, self.guild, tx.now);
        let found = tx.world.require_guild(actor, guild, 0, now)?;
        let mut event = draft(actor, now);
        let cover = body::read(&self.body, |form| form::read_new(form, &mut event, now))?;
        check_place(tx.world, guild, &event.place)?;
        may(tx.world, actor, guild, &event.place, CREATE_EVENTS, now)?;
        if found.scheduled_events.values().filter(|event| !event.status.is_over()).count() >= MAX_OPEN {
            let message = "Maximum number of uncompleted guild scheduled events reached (100)";
            return Err(ApiError::new(400, 30038, message));
        }
        event.id = ScheduledEventId::new(tx.mint());
        if let Some(found) = tx.world.guilds.get_mut(&guild) {
            store(found, event.clone(), cover);
        }
        tell(tx, EventKind::GuildScheduledEventCreate, guild, &event);
        interest::add(tx, guild, &event, None, actor.user);
        let audit = Audit::new(actor.user, AuditAction::GuildScheduledEventCreate);
        let audit = audit.target(event.id.get()).diff(&Value::Null, &audited(guild, &event), &AUDITED);
        tx.audit(guild, audit);
        Ok(wire::scheduled_event(tx.world, guild, &event, false))
    }
}

/// An event before its body is read.
fn draft(actor: Actor, now: Timestamp) -> ScheduledEvent {
    ScheduledEvent {
        id: ScheduledEventId::new(0),
        creator: actor.user,
        name: String::new(),
        description: None,
        image: None,
        start: now,
        end: None,
        status: EventStatus::Scheduled,
        place: EventPlace::External(String::new()),
        stage: None,
        rule: None,
        exceptions: BTreeMap::new(),
        interested: BTreeSet::new(),
        interested_once: BTreeMap::new(),
        empty_since: None,
    }
}

/// Whether a place's channel is one of the guild, and of the right type.
///
/// # Errors
/// 10003, 50024.
pub(super) fn check_place(world: &World, guild: GuildId, place: &EventPlace) -> Result<(), ApiError> {
    let (id, kind) = match place {
        EventPlace::External(_) => return Ok(()),
        EventPlace::Stage(id) => (*id, ChannelKind::Stage),
        EventPlace::Voice(id) => (*id, ChannelKind::Voice),
    };
    let channel = world.channel(id)?;
    if channel.guild != Some(guild) {
        return Err(ApiError::unknown_channel());
    }
    if channel.kind == kind { Ok(()) } else { Err(ApiError::wrong_channel_type()) }
}
