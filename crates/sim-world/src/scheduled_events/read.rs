//! Looking at scheduled events. See Discord docs: Guild Scheduled Event / List Scheduled Events for Guild.

use serde_json::{Value, json};

use super::visible;
use crate::{
    Actor, ApiError, Guild, GuildId, ScheduledEvent, ScheduledEventId, Timestamp, UserId, World, wire,
};

/// Events that are not over and that somebody can see, by id.
fn open<'w>(
    world: &'w World,
    guild: &'w Guild,
    user: UserId,
    now: Timestamp,
) -> impl Iterator<Item = &'w ScheduledEvent> {
    let sees =
        move |e: &&ScheduledEvent| e.place.channel().is_none_or(|channel| world.can_view(channel, user, now));
    guild.scheduled_events.values().filter(|event| !event.status.is_over()).filter(sees)
}

/// GET /guilds/{guild}/scheduled-events: those that are not over.
///
/// # Errors
/// 10004, 50001.
pub fn scheduled_events(
    world: &World,
    actor: Actor,
    guild: GuildId,
    with_count: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require_guild(actor, guild, 0, now)?;
    let events = open(world, found, actor.user, now);
    Ok(events.map(|event| wire::scheduled_event(world, guild, event, with_count)).collect())
}

/// GET /guilds/{guild}/scheduled-events/{event}; also one that is over, as long as it is remembered.
///
/// # Errors
/// 10004, 10070, 50001 (no member, or the channel is hidden).
pub fn scheduled_event(
    world: &World,
    actor: Actor,
    guild: GuildId,
    id: ScheduledEventId,
    with_count: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let event = visible(world, actor, guild, id, now)?;
    Ok(wire::scheduled_event(world, guild, event, with_count))
}

/// The events of a guild's GUILD_CREATE for one of its members.
pub(crate) fn of_guild_create(world: &World, guild: &Guild, viewer: UserId, now: Timestamp) -> Value {
    let events = open(world, guild, viewer, now);
    events.map(|event| wire::scheduled_event_dispatch(guild.id, event)).collect()
}

/// The events that a person's client shows: with the number of those who are interested, and in `user_rsvp` whether they
/// are themselves.
pub fn for_view(world: &World, guild: &Guild, viewer: UserId, now: Timestamp) -> Value {
    let shown = |event: &ScheduledEvent| {
        let mut value = wire::scheduled_event(world, guild.id, event, true);
        value["user_rsvp"] = if event.interested.contains(&viewer) {
            json!({ "guild_scheduled_event_id": event.id, "user_id": viewer, "response": 1 })
        } else {
            Value::Null
        };
        value
    };
    open(world, guild, viewer, now).map(shown).collect()
}

/// The event that an invite's link points at, if it is the guild's and not over.
pub(crate) fn for_invite(world: &World, guild: GuildId, id: ScheduledEventId) -> Option<Value> {
    let event = world.guilds.get(&guild)?.scheduled_events.get(&id)?;
    (!event.status.is_over()).then(|| wire::scheduled_event(world, guild, event, true))
}
