//! What the person sees of an application's first answer.

use serde_json::{Value, json};

use crate::{Interaction, InteractionId, InteractionState, World, wire};

/// How the application answered first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// A message (4).
    Message,
    /// An edit of the message whose component was used (7).
    Update,
    /// "Thinking" (5).
    Deferred,
    /// Nothing yet, and no "thinking" (6).
    DeferredUpdate,
    /// A modal (9).
    Modal,
    /// Choices for an autocomplete (8).
    Choices,
}

impl AnswerKind {
    /// Its name in the control API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Update => "update",
            Self::Deferred => "deferred",
            Self::DeferredUpdate => "deferred_update",
            Self::Modal => "modal",
            Self::Choices => "choices",
        }
    }

    fn of(callback: u8) -> Option<Self> {
        Some(match callback {
            4 => Self::Message,
            5 => Self::Deferred,
            6 => Self::DeferredUpdate,
            7 => Self::Update,
            8 => Self::Choices,
            9 => Self::Modal,
            _ => return None,
        })
    }
}

/// An application's first answer, or that there was none in time.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstAnswer {
    /// How it answered; `None` when it did not within three seconds.
    pub kind: Option<AnswerKind>,
    /// The message of the answer as it stands now: the new one, the edited one, the loading one.
    pub message: Option<Value>,
    /// Whether only the person sees it.
    pub ephemeral: bool,
    /// The modal: `custom_id`, `title`, `components`.
    pub modal: Option<Value>,
    /// The choices: a list of `name` and `value`.
    pub choices: Option<Value>,
}

impl FirstAnswer {
    /// What the control API answers to an action that starts an interaction, also while there is no answer
    /// (`None`).
    pub fn to_json(answer: Option<&Self>, interaction: InteractionId) -> Value {
        json!({
            "interaction": interaction,
            "kind": answer.and_then(|a| a.kind).map(AnswerKind::name),
            "message": answer.and_then(|a| a.message.as_ref()),
            "ephemeral": answer.is_some_and(|a| a.ephemeral),
            "modal": answer.and_then(|a| a.modal.as_ref()),
            "choices": answer.and_then(|a| a.choices.as_ref()),
        })
    }
}

/// The first answer to an interaction; `None` while it is pending. One that is not known (any more) counts as
/// not answered, so that a caller who waits does not wait in vain.
pub fn first_answer(world: &World, id: InteractionId) -> Option<FirstAnswer> {
    let none = FirstAnswer { kind: None, message: None, ephemeral: false, modal: None, choices: None };
    let Ok(interaction) = world.interaction(id) else { return Some(none) };
    match interaction.state {
        InteractionState::Pending => None,
        InteractionState::Failed => Some(none),
        InteractionState::Acknowledged { callback, .. } => Some(answered(world, interaction, callback)),
    }
}

fn answered(world: &World, interaction: &Interaction, callback: u8) -> FirstAnswer {
    let kind = AnswerKind::of(callback);
    let shown = interaction.original.filter(|_| kind != Some(AnswerKind::DeferredUpdate));
    let message = shown.and_then(|id| world.message(interaction.channel, id).ok());
    FirstAnswer {
        kind,
        message: message.map(|m| wire::message(world, m, Some(interaction.user))),
        ephemeral: message.is_some_and(|m| m.ephemeral_to.is_some()),
        modal: interaction.modal.clone(),
        choices: interaction.choices.clone(),
    }
}
