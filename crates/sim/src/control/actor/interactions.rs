//! A person uses commands and components. The answer is what that person then sees.

use std::collections::BTreeMap;

use axum::http::Method;
use cogwright_sim_world::{
    Action, ApplicationId, ChannelId, CommandKind, InteractionId, MessageId, Upload, UserId, interactions,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    Sim,
    control::{
        endpoint::{Answer, Call, Endpoint, File},
        error::ControlError,
    },
};

/// Body of `slash`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Slash {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The command's name or id.
    name: String,
    /// `{name: value}`; a sub-command is a nested object; a file is {filename, data: base64}.
    options: Option<Map<String, Value>>,
    /// 1 slash command (the default), 2 user menu, 3 message menu.
    #[serde(rename = "type")]
    kind: Option<u8>,
    /// Menus: the user or message.
    target: Option<String>,
    /// Whose command, where several applications have one of the name.
    #[schemars(with = "Option<String>")]
    application: Option<ApplicationId>,
}

/// Body of `autocomplete`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Autocomplete {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The command's name or id.
    name: String,
    /// The option being typed.
    focused: String,
    /// What has been typed in it.
    text: String,
    /// The other options, as far as they are filled in; a sub-command is a nested object.
    options: Option<Map<String, Value>>,
    /// Whose command, where several applications have one of the name.
    #[schemars(with = "Option<String>")]
    application: Option<ApplicationId>,
}

/// Body of `click`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Click {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// The message with the button.
    #[schemars(with = "String")]
    message_id: MessageId,
    /// The button.
    custom_id: String,
}

/// Body of `select`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Select {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// The message with the menu.
    #[schemars(with = "String")]
    message_id: MessageId,
    /// The menu.
    custom_id: String,
    /// Option values, or ids.
    values: Vec<String>,
    /// 3, 5, 6, 7 or 8; checked if given.
    component_type: Option<u64>,
}

/// Body of `submit_modal`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SubmitModal {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// The interaction that opened the modal.
    #[schemars(with = "String")]
    interaction: InteractionId,
    /// The modal's own.
    custom_id: String,
    /// `{custom_id: value}`; a list for menus, a boolean for a checkbox.
    #[serde(default)]
    values: Map<String, Value>,
    /// `{custom_id: files}` for file inputs.
    #[serde(default)]
    files: BTreeMap<String, Vec<File>>,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    let post = Method::POST;
    vec![
        Endpoint::with_body(post.clone(), "/actor/slash", "Uses a slash command or a context menu", slash),
        Endpoint::with_body(
            post.clone(),
            "/actor/autocomplete",
            "Types into an option that completes",
            autocomplete,
        ),
        Endpoint::with_body(post.clone(), "/actor/click", "Clicks a button", click),
        Endpoint::with_body(post.clone(), "/actor/select", "Chooses in a menu", select),
        Endpoint::with_body(post, "/actor/submit_modal", "Submits a modal", submit_modal),
    ]
}

async fn slash(call: Call<Slash>) -> Answer {
    let Slash { user, channel, name, options, kind, target, application } = call.body;
    let wrong_kind = || ControlError::field("type", "1 slash command, 2 user menu, 3 message menu.");
    let kind = CommandKind::from_number(kind.unwrap_or(1).into()).ok_or_else(wrong_kind)?;
    let wrong_target = || ControlError::field("target", "The id of a user or a message, as a string.");
    let target = target.map(|t| t.parse::<u64>().map_err(|_| wrong_target())).transpose()?;
    let options = options.map_or(Value::Null, Value::Object);
    let action = interactions::Invoke { user, channel, kind, name, options, target, application };
    start(call.sim, action).await
}

async fn autocomplete(call: Call<Autocomplete>) -> Answer {
    let Autocomplete { user, channel, name, focused, text, options, application } = call.body;
    let options = options.map_or(Value::Null, Value::Object);
    let action = interactions::Autocomplete { user, channel, name, focused, text, options, application };
    start(call.sim, action).await
}

async fn click(call: Call<Click>) -> Answer {
    let Click { user, message_id, custom_id } = call.body;
    start(call.sim, interactions::Click { user, message: message_id, custom_id }).await
}

async fn select(call: Call<Select>) -> Answer {
    let Select { user, message_id, custom_id, values, component_type } = call.body;
    let action = interactions::Select { user, message: message_id, custom_id, values, component_type };
    start(call.sim, action).await
}

async fn submit_modal(call: Call<SubmitModal>) -> Answer {
    let SubmitModal { user, interaction, custom_id, values, files } = call.body;
    let decode = |files: Vec<File>| {
        files.into_iter().enumerate().map(|(i, file)| file.decode(i)).collect::<Result<Vec<Upload>, _>>()
    };
    let files = files
        .into_iter()
        .map(|(key, files)| Ok((key, decode(files)?)))
        .collect::<Result<BTreeMap<_, _>, ControlError>>()?;
    start(call.sim, interactions::SubmitModal { user, interaction, custom_id, values, files }).await
}

/// Starts an interaction and waits for the first answer.
async fn start(sim: Sim, action: impl Action<Output = InteractionId>) -> Answer {
    Ok(json!(sim.interact(action).await?))
}
