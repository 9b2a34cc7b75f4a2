//! Scheduled events of guilds: planning and changing them, who is interested, and what time does to them. See Discord
//! docs: Guild Scheduled Event.
//!
//! Who may do what goes by the channel that an event is in, or the guild for one that is elsewhere: CREATE_EVENTS to
//! plan one and to change one's own, MANAGE_EVENTS to change anybody's; beside it CONNECT in a voice channel, and on a
//! stage what its moderators hold. Those who cannot see the channel do not learn of its events.

mod create;
mod exceptions;
mod form;
mod interest;
mod patch;
mod read;
mod rule_form;
mod run;
mod status;

pub use create::CreateScheduledEvent;
pub use exceptions::{CreateEventException, DeleteEventException, PatchEventException};
pub use interest::{SetInterest, UserPage, event_users, user_counts};
pub use patch::{DeleteScheduledEvent, PatchScheduledEvent};
pub use read::{for_view, scheduled_event, scheduled_events};

pub(crate) use read::{for_invite, of_guild_create};
pub(crate) use run::{next_due, occupancy_changed, run_due};
pub(crate) use status::{finish, for_stage, started_by_stage};

use serde_json::{Value, json};

use crate::{
    Actor, ApiError, Audience, ChannelId, EventKind, EventPlace, Guild, GuildId, ScheduledEvent,
    ScheduledEventId, Timestamp, Tx, UserId, World,
    permissions::{CONNECT, CREATE_EVENTS, MANAGE_CHANNELS, MANAGE_EVENTS, MOVE_MEMBERS, MUTE_MEMBERS},
    wire,
};

/// Events of a guild that are not over (30038 above it).
const MAX_OPEN: usize = 100;
/// Events of a guild that are over and can still be looked at; the oldest go. Discord tells no number.
const MAX_OVER: usize = 100;
/// Occurrences of an event of which something is known: exceptions, and those that somebody is interested in alone.
/// Discord tells no number.
const MAX_OCCURRENCES: usize = 100;

/// What a stage's moderator holds in its channel.
const ON_STAGE: u64 = MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;

fn unknown() -> ApiError {
    ApiError::new(404, 10070, "Unknown Guild Scheduled Event")
}

/// An event that is over is changed no more.
fn is_over() -> ApiError {
    ApiError::new(400, 180_000, "Cannot update a finished event")
}

fn find(guild: &Guild, id: ScheduledEventId) -> Result<&ScheduledEvent, ApiError> {
    guild.scheduled_events.get(&id).ok_or_else(unknown)
}

fn find_mut<'t>(tx: &'t mut Tx<'_>, guild: GuildId, id: ScheduledEventId) -> Option<&'t mut ScheduledEvent> {
    tx.world.guilds.get_mut(&guild)?.scheduled_events.get_mut(&id)
}

/// An event that the actor can see.
///
/// # Errors
/// 10004, 10070, 50001 (no member; its channel is hidden).
fn visible(
    world: &World,
    actor: Actor,
    guild: GuildId,
    id: ScheduledEventId,
    now: Timestamp,
) -> Result<&ScheduledEvent, ApiError> {
    let event = find(world.require_guild(actor, guild, 0, now)?, id)?;
    if let Some(channel) = event.place.channel() {
        world.require(actor, channel, 0, now)?;
    }
    Ok(event)
}

/// Whether the actor may have an event at a place, holding one of `either`.
///
/// # Errors
/// 10003, 50001, 50013.
fn may(
    world: &World,
    actor: Actor,
    guild: GuildId,
    place: &EventPlace,
    either: u64,
    now: Timestamp,
) -> Result<(), ApiError> {
    let (held, needed) = match place {
        EventPlace::External(_) => (world.guild_permissions(guild, actor.user, now), 0),
        EventPlace::Stage(channel) => (in_channel(world, actor, *channel, now)?, ON_STAGE),
        EventPlace::Voice(channel) => (in_channel(world, actor, *channel, now)?, CONNECT),
    };
    if held & either != 0 && held & needed == needed { Ok(()) } else { Err(ApiError::missing_permissions()) }
}

