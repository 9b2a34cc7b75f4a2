//! Reading messages back. See Discord docs: Message / Get Channel Messages.

use std::ops::Bound::{Excluded, Unbounded};

use serde_json::Value;

use super::reachable;
use crate::{
    Actor, ApiError, ChannelId, FormErrors, Message, MessageId, Timestamp, World, body, permissions, wire,
};

/// Which part of a channel's history.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryPage {
    /// 1 to 100, default 50.
    pub limit: Option<i64>,
    /// The messages around this one.
    pub around: Option<MessageId>,
    /// The newest before this one.
    pub before: Option<MessageId>,
    /// The oldest after this one.
    pub after: Option<MessageId>,
}

/// A page of messages, the newest first. Ephemeral messages are not part of any history.
///
/// # Errors
/// Access to the channel; 50008 for channels without messages; 50035 for the limit and for more than one of
/// around, before and after. Without READ_MESSAGE_HISTORY the page is empty.
pub fn history(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    page: &HistoryPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = world.require(actor, channel, 0, now)?;
    if !found.kind.holds_messages() {
        return Err(ApiError::non_text_channel());
    }
    let limit = body::limit(page.limit, 100)?.unwrap_or(50);
    if [page.around, page.before, page.after].iter().flatten().count() > 1 {
        let mut errors = FormErrors::default();
        let message = "Only one of around, before and after may be given.";
        errors.add("", "MUTUALLY_EXCLUSIVE", message);
        return Err(errors.into_error());
    }
    let bits = world.channel_permissions(channel, actor.user, now)?;
    if bits & permissions::READ_MESSAGE_HISTORY == 0 {
        return Ok(Value::Array(Vec::new()));
    }
    let shown = |m: &&Message| m.ephemeral_to.is_none();
    let upto = |id| found.messages.range((Unbounded, Excluded(id))).rev().map(|(_, m)| m).filter(shown);
    let from = |id| found.messages.range((Excluded(id), Unbounded)).map(|(_, m)| m).filter(shown);
    let mut list: Vec<&Message> = if let Some(id) = page.after {
        from(id).take(limit).collect()
    } else if let Some(id) = page.around {
        // Half on either side of the message itself.
        let half = limit / 2;
        let itself = found.messages.get(&id).filter(shown);
        let older = upto(id).take(half);
        let newer = from(id).take(limit - half - usize::from(limit > half));
        older.chain(itself).chain(newer).collect()
    } else if let Some(id) = page.before {
        upto(id).take(limit).collect()
    } else {
        found.messages.values().rev().filter(shown).take(limit).collect()
    };
    list.sort_unstable_by_key(|m| std::cmp::Reverse(m.id));
    Ok(list.into_iter().map(|m| wire::message(world, m, Some(actor.user))).collect())
}

/// One message.
///
/// # Errors
/// Access to the channel, 50013 without READ_MESSAGE_HISTORY, 10008.
pub fn one(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    message: MessageId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    world.require(actor, channel, permissions::READ_MESSAGE_HISTORY, now)?;
    let message = reachable(world, channel, message)?;
    Ok(wire::message(world, message, Some(actor.user)))
}
