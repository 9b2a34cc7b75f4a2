//! Reads the body of an event. See Discord docs: Guild Scheduled Event / Create, Modify Guild Scheduled Event.
//!
//! `GUILD_SCHEDULED_EVENT_SCHEDULE_PAST` and `.._INVALID_START_BY_STATUS` are Discord's inner codes, as people have
//! reported them; those of an end before the start, of a place that is moved and of a status that cannot follow are a
//! choice.

use std::sync::Arc;

use serde_json::Value;

use super::rule_form;
use crate::{ChannelId, EventPlace, EventStatus, ScheduledEvent, Timestamp, body::Form, places::image};

/// The bytes of a picture that a body brings, for the guild to keep.
pub(super) type Cover = Option<Arc<[u8]>>;

const MAX_NAME: usize = 100;
const MAX_DESCRIPTION: usize = 1000;
const MAX_LOCATION: usize = 100;

/// Reads what a new event must and can be given.
pub(super) fn read_new(form: Form<'_>, event: &mut ScheduledEvent, now: Timestamp) -> Cover {
    for key in ["name", "privacy_level", "scheduled_start_time", "entity_type"] {
        if form.get(key).is_none() {
            form.missing(key);
        }
    }
    if let Some(place) = read_place(form, None) {
        event.place = place;
    }
    read(form, event, now)
}

/// Reads what changes of an event; answers the status it is to have, and its cover.
pub(super) fn read_patch(
    form: Form<'_>,
    event: &mut ScheduledEvent,
    now: Timestamp,
) -> (Option<EventStatus>, Cover) {
    if let Some(place) = read_place(form, Some(&event.place)) {
        if event.status == EventStatus::Active && place.channel() != event.place.channel() {
            // What is going on somewhere does not move.
            let message = "Cannot move an event that is running.";
            form.error("channel_id", "GUILD_SCHEDULED_EVENT_INVALID_PLACE_BY_STATUS", message);
        }
        event.place = place;
    }
    let status = read_status(form, event.status);
    (status, read(form, event, now))
}

/// What a body of either kind can hold beside the place.
fn read(form: Form<'_>, event: &mut ScheduledEvent, now: Timestamp) -> Cover {
    if form.get("privacy_level").is_some() && form.integer("privacy_level", i64::MIN, i64::MAX) != Some(2) {
        form.error("privacy_level", "BASE_TYPE_CHOICES", "Value must be one of (2,).");
    }
    if let Some(name) = form.string("name", 1, MAX_NAME) {
        name.clone_into(&mut event.name);
    }
    if form.has("description") {
        let text = form.string("description", 0, MAX_DESCRIPTION).filter(|text| !text.is_empty());
        event.description = text.map(str::to_owned);
    }
    let mut cover = None;
    if let Some(image) = image::read_whole(form, "image") {
        event.image = image.map(|(hash, bytes)| {
            cover = Some(bytes);
            hash
        });
    }
    read_times(form, event, now);
    if form.has("recurrence_rule") {
        event.rule = form.get("recurrence_rule").and_then(|rule| {
            let path = form.at("recurrence_rule");
            Form::new(rule, &path, form.errors()).and_then(rule_form::read)
        });
    }
    cover
}

fn read_times(form: Form<'_>, event: &mut ScheduledEvent, now: Timestamp) {
    const PAST: (&str, &str) = ("GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", "Cannot schedule event in the past.");
    let start = form.moment("scheduled_start_time");
    if let Some(start) = start {
        if event.status != EventStatus::Scheduled {
            let message = "Cannot update start time of an event that has started.";
            let code = "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID_START_BY_STATUS";
            form.error("scheduled_start_time", code, message);
        } else if start <= now {
            form.error("scheduled_start_time", PAST.0, PAST.1);
        }
        event.start = start;
    }
    let ends = form.has("scheduled_end_time");
    if ends {
        event.end = form.moment("scheduled_end_time");
    }
    match event.end {
        Some(end) if (ends || start.is_some()) && end <= event.start => {
            let message = "The end must be after the start.";
            form.error("scheduled_end_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID_END", message);
        }
        Some(end) if ends && end <= now => form.error("scheduled_end_time", PAST.0, PAST.1),
        _ => {}
    }
}

fn read_status(form: Form<'_>, before: EventStatus) -> Option<EventStatus> {
    use EventStatus::{Active, Canceled, Completed, Scheduled};
    let number = form.integer("status", i64::MIN, i64::MAX)?;
    let Some(status) = EventStatus::from_number(number) else {
        form.error("status", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4).");
        return None;
    };
    match (before, status) {
        (Scheduled, Active | Canceled) | (Active, Completed) => Some(status),
        // Clients send what they do not change.
        (before, same) if before == same => None,
        _ => {
            let message = format!("Cannot change the status from {} to {number}.", before as u8);
            form.error("status", "GUILD_SCHEDULED_EVENT_INVALID_STATUS_TRANSITION", message);
            None
        }
    }
}

/// Reads `entity_type`, `channel_id` and `entity_metadata`; `None` if the place stays, or something is wrong. The
/// metadata of an event in a channel is passed over, as Discord does.
fn read_place(form: Form<'_>, before: Option<&EventPlace>) -> Option<EventPlace> {
    let kind = match form.integer("entity_type", i64::MIN, i64::MAX) {
        Some(kind @ 1..=3) => u8::try_from(kind).ok()?,
        Some(_) => {
            form.error("entity_type", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3).");
            return None;
        }
        None => before?.number(),
    };
    let stays = before.filter(|place| place.number() == kind);
    if kind == 3 {
        return read_elsewhere(form, before.is_some(), stays);
    }
    let channel = match form.get("channel_id") {
        Some(_) => form.id::<ChannelId>("channel_id")?,
        None if form.has("channel_id") || stays.is_none() => {
            form.missing("channel_id");
            return None;
        }
        None => stays?.channel()?,
    };
    Some(if kind == 1 { EventPlace::Stage(channel) } else { EventPlace::Voice(channel) })
}

/// An event outside of Discord has a location and an end, and no channel. One that comes out of a channel must say so.
fn read_elsewhere(form: Form<'_>, is_patch: bool, stays: Option<&EventPlace>) -> Option<EventPlace> {
    if form.get("channel_id").is_some() {
        let message = "Must be null for an event that is not in a channel.";
        form.error("channel_id", "GUILD_SCHEDULED_EVENT_INVALID_CHANNEL", message);
    } else if is_patch && stays.is_none() && !form.has("channel_id") {
        form.missing("channel_id");
    }
    let keeps_end = stays.is_some() && !form.has("scheduled_end_time");
    if form.get("scheduled_end_time").is_none() && !keeps_end {
        form.missing("scheduled_end_time");
    }
    let Some(metadata) = form.get("entity_metadata") else {
        if stays.is_none() || form.has("entity_metadata") {
            form.missing("entity_metadata");
        }
        return stays.cloned();
    };
    read_location(form, metadata).map(EventPlace::External)
}

fn read_location(form: Form<'_>, metadata: &Value) -> Option<String> {
    let path = form.at("entity_metadata");
    let metadata = Form::new(metadata, &path, form.errors())?;
    if metadata.get("location").is_none() {
        metadata.missing("location");
    }
    metadata.string("location", 1, MAX_LOCATION).map(str::to_owned)
}
