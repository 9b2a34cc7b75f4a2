//! Threads in which nothing happens are archived after `auto_archive_duration` of world time. See Discord docs:
//! Topics / Threads.

use std::time::Duration;

use super::change;
use crate::{Channel, ChannelId, EventKind, MessageId, Timestamp, Tx, World, channel_flags::PINNED};

/// When an open thread will be archived if nothing happens in it; `None` for others. What counts is the newest
/// message and when the thread was made or opened again, or its duration changed. A pinned post stays. See Discord
/// docs: Threads / Active & Archived Threads, Forum and Media Channel Thread Fields.
fn archives_at(channel: &Channel) -> Option<Timestamp> {
    let meta = channel.thread.as_ref().filter(|meta| !meta.archived && channel.flags & PINNED == 0)?;
    let last = channel.last_message.map_or(meta.archive_timestamp, MessageId::created);
    let idle = Duration::from_secs(u64::from(meta.auto_archive_minutes) * 60);
    Some(last.max(meta.archive_timestamp).plus(idle))
}

impl World {
    /// To be told of every thread that is made or opened, or whose duration was changed; see [`World::tick`].
    pub(crate) fn note_thread(&mut self, thread: ChannelId) {
        let at = self.channels.get(&thread).and_then(archives_at);
        if let (Some(bound), Some(at)) = (&mut self.no_archive_before, at) {
            *bound = at.min(*bound);
        }
    }

    /// When the next thread is archived, if nothing happens in it until then.
    pub(crate) fn next_archive(&self) -> Option<Timestamp> {
        self.channels.values().filter_map(archives_at).min()
    }
}

/// Archives what is due, with THREAD_UPDATE. Looks at the channels only when one may be due.
pub(crate) fn archive_idle(tx: &mut Tx<'_>) {
    let now = tx.now;
    if tx.world.no_archive_before.is_some_and(|bound| now < bound) {
        return;
    }
    let due: Vec<ChannelId> = tx
        .world
        .channels
        .values()
        .filter(|channel| archives_at(channel).is_some_and(|at| at <= now))
        .map(|channel| channel.id)
        .collect();
    for id in due {
        if let Some(meta) = tx.world.channels.get_mut(&id).and_then(|channel| channel.thread.as_mut()) {
            meta.archived = true;
            meta.archive_timestamp = now;
        }
        change::channel_event(tx, EventKind::ThreadUpdate, id);
    }
    tx.world.no_archive_before = Some(tx.world.next_archive().unwrap_or(Timestamp::from_ms(u64::MAX)));
}
