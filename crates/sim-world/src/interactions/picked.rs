//! What a person means: which command, which component, which of the things it offers.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::resolved::{Place, Resolved};
use crate::{
    ApiError, ApplicationId, Author, ChannelId, Command, CommandKind, FormErrors, MessageId, RoleId,
    Timestamp, UserId, World, commands, components,
};

/// The command of that kind and name (or id, written in place of the name) that the person may use in the
/// channel. Of a guild command and a global one of the same name the guild's comes first; by id each is reached.
///
/// # Errors
/// 10003 and 50001 as [`commands::usable`]; 10063 if there is no such command, 50013 if the person may not use
/// it there, 50035 at `application` if several applications have one.
pub(super) fn command<'w>(
    world: &'w World,
    user: UserId,
    channel: ChannelId,
    kind: CommandKind,
    name: &str,
    application: Option<ApplicationId>,
    now: Timestamp,
) -> Result<&'w Command, ApiError> {
    let meant = |c: &&Command| {
        c.kind == kind
            && (c.name == name || c.id.to_string() == name)
            && application.is_none_or(|a| a == c.application)
    };
    let usable = commands::usable(world, user, channel, now)?;
    let mut found: Vec<&Command> = usable.into_iter().filter(meant).collect();
    found.sort_by_key(|c| (c.guild.is_none(), c.id));
    let Some(first) = found.first() else {
        let hidden = world.commands.values().any(|c| meant(&c));
        return Err(if hidden { ApiError::missing_permissions() } else { ApiError::unknown_command() });
    };
    if found.iter().any(|c| c.application != first.application) {
        let message = "Several applications have this command; say which one is meant.";
        return Err(ApiError::form("application", "BASE_TYPE_REQUIRED", message));
    }
    Ok(first)
}

/// A component in use: where it stands, whose it is, and the component itself.
pub(super) struct Used<'w> {
    pub channel: ChannelId,
    pub application: ApplicationId,
    pub component: &'w Value,
}

/// The enabled component of a message that the person can see.
///
/// # Errors
/// 10008 for an unknown or invisible message, 50001 for an invisible channel, 50035 at `custom_id` if the
/// message has no such component or it is disabled.
pub(super) fn component<'w>(
    world: &'w World,
    user: UserId,
    message: MessageId,
    custom_id: &str,
    now: Timestamp,
) -> Result<Used<'w>, ApiError> {
    let channel = world.channel_of(message)?;
    if !world.can_view(channel, user, now) {
        return Err(ApiError::missing_access());
    }
    let message = world.message(channel, message)?;
    if message.ephemeral_to.is_some_and(|to| to != user) {
        return Err(ApiError::unknown_message());
    }
    let author = match message.author {
        Author::User(id) => Some(id.into()),
        Author::Webhook { .. } => None,
    };
    let application = message.application.or(author).filter(|a| world.application(*a).is_ok());
    let found = components::find(&message.components, custom_id);
    let (Some(component), Some(application)) = (found, application) else {
        let message = "The message has no component with this custom_id.";
        return Err(ApiError::form("custom_id", "UNKNOWN_COMPONENT", message));
    };
    if component["disabled"] == true {
        return Err(ApiError::form("custom_id", "COMPONENT_DISABLED", "The component is disabled."));
    }
    Ok(Used { channel, application, component })
}

/// Checks what was chosen in a select, or in a group of boxes, and resolves it; answers the values.
pub(super) fn values(
    place: Place<'_>,
    component: &Value,
    chosen: &[String],
    path: &str,
    resolved: &mut Resolved,
    errors: &RefCell<FormErrors>,
) -> Vec<Value> {
    let error = |code: &str, text: String| errors.borrow_mut().add(path, code, text);
    let min = component["min_values"].as_u64().unwrap_or(1) as usize;
    let max = component["max_values"].as_u64().unwrap_or(1) as usize;
    let fits = (min..=max).contains(&chosen.len()) || (chosen.is_empty() && component["required"] == false);
    if !fits {
        error("BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
    }
    let mut out: Vec<Value> = Vec::new();
    for value in chosen {
        if out.contains(&json!(value)) {
            error("SET_TYPE_ALREADY_CONTAINS_VALUE", format!("{value} is chosen twice."));
        }
        if !is_offered(place, component, value, resolved) {
            error("BASE_TYPE_CHOICES", format!("{value} cannot be chosen here."));
        }
        out.push(json!(value));
    }
    out
}

fn is_offered(place: Place<'_>, component: &Value, value: &str, resolved: &mut Resolved) -> bool {
    if let Some(options) = component["options"].as_array() {
        return options.iter().any(|o| o["value"] == value);
    }
    let Ok(id) = value.parse::<u64>() else { return false };
    match component["type"].as_u64() {
        Some(5) => resolved.user(place, UserId::new(id)),
        Some(6) => resolved.role(place, RoleId::new(id)),
        Some(7) => resolved.role(place, RoleId::new(id)) || resolved.user(place, UserId::new(id)),
        Some(8) => resolved.channel(place, ChannelId::new(id)).is_some_and(|kind| {
            component["channel_types"].as_array().is_none_or(|t| t.contains(&json!(kind)))
        }),
        _ => false,
    }
}
