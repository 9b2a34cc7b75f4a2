//! A person in the local Discord, who writes, clicks and chooses.

use cogwright_sim::{Interacted, Sim, TRANSCRIPT_MESSAGES, Transcript};
use cogwright_sim_world::{
    Actor, ChannelId, CommandKind, InteractionId, MessageId, UserId, interactions, messages, places,
};
use serde_json::{Map, Value, json};

use crate::{KitError, Message};

/// A person at a client, looking at one channel.
#[derive(Clone, Debug)]
pub struct Person {
    sim: Sim,
    user: UserId,
    channel: ChannelId,
}

impl Person {
    pub(crate) fn new(sim: Sim, user: UserId, channel: ChannelId) -> Self {
        Self { sim, user, channel }
    }

    /// Who it is.
    pub fn id(&self) -> UserId {
        self.user
    }

    /// The channel this person looks at.
    pub fn channel(&self) -> ChannelId {
        self.channel
    }

    /// The same person in another channel.
    pub fn in_channel(&self, channel: ChannelId) -> Self {
        Self { channel, ..self.clone() }
    }

    /// The same person in a direct message with a user.
    pub fn in_dm_with(&self, recipient: UserId) -> Result<Self, KitError> {
        let body = json!({ "recipient_id": recipient });
        let channel = self.sim.apply(places::OpenDm { actor: Actor::person(self.user), body })?;
        let id = channel["id"].as_str().and_then(|id| id.parse().ok());
        Ok(self.in_channel(id.ok_or_else(|| KitError::Timeout("a channel id".into()))?))
    }

    /// The channel as this person sees it now, ephemeral answers among it.
    pub fn transcript(&self) -> Result<Transcript, KitError> {
        Ok(self.sim.transcript(self.channel, Some(self.user), TRANSCRIPT_MESSAGES)?)
    }

    /// Writes a message.
    pub fn says(&self, text: &str) -> Result<Message, KitError> {
        let (actor, channel) = (Actor::person(self.user), self.channel);
        let body = json!({ "content": text });
        Ok(Message(self.sim.apply(messages::CreateMessage { actor, channel, body, files: Vec::new() })?))
    }

    /// Edits a message of one's own.
    pub fn edits(&self, message: &Message, text: &str) -> Result<Message, KitError> {
        let (actor, channel) = (Actor::person(self.user), self.channel);
        let id = message.id().parse().map_err(|_| KitError::Timeout("a message id".into()))?;
        let body = json!({ "content": text });
        let edit = messages::EditMessage { actor, channel, message: id, body, files: Vec::new() };
        Ok(Message(self.sim.apply(edit)?))
    }

    /// Uses a slash command; `options` as `{name: value}`, null for none.
    pub async fn slash(&self, name: &str, options: Value) -> Result<Interacted, KitError> {
        let action = interactions::Invoke {
            user: self.user,
            channel: self.channel,
            kind: CommandKind::ChatInput,
            name: name.to_owned(),
            options,
            target: None,
            application: None,
        };
        Ok(self.sim.interact(action).await?)
    }

    /// Uses the entry `name` in the context menu of a person or message; `target` is its id.
    pub async fn uses(&self, kind: CommandKind, name: &str, target: u64) -> Result<Interacted, KitError> {
        let action = interactions::Invoke {
            user: self.user,
            channel: self.channel,
            kind,
            name: name.to_owned(),
            options: Value::Null,
            target: Some(target),
            application: None,
        };
        Ok(self.sim.interact(action).await?)
    }

    /// Types `text` into an option that completes.
    pub async fn types(&self, command: &str, option: &str, text: &str) -> Result<Interacted, KitError> {
        let action = interactions::Autocomplete {
            user: self.user,
            channel: self.channel,
            name: command.to_owned(),
            focused: option.to_owned(),
            text: text.to_owned(),
            options: Value::Null,
            application: None,
        };
        Ok(self.sim.interact(action).await?)
    }

    /// Clicks the button with this label.
    pub async fn clicks(&self, message: &Message, label: &str) -> Result<Interacted, KitError> {
        let (message, custom_id) = Self::find(message, label)?;
        Ok(self.sim.interact(interactions::Click { user: self.user, message, custom_id }).await?)
    }

    /// Chooses values in the menu with this placeholder.
    pub async fn chooses(
        &self,
        message: &Message,
        menu: &str,
        values: &[&str],
    ) -> Result<Interacted, KitError> {
        let (message, custom_id) = Self::find(message, menu)?;
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        let action =
            interactions::Select { user: self.user, message, custom_id, values, component_type: None };
        Ok(self.sim.interact(action).await?)
    }

    /// Fills in and submits the modal that `opened` shows; `values` as `{custom_id: value}`.
    pub async fn submits(
        &self,
        opened: &Interacted,
        values: Map<String, Value>,
    ) -> Result<Interacted, KitError> {
        let modal = opened.modal.as_ref().ok_or_else(|| KitError::Timeout("a modal".into()))?;
        let action = interactions::SubmitModal {
            user: self.user,
            interaction: opened.interaction,
            custom_id: modal["custom_id"].as_str().unwrap_or_default().to_owned(),
            values,
            files: std::collections::BTreeMap::new(),
        };
        Ok(self.sim.interact(action).await?)
    }

    fn find(message: &Message, label: &str) -> Result<(MessageId, String), KitError> {
        let missing = || KitError::Timeout(format!("a control named {label:?} in {}", message.0));
        let id = message.id().parse().map_err(|_| missing())?;
        Ok((id, message.control(label).ok_or_else(missing)?.to_owned()))
    }

    /// How far an interaction's first answer has come by now.
    pub fn looks_at(&self, interaction: InteractionId) -> Option<Message> {
        let answer = self.sim.read(|world, _| interactions::first_answer(world, interaction))?;
        answer.message.map(Message)
    }
}