fn in_channel(world: &World, actor: Actor, channel: ChannelId, now: Timestamp) -> Result<u64, ApiError> {
    world.require(actor, channel, 0, now)?;
    world.channel_permissions(channel, actor.user, now)
}

/// What of it is enough to change an event of somebody.
fn to_change(actor: Actor, creator: UserId) -> u64 {
    MANAGE_EVENTS | if actor.user == creator { CREATE_EVENTS } else { 0 }
}

/// An event that the actor may change.
///
/// # Errors
/// 10004, 10070, 50001, 50013.
fn changeable(
    world: &World,
    actor: Actor,
    guild: GuildId,
    id: ScheduledEventId,
    now: Timestamp,
) -> Result<&ScheduledEvent, ApiError> {
    let event = find(world.require_guild(actor, guild, 0, now)?, id)?;
    may(world, actor, guild, &event.place, to_change(actor, event.creator), now)?;
    Ok(event)
}

/// Keeps an event, and its cover if there is a new one.
fn store(guild: &mut Guild, event: ScheduledEvent, cover: form::Cover) {
    if let (Some(hash), Some(bytes)) = (event.image.clone(), cover) {
        guild.pictures.insert(hash, bytes);
    }
    guild.scheduled_events.insert(event.id, event);
    guild.forget_pictures();
}

/// Those who can see where it takes place.
fn audience(guild: GuildId, event: &ScheduledEvent) -> Audience {
    match event.place.channel() {
        Some(channel) => Audience::Channel { guild: Some(guild), channel },
        None => Audience::Guild(guild),
    }
}

/// Tells of an event as it is.
fn tell(tx: &mut Tx<'_>, kind: EventKind, guild: GuildId, event: &ScheduledEvent) {
    tx.emit(kind, audience(guild, event), wire::scheduled_event_dispatch(guild, event));
}

/// GUILD_SCHEDULED_EVENT_UPDATE of an event that is stored.
pub(crate) fn tell_updated(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId) {
    let event = tx.world.guilds.get(&guild).and_then(|g| g.scheduled_events.get(&id)).cloned();
    if let Some(event) = event {
        tell(tx, EventKind::GuildScheduledEventUpdate, guild, &event);
    }
}

/// Keys of an event that the audit log compares.
const AUDITED: [&str; 11] = [
    "name",
    "description",
    "channel_id",
    "location",
    "entity_type",
    "privacy_level",
    "status",
    "scheduled_start_time",
    "scheduled_end_time",
    "recurrence_rule",
    "image_hash",
];

/// An event under the audit log's names: a place's and a cover's are others than in the object.
fn audited(guild: GuildId, event: &ScheduledEvent) -> Value {
    let mut value = wire::scheduled_event_dispatch(guild, event);
    value["location"] = json!(event.place.location());
    value["image_hash"] = value["image"].take();
    value
}

/// A channel is gone: its events go without a word, as bots are expected to conclude it from CHANNEL_DELETE. See
/// discord/discord-api-docs issue 4581.
pub(crate) fn forget_channel(guild: &mut Guild, channel: ChannelId) {
    guild.scheduled_events.retain(|_, event| event.place.channel() != Some(channel));
    guild.forget_pictures();
}

/// A member is gone, and with them their interest, without a word: GUILD_MEMBER_REMOVE says enough. What they planned
/// stays.
pub(crate) fn forget_member(guild: &mut Guild, user: UserId) {
    for event in guild.scheduled_events.values_mut() {
        event.interested.remove(&user);
        event.interested_once.retain(|_, users| {
            users.remove(&user);
            !users.is_empty()
        });
    }
}

/// Keeps the newest of the events that are over, and their covers no longer.
fn forget_oldest(guild: &mut Guild) {
    let over: Vec<ScheduledEventId> = guild
        .scheduled_events
        .values()
        .filter(|event| event.status.is_over())
        .map(|event| event.id)
        .collect();
    for id in over.iter().rev().skip(MAX_OVER) {
        guild.scheduled_events.remove(id);
    }
    guild.forget_pictures();
}
