//! Interactions: what a person starts at a command, a component or a modal, and how the application answers.
//! See Discord docs: Interactions / Receiving and Responding.
//!
//! A person's action ([`Invoke`], [`Autocomplete`], [`Click`], [`Select`], [`SubmitModal`]) checks what a real
//! client would not let through, stores the interaction as pending and sends INTERACTION_CREATE to its
//! application. [`Callback`] is the first answer, due within [`CALLBACK_WINDOW`]; follow-ups and edits go
//! through the application's own webhook for [`TOKEN_LIFETIME`]. Both spans are world time and are enforced
//! by [`World::tick`](crate::World::tick).

mod answer;
mod autocomplete;
mod callback;
mod click;
mod follow_up;
mod invoke;
mod modal_values;
mod open;
mod options;
mod original;
mod payload;
mod picked;
mod resolved;
mod select;
mod submit_modal;
mod tick;
mod token;
mod webhook;

use std::time::Duration;

pub use answer::{AnswerKind, FirstAnswer, first_answer};
pub use autocomplete::Autocomplete;
pub use callback::Callback;
pub use click::Click;
pub use follow_up::{DeleteFollowUp, EditFollowUp, FollowUp, follow_up};
pub use invoke::Invoke;
pub use original::{DeleteOriginal, EditOriginal, original};
pub use select::Select;
pub use submit_modal::SubmitModal;
pub use webhook::{AppWebhook, application_webhook};

/// How long an application has for its first answer. See Discord docs: Receiving and Responding /
/// Followup Messages.
pub const CALLBACK_WINDOW: Duration = Duration::from_secs(3);
/// How long an interaction's token is good, from its creation.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// Follow-ups of an application that only the user has installed (40094).
pub const MAX_USER_INSTALL_FOLLOW_UPS: u32 = 5;
/// Interactions kept at once; the oldest are forgotten beyond that, as if their token had expired.
pub const MAX_INTERACTIONS: usize = 10_000;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
