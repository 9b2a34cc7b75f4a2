//! What a message does to the thread it is sent in: the author becomes a member, an archived thread opens
//! again, the count rises. See Discord docs: Topics / Threads.

use serde_json::json;

use crate::{ApiError, Audience, Channel, ChannelId, EventKind, Tx, UserId, permissions, wire};

/// Whether somebody with `bits` may write in the thread as it stands: locked ones are for moderators.
pub(super) fn check_open(channel: &Channel, bits: u64) -> Result<(), ApiError> {
    match &channel.thread {
        Some(meta) if meta.locked && bits & permissions::MANAGE_THREADS == 0 => {
            Err(ApiError::thread_locked())
        }
        _ => Ok(()),
    }
}

/// Whether the thread takes edits, reactions and pins: archived ones do not.
pub(super) fn check_active(channel: &Channel) -> Result<(), ApiError> {
    match &channel.thread {
        Some(meta) if meta.archived => Err(ApiError::thread_archived()),
        _ => Ok(()),
    }
}

/// Before a message of `kind` by `author` is stored in `channel`, which need not be a thread. A webhook's message has
/// no author who could become a member.
pub(super) fn on_message(tx: &mut Tx<'_>, channel: ChannelId, author: Option<UserId>, kind: u8) {
    let now = tx.now;
    let Some(thread) = tx.world.channels.get_mut(&channel) else { return };
    let Some(guild) = thread.guild else { return };
    let Some(meta) = &mut thread.thread else { return };
    // The starter is not part of the conversation.
    if kind == 21 {
        return;
    }
    meta.total_messages += 1;
    let woken = std::mem::take(&mut meta.archived);
    if woken {
        meta.archive_timestamp = now;
    }
    let joined = author.filter(|author| !meta.members.contains_key(author));
    if let Some(author) = joined {
        meta.members.insert(author, now);
    }
    let count = meta.members.len().min(50);
    let audience = Audience::Channel { guild: Some(guild), channel };
    let Ok(thread) = tx.world.channel(channel) else { return };
    let update = woken.then(|| wire::channel(tx.world, thread));
    let members = joined.map(|author| {
        let mut added = wire::thread_member(thread, author, now);
        if let Some(guild) = tx.world.guilds.get(&guild)
            && let Some(member) = guild.members.get(&author)
        {
            added["member"] = wire::member(tx.world, guild, member);
        }
        json!({ "id": channel, "guild_id": guild, "member_count": count, "added_members": [added] })
    });
    if let Some(data) = update {
        tx.world.note_thread(channel);
        tx.emit(EventKind::ThreadUpdate, audience.clone(), data);
    }
    if let Some(data) = members {
        tx.emit(EventKind::ThreadMembersUpdate, audience, data);
    }
}
