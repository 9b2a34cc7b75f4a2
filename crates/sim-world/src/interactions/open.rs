//! Opening an interaction: what all kinds have in common.

use serde_json::{Value, json};

use super::{MAX_INTERACTIONS, payload, token};
use crate::{
    ApplicationId, AttachmentId, Audience, ChannelId, Command, EventKind, Interaction, InteractionId,
    InteractionKind, InteractionMeta, InteractionState, MessageId, Tx, UserId,
};

/// A checked interaction on its way to the application.
pub(super) struct Opening {
    pub application: ApplicationId,
    pub kind: InteractionKind,
    pub user: UserId,
    pub channel: ChannelId,
    pub data: Value,
    pub owners: Value,
    /// The message whose component was used.
    pub message: Option<MessageId>,
    /// Modals: what opened them.
    pub triggering: Option<InteractionMeta>,
    /// Name and kind of the command.
    pub command: Option<(String, u8)>,
    pub target_user: Option<UserId>,
    pub target_message: Option<MessageId>,
    pub attachments: Vec<AttachmentId>,
}

impl Opening {
    /// An interaction with nothing special about it.
    pub(super) fn new(
        application: ApplicationId,
        kind: InteractionKind,
        user: UserId,
        channel: ChannelId,
        data: Value,
        owners: Value,
    ) -> Self {
        Self {
            application,
            kind,
            user,
            channel,
            data,
            owners,
            message: None,
            triggering: None,
            command: None,
            target_user: None,
            target_message: None,
            attachments: Vec::new(),
        }
    }

    /// Notes which command it is of.
    pub(super) fn of(mut self, command: &Command) -> Self {
        self.command = Some((command.name.clone(), command.kind as u8));
        self
    }

    /// Stores the interaction and tells its application, and the person's own clients.
    pub(super) fn open(self, tx: &mut Tx<'_>) -> InteractionId {
        let id = InteractionId::new(tx.mint());
        let guild = tx.world.channel(self.channel).ok().and_then(|c| c.guild);
        let (command_name, command_kind) = self.command.unzip();
        let interaction = Interaction {
            id,
            application: self.application,
            kind: self.kind,
            token: token::mint(id),
            user: self.user,
            guild,
            channel: self.channel,
            data: self.data,
            message: self.message,
            created: tx.now,
            state: InteractionState::Pending,
            original: None,
            modal: None,
            choices: None,
            triggering: self.triggering,
            follow_ups: 0,
            command_name,
            command_kind: command_kind.unwrap_or(0),
            target_user: self.target_user,
            target_message: self.target_message,
            owners: self.owners,
            attachments: self.attachments,
        };
        let data = payload::create(tx.world, &interaction, tx.now);
        let mut notice =
            json!({ "id": id, "channel_id": interaction.channel, "type": interaction.kind as u8 });
        if let Some(name) = &interaction.command_name {
            notice["name"] = json!(name);
        }
        tx.world.interactions.insert(id, interaction);
        while tx.world.interactions.len() > MAX_INTERACTIONS {
            let Some((_, oldest)) = tx.world.interactions.pop_first() else { break };
            for attachment in oldest.attachments {
                tx.world.blobs.remove(&attachment);
            }
        }
        if self.kind != InteractionKind::Autocomplete {
            tx.emit(EventKind::PersonInteractionCreate, Audience::Person(self.user), notice);
        }
        tx.emit(EventKind::InteractionCreate, Audience::Application(guild, self.application), data);
        id
    }
}

/// What messages say about the interaction they answer.
pub(super) fn metadata(interaction: &Interaction) -> InteractionMeta {
    InteractionMeta {
        id: interaction.id,
        kind: interaction.kind as u8,
        user: interaction.user,
        name: interaction.command_name.clone(),
        original_response: None,
        interacted_message: interaction.message.filter(|_| interaction.kind == InteractionKind::Component),
        triggering: interaction.triggering.clone().map(Box::new),
        target_user: interaction.target_user,
        target_message: interaction.target_message,
        owners: interaction.owners.clone(),
    }
}
