//! A person uses a slash command or a context menu.

use serde_json::{Map, Value, json};

use super::{
    open::Opening,
    options::{Reader, settle_files},
    payload::owners,
    picked,
    resolved::Place,
};
use crate::{
    Action, ApiError, ApplicationId, AttachmentId, ChannelId, CommandKind, InteractionId, InteractionKind,
    MessageId, Tx, UserId, messages,
};

/// Uses a command.
#[derive(Clone, Debug)]
pub struct Invoke {
    /// Who.
    pub user: UserId,
    /// Where.
    pub channel: ChannelId,
    /// Slash command, user menu or message menu.
    pub kind: CommandKind,
    /// The command's name, or its id.
    pub name: String,
    /// Slash commands: `{name: value}`; a sub-command or group is a nested object; ids are strings; a file is
    /// `{filename, data: base64, content_type?, description?}`. Null for none.
    pub options: Value,
    /// Menus: the user or the message.
    pub target: Option<u64>,
    /// Whose command, needed only where several applications have one of the name.
    pub application: Option<ApplicationId>,
}

impl Action for Invoke {
    type Output = InteractionId;

    fn apply(self, tx: &mut Tx<'_>) -> Result<InteractionId, ApiError> {
        let now = tx.now;
        let world = &*tx.world;
        let command =
            picked::command(world, self.user, self.channel, self.kind, &self.name, self.application, now)?
                .clone();
        let channel = world.channel(self.channel)?;
        let place = Place { world, channel, user: self.user, application: command.application, now };
        let reader = Reader::new(place, None);
        let mut data = Map::new();
        data.insert("id".into(), json!(command.id));
        data.insert("name".into(), json!(command.name));
        data.insert("type".into(), json!(command.kind as u8));
        if let Some(guild) = command.guild {
            data.insert("guild_id".into(), json!(guild));
        }
        let mut options = Vec::new();
        match command.kind {
            CommandKind::ChatInput => {
                let none = Vec::new();
                let defs = command.body["options"].as_array().unwrap_or(&none);
                options = reader.options(defs, &self.options, "options");
            }
            CommandKind::User | CommandKind::Message => {
                let target = self.target.ok_or_else(|| missing_target("BASE_TYPE_REQUIRED"))?;
                target_of(&reader, command.kind, target)?;
                data.insert("target_id".into(), json!(target.to_string()));
            }
        }
        let owners = owners(world, command.application, self.user, channel, Some(&command));
        let Reader { errors, resolved, files, .. } = reader;
        errors.into_inner().finish()?;

        let mut resolved = resolved.into_inner();
        let stored: Vec<_> = files.into_inner().into_iter().map(|f| messages::store_file(tx, f)).collect();
        for attachment in &stored {
            resolved.attachment(tx.world, self.channel, attachment);
        }
        let ids: Vec<AttachmentId> = stored.iter().map(|a| a.id).collect();
        settle_files(&mut options, &ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        if !options.is_empty() {
            data.insert("options".into(), Value::Array(options));
        }
        if let Some(resolved) = resolved.into_value() {
            data.insert("resolved".into(), resolved);
        }
        let kind = InteractionKind::Command;
        let data = Value::Object(data);
        let mut opening =
            Opening::new(command.application, kind, self.user, self.channel, data, owners).of(&command);
        opening.target_user = self.target.filter(|_| command.kind == CommandKind::User).map(UserId::new);
        opening.target_message =
            self.target.filter(|_| command.kind == CommandKind::Message).map(MessageId::new);
        opening.attachments = ids;
        Ok(opening.open(tx))
    }
}

fn missing_target(code: &str) -> ApiError {
    ApiError::form(
        "target",
        code,
        "The user or message that the menu was opened on; it must be visible here.",
    )
}

/// Resolves the target of a context menu.
fn target_of(reader: &Reader<'_>, kind: CommandKind, target: u64) -> Result<(), ApiError> {
    let place = reader.place;
    let mut resolved = reader.resolved.borrow_mut();
    if kind == CommandKind::User {
        return if resolved.user(place, UserId::new(target)) {
            Ok(())
        } else {
            Err(missing_target("UNKNOWN_ENTITY"))
        };
    }
    let message = place.channel.messages.get(&MessageId::new(target));
    let message = message.filter(|m| m.ephemeral_to.is_none_or(|u| u == place.user));
    resolved.message(place, message.ok_or_else(|| missing_target("UNKNOWN_ENTITY"))?);
    Ok(())
}
