//! `@original`: the message that the callback made or edited.

use serde_json::Value;

use super::{AppWebhook, follow_up::edit, webhook};
use crate::{Action, ApiError, Interaction, MessageId, Timestamp, Tx, Upload, World, messages, wire};

/// `GET .../messages/@original`.
///
/// # Errors
/// 10015 and 50027 as [`AppWebhook`] says; 10008 if there is none or it was deleted.
pub fn original(world: &World, webhook: &AppWebhook, now: Timestamp) -> Result<Value, ApiError> {
    let interaction = webhook.interaction(world, now)?;
    let message = world.message(interaction.channel, id(interaction)?)?;
    Ok(wire::message(world, message, Some(webhook::bot(interaction))))
}

/// `PATCH .../messages/@original`; takes the place of a loading message.
#[derive(Clone, Debug)]
pub struct EditOriginal {
    /// The route's webhook.
    pub webhook: AppWebhook,
    /// The request body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for EditOriginal {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let interaction = self.webhook.interaction(tx.world, tx.now)?.clone();
        edit(tx, &interaction, id(&interaction)?, &self.body, self.files)
    }
}

/// `DELETE .../messages/@original`.
#[derive(Clone, Debug)]
pub struct DeleteOriginal {
    /// The route's webhook.
    pub webhook: AppWebhook,
}

impl Action for DeleteOriginal {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let interaction = self.webhook.interaction(tx.world, tx.now)?;
        let (channel, id) = (interaction.channel, id(interaction)?);
        messages::remove(tx, channel, id)
    }
}

fn id(interaction: &Interaction) -> Result<MessageId, ApiError> {
    interaction.original.ok_or_else(ApiError::unknown_message)
}
