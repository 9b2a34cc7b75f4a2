//! The first answer to an interaction. See Discord docs: Receiving and Responding /
//! Interaction Callback Type.

mod choices;
mod message;
mod modal;
mod update;

use serde_json::{Value, json};

use super::{CALLBACK_WINDOW, webhook};
use crate::{
    Action, ApiError, Audience, EventKind, Interaction, InteractionId, InteractionKind, InteractionState,
    MessageId, Tx, Upload, body, flags, wire,
};

const CHANNEL_MESSAGE: u8 = 4;
const DEFERRED_MESSAGE: u8 = 5;
const DEFERRED_UPDATE: u8 = 6;
const UPDATE: u8 = 7;
const CHOICES: u8 = 8;
const MODAL: u8 = 9;

/// `POST /interactions/{id}/{token}/callback`; the output is the body for `with_response`, or `None` for 204.
#[derive(Clone, Debug)]
pub struct Callback {
    /// Which interaction.
    pub interaction: InteractionId,
    /// Its token.
    pub token: String,
    /// The request body: `type` and `data`.
    pub body: Value,
    /// Its files.
    pub files: Vec<Upload>,
    /// Whether to answer what the callback did.
    pub with_response: bool,
}

/// What a callback did to its interaction.
#[derive(Default)]
struct Done {
    /// The answer's message.
    original: Option<MessageId>,
    ephemeral: bool,
    loading: bool,
    modal: Option<Value>,
    choices: Option<Value>,
}

impl Action for Callback {
    type Output = Option<Value>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<Value>, ApiError> {
        let interaction = tx.world.interaction(self.interaction)?;
        if interaction.token != self.token {
            return Err(ApiError::unknown_interaction());
        }
        match interaction.state {
            InteractionState::Acknowledged { .. } => return Err(ApiError::already_acknowledged()),
            InteractionState::Pending if tx.now.since(interaction.created) < CALLBACK_WINDOW => {}
            _ => return Err(ApiError::unknown_interaction()),
        }
        let interaction = interaction.clone();
        let kind = read_kind(&self.body, &interaction)?;
        let empty = json!({});
        let data = self.body.get("data").filter(|d| !d.is_null()).unwrap_or(&empty);
        if !data.is_object() {
            let message = "Only dictionaries may be used in a ModelType";
            return Err(ApiError::form("data", "MODEL_TYPE_CONVERT", message));
        }
        let done = match kind {
            CHANNEL_MESSAGE => message::answer(tx, &interaction, data, self.files)?,
            DEFERRED_MESSAGE => message::defer(tx, &interaction, data)?,
            DEFERRED_UPDATE => update::defer(&interaction),
            UPDATE => update::edit(tx, &interaction, data, self.files)?,
            CHOICES => choices::answer(&interaction, data)?,
            MODAL => modal::open(data)?,
            _ => return Err(ApiError::unknown_interaction()),
        };
        acknowledge(tx, self.interaction, kind, done);
        Ok(if self.with_response { Some(response(tx, self.interaction)?) } else { None })
    }
}

/// The `type`, if it may answer this kind of interaction.
fn read_kind(body: &Value, interaction: &Interaction) -> Result<u8, ApiError> {
    let allowed: &[u8] = match interaction.kind {
        InteractionKind::Command => &[4, 5, 9],
        InteractionKind::Component => &[4, 5, 6, 7, 9],
        InteractionKind::Autocomplete => &[8],
        InteractionKind::Modal if interaction.message.is_some() => &[4, 5, 6, 7],
        InteractionKind::Modal => &[4, 5],
    };
    body::read(body, |form| {
        let kind = form.integer("type", i64::MIN, i64::MAX);
        if form.get("type").is_none() {
            form.missing("type");
        }
        let known = kind.and_then(|k| allowed.iter().copied().find(|a| i64::from(*a) == k));
        if kind.is_some() && known.is_none() {
            form.error("type", "BASE_TYPE_CHOICES", format!("Value must be one of {allowed:?}."));
        }
        known.unwrap_or_default()
    })
}

fn acknowledge(tx: &mut Tx<'_>, id: InteractionId, callback: u8, done: Done) {
    let Some(interaction) = tx.world.interactions.get_mut(&id) else { return };
    interaction.state =
        InteractionState::Acknowledged { callback, ephemeral: done.ephemeral, loading: done.loading };
    interaction.original = done.original;
    interaction.modal.clone_from(&done.modal);
    interaction.choices.clone_from(&done.choices);
    let (user, application) = (interaction.user, interaction.application);
    if let Some(choices) = done.choices {
        let data = json!({ "id": id, "choices": choices });
        return tx.emit(EventKind::PersonAutocomplete, Audience::Person(user), data);
    }
    tx.emit(EventKind::PersonInteractionSuccess, Audience::Person(user), json!({ "id": id }));
    if let Some(mut data) = done.modal {
        data["id"] = json!(id);
        if let Ok(application) = tx.world.application(application) {
            data["application"] =
                json!({ "id": application.id, "name": application.name, "icon": application.icon });
        }
        tx.emit(EventKind::PersonModalCreate, Audience::Person(user), data);
    }
}

/// See Discord docs: Receiving and Responding / Interaction Callback Response Object. Keys that do not apply
/// are left out.
fn response(tx: &Tx<'_>, id: InteractionId) -> Result<Value, ApiError> {
    let interaction = tx.world.interaction(id)?;
    let mut about = json!({ "id": id, "type": interaction.kind as u8, "channel_id": interaction.channel });
    if let Some(guild) = interaction.guild {
        about["guild_id"] = json!(guild);
    }
    let message = interaction.original.and_then(|m| tx.world.message(interaction.channel, m).ok());
    let InteractionState::Acknowledged { callback, .. } = interaction.state else {
        return Ok(json!({ "interaction": about }));
    };
    let Some(message) = message else { return Ok(json!({ "interaction": about })) };
    about["response_message_id"] = json!(message.id);
    about["response_message_loading"] = json!(message.flags & flags::LOADING != 0);
    about["response_message_ephemeral"] = json!(message.ephemeral_to.is_some());
    // The API knows two kinds of message resources only: a new one and an edited one.
    let kind = if matches!(callback, DEFERRED_UPDATE | UPDATE) { UPDATE } else { CHANNEL_MESSAGE };
    let message = wire::message(tx.world, message, Some(webhook::bot(interaction)));
    Ok(json!({ "interaction": about, "resource": { "type": kind, "message": message } }))
}
