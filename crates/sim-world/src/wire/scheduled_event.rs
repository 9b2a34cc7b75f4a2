//! Scheduled events. See Discord docs: Guild Scheduled Event.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{EventException, GuildId, RecurrenceRule, RecursOn, ScheduledEvent, Timestamp, World};

/// An event as REST answers it: with its creator, and on request the number of those who are interested.
pub fn scheduled_event(world: &World, guild: GuildId, event: &ScheduledEvent, with_count: bool) -> Value {
    let mut value = bare(guild, event);
    value["creator"] = user_by_id(world, event.creator);
    if with_count {
        value["user_count"] = json!(event.interested.len());
    }
    value["guild_scheduled_event_exceptions"] =
        event.exceptions.iter().map(|(at, exception)| event_exception(event, *at, exception)).collect();
    value
}

/// An event as the gateway sends it: without its creator, whose id is there; exceptions hold the guild's id. So it was
/// seen in payloads that people have published; the documentation tells no difference.
pub fn scheduled_event_dispatch(guild: GuildId, event: &ScheduledEvent) -> Value {
    let mut value = bare(guild, event);
    value["guild_scheduled_event_exceptions"] = event
        .exceptions
        .iter()
        .map(|(at, exception)| event_exception_dispatch(guild, event, *at, exception))
        .collect();
    value
}

fn bare(guild: GuildId, event: &ScheduledEvent) -> Value {
    json!({
        "id": event.id,
        "guild_id": guild,
        "channel_id": event.place.channel(),
        "creator_id": event.creator,
        "name": event.name,
        "description": event.description,
        "image": event.image,
        "scheduled_start_time": event.start.iso(),
        "scheduled_end_time": event.end.map(Timestamp::iso),
        "privacy_level": 2,
        "status": event.status as u8,
        "entity_type": event.place.number(),
        "entity_id": event.stage.map(|id| id.to_string()),
        "entity_metadata": event.place.location().map(|location| json!({ "location": location })),
        "recurrence_rule": event.rule.as_ref().map(recurrence_rule),
    })
}

/// A recurrence rule; what nobody can set is null.
fn recurrence_rule(rule: &RecurrenceRule) -> Value {
    let mut value = json!({
        "start": rule.start.iso(),
        "end": null,
        "frequency": rule.frequency as u8,
        "interval": rule.interval,
        "by_weekday": null,
        "by_n_weekday": null,
        "by_month": null,
        "by_month_day": null,
        "by_year_day": null,
        "count": null,
    });
    match &rule.on {
        RecursOn::Start => {}
        RecursOn::Weekdays(days) => value["by_weekday"] = json!(days),
        RecursOn::NthWeekday { n, day } => value["by_n_weekday"] = json!([{ "n": n, "day": day }]),
        RecursOn::Date { month, day } => {
            value["by_month"] = json!([month]);
            value["by_month_day"] = json!([day]);
        }
    }
    value
}

/// What is different about the occurrence that the rule starts `at` a moment.
pub fn event_exception(event: &ScheduledEvent, at: Timestamp, exception: &EventException) -> Value {
    json!({
        "event_id": event.id,
        "event_exception_id": ScheduledEvent::occurrence_id(at).to_string(),
        "scheduled_start_time": exception.start.map(Timestamp::iso),
        "scheduled_end_time": exception.end.map(Timestamp::iso),
        "is_canceled": exception.canceled,
    })
}

/// The same as the gateway sends it.
pub fn event_exception_dispatch(
    guild: GuildId,
    event: &ScheduledEvent,
    at: Timestamp,
    exception: &EventException,
) -> Value {
    let mut value = event_exception(event, at, exception);
    value["guild_id"] = json!(guild);
    value
}
