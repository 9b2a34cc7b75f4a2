//! Starting, ending and calling off an event that is stored, with the stage that goes along. The callers have checked,
//! and tell of the event itself.

use super::{find_mut, forget_oldest, is_over, unknown};
use crate::{
    ApiError, ChannelId, EventPlace, EventStatus, GuildId, ScheduledEvent, ScheduledEventId, Timestamp, Tx,
    World, voice,
};

/// It starts. One on a stage opens it, under the event's name and in place of what was open there; the channel is
/// answered, to be told of after the event.
pub(super) fn begin(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId) -> Option<ChannelId> {
    let event = find_mut(tx, guild, id)?;
    let (place, topic) = (event.place.clone(), event.name.clone());
    let opened = match place {
        EventPlace::Stage(channel) => {
            voice::close(tx, guild, channel);
            Some((channel, voice::open_for(tx, guild, channel, topic, id)))
        }
        EventPlace::Voice(_) | EventPlace::External(_) => None,
    };
    started(tx, guild, id, opened.map(|(_, stage)| stage));
    opened.map(|(channel, _)| channel)
}

/// It is running from now on.
fn started(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId, stage: Option<u64>) {
    let now = tx.now;
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    let Some(event) = found.scheduled_events.get_mut(&id) else { return };
    let channel = event.place.channel();
    let empty = channel.is_some_and(|channel| found.voice.in_channel(channel).next().is_none());
    event.status = EventStatus::Active;
    event.stage = stage;
    event.empty_since = empty.then_some(now);
}

/// Whether a stage can be opened for an event: it is planned for this channel and has not started.
///
/// # Errors
/// 10070, 180000 when it is over, 50035 otherwise (a choice).
pub(crate) fn for_stage(
    world: &World,
    guild: GuildId,
    channel: ChannelId,
    id: ScheduledEventId,
) -> Result<(), ApiError> {
    let event = world.guild(guild)?.scheduled_events.get(&id).ok_or_else(unknown)?;
    if event.status.is_over() {
        return Err(is_over());
    }
    if event.place == EventPlace::Stage(channel) && event.status == EventStatus::Scheduled {
        return Ok(());
    }
    let message = "The event is not planned for this stage, or has started.";
    Err(ApiError::form("guild_scheduled_event_id", "GUILD_SCHEDULED_EVENT_INVALID_STAGE", message))
}

/// Somebody has opened the stage of an event: it starts.
pub(crate) fn started_by_stage(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId, stage: u64) {
    started(tx, guild, id, Some(stage));
    super::tell_updated(tx, guild, id);
}

/// It ends; what is open on its stage is closed. A recurring one is planned again for its next occurrence, and never
/// seen as completed. See discord/discord-api-docs issue 6885.
pub(crate) fn finish(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId) {
    let Some(event) = find_mut(tx, guild, id) else { return };
    event.stage = None;
    event.empty_since = None;
    if let EventPlace::Stage(channel) = event.place {
        voice::close(tx, guild, channel);
    }
    next_or(tx, guild, id, EventStatus::Completed);
}

/// It is called off, with all its occurrences.
pub(super) fn cancel(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId) {
    set_over(tx, guild, id, EventStatus::Canceled);
}

/// On to the next occurrence; without one it is over.
pub(super) fn next_or(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId, over: EventStatus) {
    let now = tx.now;
    let Some(event) = find_mut(tx, guild, id) else { return };
    if !on_to_next(event, now) {
        set_over(tx, guild, id, over);
    }
}

fn set_over(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId, status: EventStatus) {
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    let Some(event) = found.scheduled_events.get_mut(&id) else { return };
    event.status = status;
    forget_oldest(found);
}

/// Plans a recurring event for its first occurrence after this one and after now that takes place; false for others.
fn on_to_next(event: &mut ScheduledEvent, now: Timestamp) -> bool {
    let Some(rule) = &event.rule else { return false };
    let canceled = |at: &Timestamp| event.exceptions.get(at).is_some_and(|exception| exception.canceled);
    let first = rule.next_after(event.start.max(now));
    let mut occurrences = std::iter::successors(first, |at| rule.next_after(*at));
    // There are no more exceptions than one can count, so this ends.
    let Some(next) = occurrences.find(|at| !canceled(at)) else { return false };
    let length = event.length();
    event.start = next;
    event.end = length.map(|length| next.plus(length));
    event.status = EventStatus::Scheduled;
    event.exceptions.retain(|at, _| *at >= next);
    event.interested_once.retain(|at, _| *at >= next);
    true
}
