//! Forwarding: what may be, and what is taken. See Discord docs: Message / Message Reference Content Attribution.
//!
//! The documents name 160009, 160010 and 160014; 160008, 160011 and `FORWARD_CONTAINS_UNSUPPORTED_CONTENT` are what
//! people's bots report. None tells the HTTP status of the first five: all are taken as 400, as that of 160002.

use super::Forwarding;
use crate::{
    Actor, ApiError, Channel, ChannelId, GuildId, Message, MessageId, Snapshot, Timestamp, World, commands,
    flags, intents, permissions, view, wire,
};

/// Message types that can be forwarded: plain messages, replies, answers to commands.
const CAN_FORWARD: [u8; 4] = [0, 19, 20, 23];

/// A message that is forwarded.
pub(super) struct Taken {
    /// Its channel and itself.
    pub(super) reference: (ChannelId, MessageId),
    /// Its guild.
    pub(super) guild: Option<GuildId>,
    /// What it shows. Its files are still the message's own.
    pub(super) snapshot: Box<Snapshot>,
}

/// What a forward into `place` takes. `None` when nothing is there and nothing has to be.
///
/// # Errors
/// 10003 and 50001 for the channel that it comes from, 160009 (no READ_MESSAGE_HISTORY there), 160008 (no such message
/// there), 160010 (out of an age-restricted channel into another), 50035 (a poll, a system message), 160014 (an
/// application that may not read it).
pub(super) fn take(
    world: &World,
    actor: Actor,
    place: &Channel,
    wanted: &Forwarding,
    now: Timestamp,
) -> Result<Option<Taken>, ApiError> {
    let source = world.require(actor, wanted.channel, 0, now)?;
    let bits = world.channel_permissions(wanted.channel, actor.user, now)?;
    if bits & permissions::READ_MESSAGE_HISTORY == 0 {
        return Err(ApiError::reference_without_history());
    }
    let here = wanted.guild.is_none_or(|guild| source.guild == Some(guild));
    let found = source.messages.get(&wanted.message).filter(|m| here && m.ephemeral_to.is_none());
    let Some(message) = found else {
        return if wanted.required { Err(ApiError::referenced_message_not_found()) } else { Ok(None) };
    };
    // A direct message is not age-restricted. Whether Discord goes by the two people's ages there is not documented.
    if commands::age_restricted(world, source) && !commands::age_restricted(world, place) {
        return Err(ApiError::age_restricted_reference());
    }
    if !CAN_FORWARD.contains(&message.kind) || message.poll.is_some() || message.flags & flags::LOADING != 0 {
        let text = "This message cannot be forwarded.";
        return Err(ApiError::form("message_reference", "FORWARD_CONTAINS_UNSUPPORTED_CONTENT", text));
    }
    if !readable(world, actor, message) {
        return Err(ApiError::cannot_forward_unreadable());
    }
    let reference = (message.channel, message.id);
    Ok(Some(Taken { reference, guild: message.guild, snapshot: Box::new(snapshot(message)) }))
}

/// Whether an application may read a message's content. See Discord docs: Gateway / Message Content Intent.
fn readable(world: &World, actor: Actor, message: &Message) -> bool {
    let Some(application) = actor.application else { return true };
    let privileged = world.application(application).map_or(0, |a| a.privileged_intents);
    privileged & intents::MESSAGE_CONTENT != 0
        || message.guild.is_none()
        || view::exempt(&wire::message(world, message, None), application)
}

/// A message as it stands. Forwarding a forward passes on what that one took.
fn snapshot(message: &Message) -> Snapshot {
    if let Some(taken) = &message.snapshot {
        return (**taken).clone();
    }
    let suppressed = message.flags & flags::SUPPRESS_EMBEDS != 0;
    Snapshot {
        kind: message.kind,
        content: message.content.clone(),
        sent: message.sent,
        edited: message.edited,
        mentions: message.mentions.clone(),
        mention_roles: message.mention_roles.clone(),
        attachments: message.attachments.clone(),
        embeds: if suppressed { Vec::new() } else { message.embeds.clone() },
        components: message.components.clone(),
        flags: message.flags,
        stickers: message.stickers.clone(),
    }
}
