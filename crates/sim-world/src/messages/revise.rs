//! Applying an edit to a stored message, and MESSAGE_UPDATE.

use super::{Kept, Patch, Shown, audience, crosspost, files, mentions, poll, publish, thread};
use crate::{ApiError, Attachment, AttachmentId, Author, ChannelId, EventKind, MessageId, Tx, wire};

/// Applies an edit without asking for permissions, ephemeral messages included, and emits MESSAGE_UPDATE unless
/// nothing was to change. Mentions are rebuilt from the new text; nobody is pinged again.
///
/// # Errors
/// 10003 and 10008 without the message; 50035 when a component shows a file that is not there.
pub fn revise(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId, patch: Patch) -> Result<(), ApiError> {
    let message = tx.world.message(channel, id)?;
    if patch.is_empty() {
        return Ok(());
    }
    let (kept, dropped): (Vec<Attachment>, Vec<Attachment>) = match &patch.keep {
        None => (message.attachments.clone(), Vec::new()),
        Some(keep) => split(&message.attachments, keep),
    };
    let mut embeds = patch.embeds.unwrap_or_else(|| message.embeds.clone());
    let mut components = match &patch.components {
        Some(components) => components.clone(),
        None => message.components.clone(),
    };
    let content = patch.content.unwrap_or_else(|| message.content.clone());
    let author = match message.author {
        Author::User(user) => Some(user),
        Author::Webhook { .. } => None,
    };
    // Somebody pinged by a reply stays so; the edit cannot know better.
    let replied = message.reference.filter(|_| message.kind == 19);
    let replied = replied.and_then(|(channel, id)| match tx.world.message(channel, id).ok()?.author {
        Author::User(user) => Some(user),
        Author::Webhook { .. } => None,
    });
    let replied = replied.filter(|user| message.mentions.contains(user));
    let ids: Vec<AttachmentId> = patch.files.iter().map(|_| AttachmentId::new(tx.mint())).collect();
    let shown = Shown::new(tx.world, channel, &kept, &patch.files, &ids);
    if patch.components.is_some() {
        shown.resolve(tx, &mut embeds, &mut components)?;
    } else {
        // Stored components are complete already.
        shown.resolve(tx, &mut embeds, &mut [])?;
    }
    // All checks are done; from here on nothing fails.
    let context = mentions::Context { world: tx.world, channel, author, replied, now: tx.now };
    let mentions = mentions::resolve(&context, &content, &components, &patch.allowed);
    let mut attachments = kept;
    for (file, id) in patch.files.into_iter().zip(ids) {
        attachments.push(files::store(tx, id, file));
    }
    let mut new_poll = patch.poll;
    if let Some(poll) = &mut new_poll {
        poll::complete(tx.world, poll);
    }
    publish::forget_blobs(tx.world, &dropped);
    let now = tx.now;
    let Some(message) = tx.world.channels.get_mut(&channel).and_then(|c| c.messages.get_mut(&id)) else {
        return Ok(());
    };
    message.content = content;
    message.embeds = embeds;
    message.components = components;
    message.attachments = attachments;
    message.flags = message.flags & !patch.clear_flags | patch.set_flags;
    message.mention_everyone = mentions.everyone;
    message.mentions = mentions.users;
    message.mention_roles = mentions.roles;
    if patch.edited {
        message.edited = Some(now);
    }
    if let Some(poll) = new_poll {
        let expiry = poll.expiry;
        message.poll = Some(poll);
        tx.world.note_poll(expiry, channel, id);
    }
    emit_update(tx, channel, id);
    thread::on_edit(tx, channel, id);
    crosspost::follow_edit(tx, channel, id);
    Ok(())
}

/// Emits MESSAGE_UPDATE with the message as it stands.
pub(super) fn emit_update(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId) {
    let Ok(message) = tx.world.message(channel, id) else { return };
    let mut data = wire::message_event(tx.world, message);
    // See Discord docs: Gateway Events / Message Update: tts is always false.
    data["tts"] = false.into();
    let audience = audience(message);
    tx.emit(EventKind::MessageUpdate, audience, data);
}

/// Those that stay, with what the edit says about them, and those that go.
fn split(present: &[Attachment], keep: &[Kept]) -> (Vec<Attachment>, Vec<Attachment>) {
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for attachment in present {
        let Some(rule) = keep.iter().find(|k| k.id == attachment.id) else {
            dropped.push(attachment.clone());
            continue;
        };
        let mut attachment = attachment.clone();
        if let Some(description) = &rule.description {
            attachment.description.clone_from(description);
        }
        if let Some(spoiler) = rule.spoiler {
            attachment.filename = files::with_spoiler(&attachment.filename, spoiler);
        }
        kept.push(attachment);
    }
    (kept, dropped)
}
