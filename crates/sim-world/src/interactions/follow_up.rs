//! Follow-ups: further messages of an interaction.

use serde_json::Value;

use super::{AppWebhook, MAX_USER_INSTALL_FOLLOW_UPS, webhook};
use crate::{
    Action, ApiError, Interaction, InteractionState, MessageId, Timestamp, Tx, Upload, World, flags,
    messages::{self, Rules},
    wire,
};

/// `POST /webhooks/{application}/{token}`; the output is the message.
///
/// The first one after a deferred answer takes the place of the loading message and is as ephemeral as that.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// The route's webhook.
    pub webhook: AppWebhook,
    /// The request body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for FollowUp {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let interaction = self.webhook.interaction(tx.world, tx.now)?.clone();
        if webhook::user_installed_only(&interaction) && interaction.follow_ups >= MAX_USER_INSTALL_FOLLOW_UPS
        {
            let message = "Reached maximum number of follow up messages for this interaction";
            return Err(ApiError::new(400, 40094, message));
        }
        let draft = messages::draft(&self.body, self.files, Rules::Interaction, tx.now)?;
        let loading = loading_message(tx, &interaction);
        let id = if let Some(id) = loading {
            messages::revise(tx, interaction.channel, id, draft.into_patch())?;
            id
        } else {
            let ephemeral =
                draft.flags & flags::EPHEMERAL != 0 || webhook::forced_ephemeral(tx, &interaction);
            webhook::publish(tx, &interaction, draft, ephemeral)?
        };
        if let Some(stored) = tx.world.interactions.get_mut(&interaction.id) {
            stored.follow_ups += 1;
        }
        loaded(tx, &interaction, id);
        webhook::render(tx, &interaction, id)
    }
}

/// `GET .../messages/{message}`.
///
/// # Errors
/// 10015 and 50027 as [`AppWebhook`] says; 10008 for a message of another interaction.
pub fn follow_up(
    world: &World,
    webhook: &AppWebhook,
    id: MessageId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let interaction = webhook.interaction(world, now)?;
    let message = webhook::message(world, interaction, id)?;
    Ok(wire::message(world, message, Some(webhook::bot(interaction))))
}

/// `PATCH .../messages/{message}`; the output is the message.
#[derive(Clone, Debug)]
pub struct EditFollowUp {
    /// The route's webhook.
    pub webhook: AppWebhook,
    /// Which message.
    pub message: MessageId,
    /// The request body.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
}

impl Action for EditFollowUp {
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let interaction = self.webhook.interaction(tx.world, tx.now)?.clone();
        edit(tx, &interaction, self.message, &self.body, self.files)
    }
}

/// `DELETE .../messages/{message}`.
#[derive(Clone, Debug)]
pub struct DeleteFollowUp {
    /// The route's webhook.
    pub webhook: AppWebhook,
    /// Which message.
    pub message: MessageId,
}

impl Action for DeleteFollowUp {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let interaction = self.webhook.interaction(tx.world, tx.now)?;
        webhook::message(tx.world, interaction, self.message)?;
        let channel = interaction.channel;
        messages::remove(tx, channel, self.message)
    }
}

/// Edits a message of an interaction; a loading one is then the answer and does not count as edited.
pub(super) fn edit(
    tx: &mut Tx<'_>,
    interaction: &Interaction,
    id: MessageId,
    body: &Value,
    files: Vec<Upload>,
) -> Result<Value, ApiError> {
    let message = webhook::message(tx.world, interaction, id)?;
    let loading = message.flags & flags::LOADING != 0;
    let mut patch = messages::patch(body, files, message, Rules::Interaction)?;
    if loading {
        patch.clear_flags |= flags::LOADING;
        patch.edited = false;
    }
    messages::revise(tx, interaction.channel, id, patch)?;
    loaded(tx, interaction, id);
    webhook::render(tx, interaction, id)
}

/// The loading message that still waits for its content.
fn loading_message(tx: &Tx<'_>, interaction: &Interaction) -> Option<MessageId> {
    let InteractionState::Acknowledged { loading: true, .. } = interaction.state else { return None };
    interaction.original.filter(|id| tx.world.message(interaction.channel, *id).is_ok())
}

/// Notes that the original is no longer loading.
fn loaded(tx: &mut Tx<'_>, interaction: &Interaction, message: MessageId) {
    if interaction.original == Some(message)
        && let Some(stored) = tx.world.interactions.get_mut(&interaction.id)
        && let InteractionState::Acknowledged { loading, .. } = &mut stored.state
    {
        *loading = false;
    }
}
