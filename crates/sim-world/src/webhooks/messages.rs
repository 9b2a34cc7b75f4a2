//! Reading, editing and deleting what a webhook has written. See Discord docs: Webhook / Edit Webhook Message.

use serde_json::Value;

use super::{
    Credentials,
    execute::{check_components, thread_of},
};
use crate::{
    Action, ApiError, Author, ChannelId, Message, MessageId, Tx, Upload, Webhook, World,
    messages::{self, Rules},
    wire,
};

/// A message in a webhook's route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookPlace {
    /// The webhook, with its token.
    pub credentials: Credentials,
    /// The thread the message is in; absent: in the webhook's channel.
    pub thread: Option<ChannelId>,
    /// The message.
    pub message: MessageId,
}

impl WebhookPlace {
    /// The webhook, and its message.
    ///
    /// # Errors
    /// 10015, 50027, 10003 for a thread that is not the channel's, 10008 for what the webhook did not write there.
    fn find<'w>(&self, world: &'w World) -> Result<(&'w Webhook, &'w Message), ApiError> {
        let webhook = self.credentials.find(world)?;
        let place = match self.thread {
            Some(thread) => thread_of(world, webhook.channel, thread)?.id,
            None => webhook.channel,
        };
        let message = world.message(place, self.message)?;
        let own = matches!(message.author, Author::Webhook { id, .. } if id == webhook.id);
        if own { Ok((webhook, message)) } else { Err(ApiError::unknown_message()) }
    }
}

/// GET /webhooks/{webhook}/{token}/messages/{message}.
///
/// # Errors
/// 10015, 50027, 10003, 10008.
pub fn webhook_message(world: &World, place: &WebhookPlace) -> Result<Value, ApiError> {
    let (_, message) = place.find(world)?;
    Ok(wire::message(world, message, None))
}

/// PATCH /webhooks/{webhook}/{token}/messages/{message}.
///
/// # Errors
/// 10015, 50027, 10003, 10008, 50083 in an archived thread, 50035 and the others of an edit.
#[derive(Clone, Debug)]
pub struct EditWebhookMessage {
    /// Which.
    pub place: WebhookPlace,
    /// As when the message is sent.
    pub with_components: bool,
    /// The request body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for EditWebhookMessage {
    /// The message.
    type Output = Value;

    fn apply(mut self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let (webhook, message) = self.place.find(tx.world)?;
        let (channel, id) = (message.channel, message.id);
        if tx.world.channel(channel)?.thread.as_ref().is_some_and(|meta| meta.archived) {
            return Err(ApiError::thread_archived());
        }
        check_components(webhook, self.with_components, &mut self.body)?;
        let patch = messages::patch(&self.body, self.files, message, Rules::Webhook)?;
        messages::revise(tx, channel, id, patch)?;
        Ok(wire::message(tx.world, tx.world.message(channel, id)?, None))
    }
}

/// DELETE /webhooks/{webhook}/{token}/messages/{message}.
///
/// # Errors
/// 10015, 50027, 10003, 10008.
#[derive(Clone, Debug)]
pub struct DeleteWebhookMessage {
    /// Which.
    pub place: WebhookPlace,
}

impl Action for DeleteWebhookMessage {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let (_, message) = self.place.find(tx.world)?;
        let (channel, id) = (message.channel, message.id);
        messages::remove(tx, channel, id)
    }
}
