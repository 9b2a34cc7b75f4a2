//! The application's own webhook: an interaction's token stands in for one. See Discord docs: Receiving and
//! Responding / Followup Messages.

use serde_json::Value;

use super::{TOKEN_LIFETIME, open::metadata, token};
use crate::{
    ApiError, ApplicationId, Author, Interaction, InteractionId, InteractionKind, InteractionState, Message,
    MessageId, Timestamp, Tx, UserId, World,
    messages::{self, Draft, PublishAs},
    permissions, wire,
};

/// `{application}/{token}` of a webhook route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppWebhook {
    /// The application.
    pub application: ApplicationId,
    /// An interaction's token.
    pub token: String,
}

impl AppWebhook {
    /// The acknowledged interaction behind the token.
    ///
    /// # Errors
    /// 404/10015 for a token that is none of the application's or whose interaction has not been answered yet,
    /// 401/50027 once it has expired.
    pub(super) fn interaction<'w>(
        &self,
        world: &'w World,
        now: Timestamp,
    ) -> Result<&'w Interaction, ApiError> {
        let id = token::interaction(&self.token).ok_or_else(ApiError::unknown_webhook)?;
        let expired = |created: Timestamp| now.since(created) >= TOKEN_LIFETIME;
        let Some(interaction) = world.interactions.get(&id) else {
            let forgotten = expired(InteractionId::created(id));
            return Err(if forgotten {
                ApiError::invalid_webhook_token()
            } else {
                ApiError::unknown_webhook()
            });
        };
        if interaction.token != self.token || interaction.application != self.application {
            return Err(ApiError::unknown_webhook());
        }
        if expired(interaction.created) {
            return Err(ApiError::invalid_webhook_token());
        }
        match interaction.state {
            InteractionState::Acknowledged { .. } => Ok(interaction),
            _ => Err(ApiError::unknown_webhook()),
        }
    }
}

/// `GET /webhooks/{application}/{token}`: the application's own webhook.
///
/// # Errors
/// As [`AppWebhook`] says: 10015 and 50027.
pub fn application_webhook(world: &World, webhook: &AppWebhook, now: Timestamp) -> Result<Value, ApiError> {
    webhook.interaction(world, now)?;
    Ok(wire::application_webhook(world, webhook.application))
}

/// The application's bot user, who authors answers.
pub(super) fn bot(interaction: &Interaction) -> UserId {
    interaction.application.into()
}

/// Whether the person's answers stay to themselves: the application is there through them alone and they may
/// not use external applications in public. See Discord docs: Permissions, USE_EXTERNAL_APPS.
pub(super) fn forced_ephemeral(tx: &Tx<'_>, interaction: &Interaction) -> bool {
    if !user_installed_only(interaction) || interaction.guild.is_none() {
        return false;
    }
    let bits = tx.world.channel_permissions(interaction.channel, interaction.user, tx.now).unwrap_or(0);
    bits & permissions::USE_EXTERNAL_APPS == 0
}

/// Whether only the person has installed the application.
pub(super) fn user_installed_only(interaction: &Interaction) -> bool {
    interaction.owners.get("0").is_none() && interaction.owners.get("1").is_some()
}

/// Publishes an answer (no original yet) or a follow-up (there is one).
pub(super) fn publish(
    tx: &mut Tx<'_>,
    interaction: &Interaction,
    mut draft: Draft,
    ephemeral: bool,
) -> Result<MessageId, ApiError> {
    let acknowledged = matches!(interaction.state, InteractionState::Acknowledged { .. });
    let mut meta = metadata(interaction);
    // Follow-ups refer to the original, answers to a component to its message.
    let refers_to = if acknowledged { interaction.original } else { interaction.message };
    meta.original_response = interaction.original.filter(|_| acknowledged);
    let refers_to = refers_to.and_then(|id| tx.world.message(interaction.channel, id).ok());
    // A message that all can see must not quote one that only the person sees.
    let refers_to = refers_to.filter(|m| ephemeral || m.ephemeral_to.is_none()).map(|m| m.id);
    let kind = match (refers_to, interaction.kind) {
        (Some(_), _) => 19,
        (None, _) if acknowledged => 0,
        (None, InteractionKind::Command) if interaction.command_kind > 1 => 23,
        (None, InteractionKind::Command | InteractionKind::Modal) => 20,
        (None, _) => 0,
    };
    // The application would ping itself.
    draft.allowed.replied_user = false;
    let how = PublishAs {
        channel: interaction.channel,
        author: Author::User(bot(interaction)),
        kind,
        reference: refers_to.map(|id| (interaction.channel, id)),
        reference_guild: None,
        snapshot: None,
        application: Some(interaction.application),
        interaction: Some(meta),
        ephemeral_to: ephemeral.then_some(interaction.user),
        id: None,
        about: None,
    };
    messages::publish(tx, draft, how)
}

/// A message of an interaction: its original or a follow-up.
///
/// # Errors
/// 10008 for any other message.
pub(super) fn message<'w>(
    world: &'w World,
    interaction: &Interaction,
    id: MessageId,
) -> Result<&'w Message, ApiError> {
    let message = world.message(interaction.channel, id)?;
    let own = message.interaction.as_ref().is_some_and(|m| m.id == interaction.id);
    if own || interaction.original == Some(id) { Ok(message) } else { Err(ApiError::unknown_message()) }
}

/// A message as its webhook answers it.
pub(super) fn render(tx: &Tx<'_>, interaction: &Interaction, id: MessageId) -> Result<Value, ApiError> {
    let message = tx.world.message(interaction.channel, id)?;
    Ok(wire::message(tx.world, message, Some(bot(interaction))))
}
