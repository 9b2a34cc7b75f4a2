//! Publishing a message of an announcement channel: copies go to the channels that follow it, and change with it.
//! See Discord docs: Message / Crosspost Message.

use serde_json::Value;

use super::{copies, publish, reachable, revise::emit_update};
use crate::{
    Action, Actor, ApiError, Author, ChannelId, ChannelKind, Message, MessageId, Tx, Webhook, flags,
    permissions, webhooks, wire,
};

/// Message types that can be published: plain messages, replies, answers to commands.
const CAN_PUBLISH: [u8; 4] = [0, 19, 20, 23];

/// POST /channels/{channel}/messages/{message}/crosspost.
///
/// # Errors
/// 10003, 10008, 50001, 50024 (no announcement channel), 50013 (SEND_MESSAGES, for others' messages MANAGE_MESSAGES
/// too), 50021 (system message), 40033 (published already, or itself a copy).
#[derive(Clone, Copy, Debug)]
pub struct CrosspostMessage {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// Which.
    pub message: MessageId,
}

impl Action for CrosspostMessage {
    /// The message.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let channel = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        if channel.kind != ChannelKind::Announcement {
            return Err(ApiError::wrong_channel_type());
        }
        let message = reachable(tx.world, self.channel, self.message)?;
        let own = message.author == Author::User(self.actor.user);
        let others = if own { 0 } else { permissions::MANAGE_MESSAGES };
        tx.world.require(self.actor, self.channel, permissions::SEND_MESSAGES | others, tx.now)?;
        if message.flags & (flags::CROSSPOSTED | flags::IS_CROSSPOST) != 0 {
            return Err(ApiError::already_crossposted());
        }
        // Of forwards Discord's documents say nothing; their reference is taken, and a copy needs one.
        if !CAN_PUBLISH.contains(&message.kind) || message.snapshot.is_some() {
            return Err(ApiError::system_message());
        }
        let source = message.clone();
        if let Some(message) = message_mut(tx, self.channel, self.message) {
            message.flags |= flags::CROSSPOSTED;
        }
        emit_update(tx, self.channel, self.message);
        for webhook in webhooks::followers(tx.world, self.channel) {
            deliver(tx, &source, &webhook);
        }
        let message = tx.world.message(self.channel, self.message)?;
        Ok(wire::message(tx.world, message, Some(self.actor.user)))
    }
}

fn message_mut<'w>(tx: &'w mut Tx<'_>, channel: ChannelId, id: MessageId) -> Option<&'w mut Message> {
    tx.world.channels.get_mut(&channel)?.messages.get_mut(&id)
}

/// Sends a copy through the webhook of a channel that follows. It pings nobody there.
fn deliver(tx: &mut Tx<'_>, source: &Message, webhook: &Webhook) {
    let mut copy = Message {
        id: MessageId::new(tx.mint()),
        channel: webhook.channel,
        guild: Some(webhook.guild),
        author: Author::Webhook {
            id: webhook.id,
            name: webhook.name.clone(),
            avatar: webhook.avatar.clone(),
        },
        kind: 0,
        sent: tx.now,
        edited: None,
        mention_everyone: false,
        mentions: Vec::new(),
        mention_roles: Vec::new(),
        reactions: Vec::new(),
        flags: source.flags & (flags::SUPPRESS_EMBEDS | flags::IS_COMPONENTS_V2) | flags::IS_CROSSPOST,
        reference: Some((source.channel, source.id)),
        reference_guild: source.guild,
        nonce: None,
        pinned: None,
        application: None,
        interaction: None,
        thread: None,
        ..source.clone()
    };
    own_files(tx, source, &mut copy);
    publish::insert(tx, copy, None);
}

/// Gives the copy the source's files anew.
fn own_files(tx: &mut Tx<'_>, source: &Message, copy: &mut Message) {
    copy.attachments.clone_from(&source.attachments);
    let shown = [&mut copy.embeds, &mut copy.components];
    copies::copy_files(tx, source.channel, copy.channel, &mut copy.attachments, shown);
}

/// The copies of a published message in the channels that still follow.
fn copies(tx: &Tx<'_>, source: &Message) -> Vec<(ChannelId, MessageId)> {
    if source.flags & flags::CROSSPOSTED == 0 {
        return Vec::new();
    }
    let reference = Some((source.channel, source.id));
    let is_copy = |m: &&Message| m.reference == reference && m.flags & flags::IS_CROSSPOST != 0;
    let followers = webhooks::followers(tx.world, source.channel);
    let mut found: Vec<(ChannelId, MessageId)> = followers
        .iter()
        .filter_map(|webhook| tx.world.channels.get(&webhook.channel))
        .flat_map(|channel| channel.messages.values().rev().filter(is_copy).map(|m| (m.channel, m.id)))
        .collect();
    // Two webhooks may bring the same message to one channel.
    found.sort_unstable();
    found.dedup();
    found
}

/// After an edit of a message: its copies show the same.
pub(super) fn follow_edit(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId) {
    let Ok(source) = tx.world.message(channel, id) else { return };
    let source = source.clone();
    for (place, id) in copies(tx, &source) {
        let Ok(copy) = tx.world.message(place, id) else { continue };
        let visible = flags::SUPPRESS_EMBEDS | flags::IS_COMPONENTS_V2;
        let mut copy = Message {
            content: source.content.clone(),
            embeds: source.embeds.clone(),
            components: source.components.clone(),
            edited: source.edited,
            flags: copy.flags & !visible | source.flags & visible,
            ..copy.clone()
        };
        publish::forget_blobs(tx.world, &copy.attachments);
        own_files(tx, &source, &mut copy);
        if let Some(stored) = message_mut(tx, place, id) {
            *stored = copy;
        }
        emit_update(tx, place, id);
    }
}

/// After a message is gone: its copies stay, and say that it is.
pub(super) fn follow_deletion(tx: &mut Tx<'_>, source: &Message) {
    for (place, id) in copies(tx, source) {
        if let Some(copy) = message_mut(tx, place, id) {
            copy.flags |= flags::SOURCE_MESSAGE_DELETED;
        }
        emit_update(tx, place, id);
    }
}
