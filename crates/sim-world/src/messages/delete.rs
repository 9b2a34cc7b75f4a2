//! Deleting one message. See Discord docs: Message / Delete Message.

use serde_json::json;

use super::{audience, crosspost, publish::forget_blobs, reachable};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, Author, ChannelId, EventKind, Message, MessageId, Tx,
    permissions,
};

/// Deletes a message: one's own, or with MANAGE_MESSAGES anybody's.
#[derive(Clone, Copy, Debug)]
pub struct DeleteMessage {
    /// Who deletes.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// Which.
    pub message: MessageId,
}

impl Action for DeleteMessage {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let channel = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        let message = reachable(tx.world, self.channel, self.message)?;
        // Only other people's messages are worth an entry. See Discord docs: Audit Log / Audit Log Events.
        let others = match message.author {
            Author::User(author) if author != self.actor.user => Some(author),
            _ => None,
        };
        if message.author != Author::User(self.actor.user) {
            if channel.guild.is_none() {
                return Err(ApiError::dm_forbidden());
            }
            tx.world.require(self.actor, self.channel, permissions::MANAGE_MESSAGES, tx.now)?;
        }
        if !deletable(message) {
            return Err(ApiError::system_message());
        }
        let guild = channel.guild;
        remove(tx, self.channel, self.message)?;
        if let (Some(guild), Some(author)) = (guild, others) {
            let audit = Audit::new(self.actor.user, AuditAction::MessageDelete).target(author.get());
            tx.audit(guild, audit.option("channel_id", self.channel).option("count", 1));
        }
        Ok(())
    }
}

/// Some system messages stay for good. See Discord docs: Message / Message Types.
pub(super) fn deletable(message: &Message) -> bool {
    !matches!(message.kind, 1..=5 | 21)
}

/// Takes a message and its files out of the world without an event.
pub(super) fn take(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId) -> Option<Message> {
    let message = tx.world.channels.get_mut(&channel)?.messages.remove(&id)?;
    tx.world.message_channel.remove(&id);
    forget_blobs(tx.world, message.files());
    Some(message)
}

/// Deletes a message, ephemeral ones too, without asking for permissions; emits MESSAGE_DELETE.
///
/// # Errors
/// 10003 and 10008 without the message.
pub fn remove(tx: &mut Tx<'_>, channel: ChannelId, id: MessageId) -> Result<(), ApiError> {
    tx.world.channel(channel)?;
    let message = take(tx, channel, id).ok_or_else(ApiError::unknown_message)?;
    let mut data = json!({ "id": id, "channel_id": channel });
    if let Some(guild) = message.guild.filter(|_| message.ephemeral_to.is_none()) {
        data["guild_id"] = json!(guild);
    }
    tx.emit(EventKind::MessageDelete, audience(&message), data);
    crosspost::follow_deletion(tx, &message);
    Ok(())
}
