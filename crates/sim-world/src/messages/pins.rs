//! Pinned messages: pinning, unpinning, and the two lists. See Discord docs: Message / Pin Message and
//! following.

use serde_json::{Value, json};

use super::{System, reachable, revise::emit_update, system, thread};
use crate::{
    Action, Actor, ApiError, Audience, Audit, AuditAction, Author, Channel, ChannelId, EventKind, Message,
    MessageId, Timestamp, Tx, World, body, permissions, wire,
};

/// Pins of one channel.
const MAX_PINS: usize = 250;
/// Entries of one page of pins.
const MAX_PAGE: i64 = 50;

/// Pins a message: MESSAGE_UPDATE, CHANNEL_PINS_UPDATE and a system message of type 6. A second time changes
/// nothing.
#[derive(Clone, Copy, Debug)]
pub struct Pin {
    /// Who pins; needs PIN_MESSAGES.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// Which.
    pub message: MessageId,
}

impl Action for Pin {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let Self { actor, channel, message } = self;
        let found = check(tx, actor, channel, message)?;
        let target = reachable(tx.world, channel, message)?;
        if target.pinned.is_some() {
            return Ok(());
        }
        if !matches!(target.kind, 0 | 19 | 20 | 23) {
            return Err(ApiError::system_message());
        }
        if pinned(found).len() >= MAX_PINS {
            return Err(ApiError::too_many_pins());
        }
        set(tx, channel, message, Some(tx.now));
        system(tx, channel, actor.user, System::Pin(message));
        audit(tx, actor, AuditAction::MessagePin, channel, message);
        Ok(())
    }
}

/// Unpins a message: MESSAGE_UPDATE and CHANNEL_PINS_UPDATE. One that is not pinned stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Unpin {
    /// Who unpins; needs PIN_MESSAGES.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// Which.
    pub message: MessageId,
}

impl Action for Unpin {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        check(tx, self.actor, self.channel, self.message)?;
        if reachable(tx.world, self.channel, self.message)?.pinned.is_some() {
            set(tx, self.channel, self.message, None);
            audit(tx, self.actor, AuditAction::MessageUnpin, self.channel, self.message);
        }
        Ok(())
    }
}

/// Which pins to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct PinsPage {
    /// 1 to 50, default 50.
    pub limit: Option<i64>,
    /// Only those pinned before.
    pub before: Option<Timestamp>,
}

/// One page of pins, the newest first: `{items: [{pinned_at, message}], has_more}`.
///
/// # Errors
/// Access to the channel, 50035 for the limit. Without READ_MESSAGE_HISTORY the page is empty.
pub fn pins(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    page: &PinsPage,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = body::limit(page.limit, MAX_PAGE)?.unwrap_or(MAX_PAGE as usize);
    let pins = readable(world, actor, channel, now)?;
    let earlier = |(at, _): &(Timestamp, &Message)| page.before.is_none_or(|before| *at < before);
    let pins: Vec<_> = pins.into_iter().filter(earlier).collect();
    let item = |(at, message): &(Timestamp, &Message)| json!({ "pinned_at": at.iso(), "message": wire::message(world, message, Some(actor.user)) });
    Ok(json!({
        "items": pins.iter().take(limit).map(item).collect::<Vec<_>>(),
        "has_more": pins.len() > limit,
    }))
}

/// The pins as the deprecated route lists them: the newest 50 messages.
///
/// # Errors
/// Access to the channel. Without READ_MESSAGE_HISTORY the list is empty.
pub fn pins_old(world: &World, actor: Actor, channel: ChannelId, now: Timestamp) -> Result<Value, ApiError> {
    let pins = readable(world, actor, channel, now)?.into_iter().take(MAX_PAGE as usize);
    Ok(pins.map(|(_, message)| wire::message(world, message, Some(actor.user))).collect())
}

fn readable(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    now: Timestamp,
) -> Result<Vec<(Timestamp, &Message)>, ApiError> {
    let found = world.require(actor, channel, 0, now)?;
    let bits = world.channel_permissions(channel, actor.user, now)?;
    Ok(if bits & permissions::READ_MESSAGE_HISTORY == 0 { Vec::new() } else { pinned(found) })
}

/// The pinned messages, those pinned last first.
fn pinned(channel: &Channel) -> Vec<(Timestamp, &Message)> {
    let mut pins: Vec<_> = channel.messages.values().filter_map(|m| Some((m.pinned?, m))).collect();
    pins.sort_by_key(|(at, message)| std::cmp::Reverse((*at, message.id)));
    pins
}

fn check<'t>(
    tx: &'t Tx<'_>,
    actor: Actor,
    channel: ChannelId,
    message: MessageId,
) -> Result<&'t Channel, ApiError> {
    let found = tx.world.require(actor, channel, permissions::PIN_MESSAGES, tx.now)?;
    if tx.world.channel_of(message).is_ok_and(|actual| actual != channel) {
        return Err(ApiError::pin_other_channel());
    }
    reachable(tx.world, channel, message)?;
    thread::check_active(found)?;
    Ok(found)
}

/// Tells a guild's audit log whose message it was.
fn audit(tx: &mut Tx<'_>, actor: Actor, action: AuditAction, channel: ChannelId, id: MessageId) {
    let Ok(message) = tx.world.message(channel, id) else { return };
    let author = match message.author {
        Author::User(user) => user.get(),
        Author::Webhook { id, .. } => id.get(),
    };
    if let Some(guild) = message.guild {
        let audit = Audit::new(actor.user, action).target(author);
        tx.audit(guild, audit.option("channel_id", channel).option("message_id", id));
    }
}

fn set(tx: &mut Tx<'_>, channel: ChannelId, message: MessageId, at: Option<Timestamp>) {
    let Some(found) = tx.world.channels.get_mut(&channel) else { return };
    if let Some(message) = found.messages.get_mut(&message) {
        message.pinned = at;
    }
    found.last_pin = pinned(found).first().map(|(at, _)| *at);
    let (guild, last) = (found.guild, found.last_pin);
    emit_update(tx, channel, message);
    let mut data = json!({ "channel_id": channel, "last_pin_timestamp": last.map(Timestamp::iso) });
    if let Some(guild) = guild {
        data["guild_id"] = json!(guild);
    }
    tx.emit(EventKind::ChannelPinsUpdate, Audience::Channel { guild, channel }, data);
}
