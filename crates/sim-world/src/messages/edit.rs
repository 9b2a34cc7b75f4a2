//! Editing a message: one's own in all parts, another's only to suppress its embeds.
//! See Discord docs: Message / Edit Message.

use serde_json::Value;

use super::{Rules, patch, reachable, revise, thread};
use crate::{
    Action, Actor, ApiError, Author, ChannelId, MessageId, Tx, Upload, auto_moderation, permissions, wire,
};

/// What only the author may change.
const OWN_ONLY: [&str; 4] = ["content", "embeds", "components", "attachments"];

/// Edits a message; the output is the message.
#[derive(Clone, Debug)]
pub struct EditMessage {
    /// Who edits.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// Which.
    pub message: MessageId,
    /// The request's body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for EditMessage {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let channel = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        let bits = tx.world.channel_permissions(self.channel, self.actor.user, tx.now)?;
        let message = reachable(tx.world, self.channel, self.message)?;
        thread::check_active(channel)?;
        // See Discord docs: Threads / Locked Threads.
        thread::check_open(channel, bits)?;
        if message.author == Author::User(self.actor.user) {
            if !matches!(message.kind, 0 | 19..=21 | 23) {
                return Err(ApiError::system_message());
            }
            if !self.files.is_empty() && bits & permissions::ATTACH_FILES == 0 {
                return Err(ApiError::missing_permissions());
            }
        } else if !self.files.is_empty() || OWN_ONLY.iter().any(|key| self.body.get(key).is_some()) {
            return Err(ApiError::not_own_message());
        } else if bits & permissions::MANAGE_MESSAGES == 0 {
            return Err(ApiError::missing_permissions());
        }
        let patch = patch(&self.body, self.files, message, Rules::Channel)?;
        let verdict = match patch.content.as_deref() {
            Some(text) => auto_moderation::screen(tx, self.channel, self.actor.user, text)?,
            None => None,
        };
        revise(tx, self.channel, self.message, patch)?;
        if let Some(verdict) = verdict {
            verdict.execute(tx, Some(self.message));
        }
        let message = tx.world.message(self.channel, self.message)?;
        Ok(wire::message(tx.world, message, Some(self.actor.user)))
    }
}
