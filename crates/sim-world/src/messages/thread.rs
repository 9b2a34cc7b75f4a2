//! What a message does to the thread it is sent in: the author and whom they mention become members, an archived
//! thread opens again, the count rises. See Discord docs: Topics / Threads.

use crate::{
    ApiError, Audience, Author, Channel, ChannelId, ChannelKind, EventKind, Message, MessageId, Tx, UserId,
    permissions, places, wire,
};

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

/// Message types by which nobody joins: thread starters, and what is told of members and names.
const BY_THE_WAY: [u8; 4] = [1, 2, 4, 21];

/// Before a message is stored in its channel, which need not be a thread. Its author becomes a member, if it is not a
/// webhook's, and so do those whom it mentions.
pub(super) fn on_message(tx: &mut Tx<'_>, message: &Message, author: Option<UserId>) {
    let (now, channel) = (tx.now, message.channel);
    let Some(meta) = tx.world.channels.get_mut(&channel).and_then(|place| place.thread.as_mut()) else {
        return;
    };
    // The starter is not part of the conversation.
    if message.kind == 21 {
        return;
    }
    meta.total_messages += 1;
    if BY_THE_WAY.contains(&message.kind) {
        return;
    }
    if std::mem::take(&mut meta.archived) {
        meta.archive_timestamp = now;
        tx.world.note_thread(channel);
        let Ok(thread) = tx.world.channel(channel) else { return };
        let (audience, data) =
            (Audience::Channel { guild: thread.guild, channel }, wire::channel(tx.world, thread));
        tx.emit(EventKind::ThreadUpdate, audience, data);
        places::remind_members(tx, channel);
    }
    let mentioned = addable(tx, channel, author, &message.mentions);
    let joins: Vec<UserId> = author.into_iter().chain(mentioned).collect();
    places::add_to_thread(tx, channel, &joins);
}

/// After an edit: those whom the message mentions now become members, without being pinged.
pub(super) fn on_edit(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId) {
    let Ok(message) = tx.world.message(channel, id) else { return };
    let author = match message.author {
        Author::User(user) => Some(user),
        Author::Webhook { .. } => None,
    };
    if message.ephemeral_to.is_none() && !BY_THE_WAY.contains(&message.kind) {
        let joins = addable(tx, channel, author, &message.mentions);
        places::add_to_thread(tx, channel, &joins);
    }
}

/// Those among the mentioned whom a mention adds to the thread: members of the guild who can see its channel, and
/// in a private thread only if the author could add them by hand. Discord's documents are silent about mentions;
/// its clients say so, and bots add people by them.
fn addable(tx: &Tx<'_>, channel: ChannelId, author: Option<UserId>, mentioned: &[UserId]) -> Vec<UserId> {
    let Ok(thread) = tx.world.channel(channel) else { return Vec::new() };
    let (Some(meta), Some(guild), Some(parent)) = (&thread.thread, thread.guild, thread.parent) else {
        return Vec::new();
    };
    let moderates = |user| {
        let held = tx.world.channel_permissions(channel, user, tx.now);
        held.is_ok_and(|bits| bits & permissions::MANAGE_THREADS != 0)
    };
    let closed = thread.kind == ChannelKind::PrivateThread && !meta.invitable;
    if closed && !author.is_some_and(|user| user == meta.owner || moderates(user)) {
        return Vec::new();
    }
    let fits =
        |user: &&UserId| tx.world.member(guild, **user).is_ok() && tx.world.can_view(parent, **user, tx.now);
    mentioned.iter().filter(fits).copied().collect()
}
