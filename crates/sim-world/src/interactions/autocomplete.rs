//! A person types into an option with autocomplete.

use serde_json::{Value, json};

use super::{open::Opening, options::Reader, payload::owners, picked, resolved::Place};
use crate::{
    Action, ApiError, ApplicationId, ChannelId, CommandKind, InteractionId, InteractionKind, Tx, UserId,
};

/// Asks the application for choices.
#[derive(Clone, Debug)]
pub struct Autocomplete {
    /// Who.
    pub user: UserId,
    /// Where.
    pub channel: ChannelId,
    /// The command's name, or its id.
    pub name: String,
    /// The option being typed into.
    pub focused: String,
    /// What has been typed into it.
    pub text: String,
    /// The other options so far, as in [`Invoke`](super::Invoke); also says which sub-command.
    pub options: Value,
    /// Whose command, needed only where several applications have one of the name.
    pub application: Option<ApplicationId>,
}

impl Action for Autocomplete {
    type Output = InteractionId;

    fn apply(self, tx: &mut Tx<'_>) -> Result<InteractionId, ApiError> {
        let (world, kind) = (&*tx.world, CommandKind::ChatInput);
        let command =
            picked::command(world, self.user, self.channel, kind, &self.name, self.application, tx.now)?
                .clone();
        let channel = world.channel(self.channel)?;
        let place = Place { world, channel, user: self.user, application: command.application, now: tx.now };
        let reader = Reader::new(place, Some((&self.focused, &self.text)));
        let none = Vec::new();
        let defs = command.body["options"].as_array().unwrap_or(&none);
        let options = reader.options(defs, &self.options, "options");
        reader.errors.into_inner().finish()?;
        // Nothing is resolved for an autocomplete, see Discord docs: Application Commands / Autocomplete.
        let mut data = json!({ "id": command.id, "name": command.name, "type": 1, "options": options });
        if let Some(guild) = command.guild {
            data["guild_id"] = json!(guild);
        }
        let owners = owners(world, command.application, self.user, channel, Some(&command));
        let kind = InteractionKind::Autocomplete;
        let opening = Opening::new(command.application, kind, self.user, self.channel, data, owners);
        Ok(opening.of(&command).open(tx))
    }
}
