//! Sending a message to a channel, by a bot over REST or by a person at a client.
//! See Discord docs: Message / Create Message.

use std::time::Duration;

use serde_json::Value;

use super::{Draft, PublishAs, Rules, draft, forward, publish::publish_shown, thread};
use crate::{
    Action, Actor, ApiError, Author, Channel, ChannelId, ChannelKind, Message, MessageId, Timestamp, Tx,
    Upload, World, auto_moderation, permissions, wire,
};

/// How long `enforce_nonce` remembers. Discord says "the past few minutes".
const NONCE_WINDOW: Duration = Duration::from_secs(5 * 60);
/// How many messages `enforce_nonce` looks back at most: ten seconds of a channel in which 200 commands a second are
/// called and answered, so that a bot that starts again under such a load is recognised.
const NONCE_LOOKBACK: usize = 4000;

/// Sends a message; the output is the message, or with `enforce_nonce` the earlier one of the same nonce.
#[derive(Clone, Debug)]
pub struct CreateMessage {
    /// Who sends.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The request's body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for CreateMessage {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (actor, place, now) = (self.actor, self.channel, tx.now);
        let channel = tx.world.require(actor, place, 0, now)?;
        match channel.kind {
            ChannelKind::Category => return Err(ApiError::non_text_channel()),
            ChannelKind::Forum | ChannelKind::Media => return Err(ApiError::forum_without_thread()),
            ChannelKind::Dm => check_dm(tx.world, channel, actor)?,
            _ => {}
        }
        tx.world.require(actor, place, permissions::SEND_MESSAGES, now)?;
        let bits = tx.world.channel_permissions(place, actor.user, now)?;
        let draft = draft(&self.body, self.files, Rules::Channel, now)?;
        check_parts(&draft, bits)?;
        if let Some(earlier) = repeated(channel, actor, &draft, now) {
            return Ok(wire::message(tx.world, earlier, Some(actor.user)));
        }
        thread::check_open(channel, bits)?;
        check_slowmode(tx.world, channel, actor, bits, now)?;
        let reply = reply_target(channel, &draft, bits)?;
        let forward = match &draft.forward {
            Some(wanted) => Some(
                forward::take(tx.world, actor, channel, wanted, now)?.ok_or_else(ApiError::empty_message)?,
            ),
            None => None,
        };
        let kind = if reply.is_some() { 19 } else { 0 };
        let verdict = auto_moderation::screen(tx, place, actor.user, &draft.content)?;
        let how = PublishAs { kind, ..PublishAs::user(place, actor.user) };
        let how = match forward {
            Some(taken) => PublishAs {
                reference: Some(taken.reference),
                reference_guild: taken.guild,
                snapshot: Some(taken.snapshot),
                ..how
            },
            None => PublishAs { reference: reply, ..how },
        };
        let (id, shown) = publish_shown(tx, draft, how)?;
        if let Some(channel) = tx.world.channels.get_mut(&place) {
            channel.last_sent.insert(actor.user, now);
        }
        if let Some(verdict) = verdict {
            verdict.execute(tx, Some(id));
        }
        // In the message that a reply quotes, the author's own reactions are marked.
        match reply {
            Some(_) => Ok(wire::message(tx.world, tx.world.message(place, id)?, Some(actor.user))),
            None => Ok(shown),
        }
    }
}

/// Whether the other side of a DM takes messages.
fn check_dm(world: &World, channel: &Channel, actor: Actor) -> Result<(), ApiError> {
    for id in channel.recipients.iter().filter(|id| **id != actor.user) {
        let Some(recipient) = world.users.get(id) else { return Err(ApiError::cannot_message_user()) };
        // Bots cannot write to each other, nor to people who have closed their DMs.
        if !recipient.dms_open || (recipient.bot && actor.application.is_some()) {
            return Err(ApiError::cannot_message_user());
        }
        let mutual = world.guilds_of(*id).any(|g| g.members.contains_key(&actor.user));
        if actor.application.is_some() && !mutual {
            return Err(ApiError::no_mutual_guild());
        }
    }
    Ok(())
}

/// Parts of a message that need a permission of their own.
fn check_parts(draft: &Draft, bits: u64) -> Result<(), ApiError> {
    let parts = [
        (!draft.embeds.is_empty(), permissions::EMBED_LINKS),
        (!draft.files.is_empty(), permissions::ATTACH_FILES),
        (draft.tts, permissions::SEND_TTS_MESSAGES),
        (draft.poll.is_some(), permissions::SEND_POLLS),
    ];
    if parts.iter().any(|(used, bit)| *used && bits & bit == 0) {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// The author's earlier message of the same nonce, if the draft asks for it.
fn repeated<'w>(channel: &'w Channel, actor: Actor, draft: &Draft, now: Timestamp) -> Option<&'w Message> {
    let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
    let recent = channel.messages.values().rev().take(NONCE_LOOKBACK);
    let mut recent = recent.take_while(|m| now.since(m.sent) < NONCE_WINDOW);
    recent.find(|m| m.nonce.as_ref() == Some(nonce) && m.author == Author::User(actor.user))
}

/// Slowmode: for people only, and not for those with BYPASS_SLOWMODE.
fn check_slowmode(
    world: &World,
    channel: &Channel,
    actor: Actor,
    bits: u64,
    now: Timestamp,
) -> Result<(), ApiError> {
    let is_bot = actor.application.is_some() || world.users.get(&actor.user).is_some_and(|u| u.bot);
    let pause = Duration::from_secs(channel.rate_limit_per_user.into());
    let Some(last) = channel.last_sent.get(&actor.user) else { return Ok(()) };
    let left = pause.saturating_sub(now.since(*last));
    if is_bot || bits & permissions::BYPASS_SLOWMODE != 0 || left.is_zero() {
        return Ok(());
    }
    let mut error = ApiError::new(429, 20016, "This action cannot be performed due to slowmode rate limit.");
    error.retry_after = Some(left.as_secs_f64());
    Err(error)
}

/// The message replied to; `None` for a plain message.
fn reply_target(
    channel: &Channel,
    draft: &Draft,
    bits: u64,
) -> Result<Option<(ChannelId, MessageId)>, ApiError> {
    let Some(reply) = &draft.reply_to else { return Ok(None) };
    if bits & permissions::READ_MESSAGE_HISTORY == 0 {
        return Err(ApiError::reply_without_history());
    }
    let here = reply.channel.is_none_or(|c| c == channel.id);
    let target = channel.messages.get(&reply.message).filter(|m| here && m.ephemeral_to.is_none());
    match target {
        // Ordinary messages, replies, interaction answers and thread starters.
        Some(target) if matches!(target.kind, 0 | 19..=21 | 23) => Ok(Some((channel.id, target.id))),
        Some(_) => {
            let message = "Cannot reply to a system message";
            Err(ApiError::form("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", message))
        }
        None if reply.required => {
            let code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE";
            Err(ApiError::form("message_reference", code, "Unknown message"))
        }
        None => Ok(None),
    }
}
