//! What time does to events: those outside of Discord start and end by themselves, those in a channel end when
//! everybody has left, those that nobody starts are called off. See Discord docs: Guild Scheduled Event / Guild
//! Scheduled Event Status Update Automation.

use std::time::Duration;

use super::{find_mut, status, tell_updated};
use crate::{ChannelId, EventStatus, Guild, GuildId, ScheduledEvent, ScheduledEventId, Timestamp, Tx, World};

/// How long nobody may be in the channel of an event that is running. Discord says "on the order of minutes".
const EMPTY_FOR: Duration = Duration::from_secs(5 * 60);
/// How late an event in a channel may be started. Discord says "on the order of hours".
const LATE_BY: Duration = Duration::from_secs(3 * 60 * 60);

/// What happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// An event outside of Discord starts.
    Begin,
    /// It ends, or everybody has left.
    Finish,
    /// An occurrence that was called off does not take place.
    Skip,
    /// Nobody has started it.
    Miss,
    /// Nobody is there, which was not noticed: a world that was saved has lost the sessions of bots.
    NoteEmpty,
}

/// What happens next to an event, and when.
fn due(guild: &Guild, event: &ScheduledEvent) -> Option<(Timestamp, Step)> {
    let canceled = event.exceptions.get(&event.start).is_some_and(|exception| exception.canceled);
    match (event.status, event.place.channel()) {
        (EventStatus::Scheduled, _) if canceled => Some((event.start, Step::Skip)),
        (EventStatus::Scheduled, None) => Some((event.starts(), Step::Begin)),
        (EventStatus::Scheduled, Some(_)) => Some((event.starts().plus(LATE_BY), Step::Miss)),
        (EventStatus::Active, None) => Some((event.ends()?, Step::Finish)),
        (EventStatus::Active, Some(channel)) => match event.empty_since {
            Some(since) => Some((since.plus(EMPTY_FOR), Step::Finish)),
            None if is_empty(guild, channel) => Some((Timestamp::default(), Step::NoteEmpty)),
            None => None,
        },
        (EventStatus::Completed | EventStatus::Canceled, _) => None,
    }
}

fn is_empty(guild: &Guild, channel: ChannelId) -> bool {
    guild.voice.in_channel(channel).next().is_none()
}

/// When something happens next to any event.
pub(crate) fn next_due(world: &World) -> Option<Timestamp> {
    let of =
        |guild: &Guild| guild.scheduled_events.values().filter_map(|e| due(guild, e)).map(|(at, _)| at).min();
    world.guilds.values().filter_map(of).min()
}

/// Lets happen what is due, oldest first, with GUILD_SCHEDULED_EVENT_UPDATE each. The audit log, in which people are
/// named, does not tell of it.
pub(crate) fn run_due(tx: &mut Tx<'_>) {
    loop {
        let mut now_due: Vec<(Timestamp, GuildId, ScheduledEventId, Step)> = Vec::new();
        for guild in tx.world.guilds.values() {
            let events = guild.scheduled_events.values();
            let found = events.filter_map(|e| due(guild, e).map(|(at, step)| (at, guild.id, e.id, step)));
            now_due.extend(found.filter(|(at, ..)| *at <= tx.now));
        }
        if now_due.is_empty() {
            return;
        }
        now_due.sort_unstable();
        for (_, guild, id, step) in now_due {
            run(tx, guild, id, step);
        }
        // An event that has just begun may have to end. Each gets nearer to something that is not due yet.
    }
}

fn run(tx: &mut Tx<'_>, guild: GuildId, id: ScheduledEventId, step: Step) {
    let now = tx.now;
    match step {
        Step::Begin => {
            // Only those outside of Discord begin by themselves: no stage is opened.
            status::begin(tx, guild, id);
        }
        Step::Finish => status::finish(tx, guild, id),
        Step::Skip | Step::Miss => status::next_or(tx, guild, id, EventStatus::Canceled),
        Step::NoteEmpty => {
            if let Some(event) = find_mut(tx, guild, id) {
                event.empty_since = Some(now);
            }
            return;
        }
    }
    tell_updated(tx, guild, id);
}

/// Somebody has entered a voice channel or left it: an event there lasts as long as somebody is there.
pub(crate) fn occupancy_changed(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId) {
    let now = tx.now;
    let Some(found) = tx.world.guilds.get_mut(&guild) else { return };
    let empty = is_empty(found, channel);
    let running =
        |e: &&mut ScheduledEvent| e.status == EventStatus::Active && e.place.channel() == Some(channel);
    for event in found.scheduled_events.values_mut().filter(running) {
        event.empty_since = if empty { event.empty_since.or(Some(now)) } else { None };
    }
}
