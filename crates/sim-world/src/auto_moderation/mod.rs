//! Auto moderation: a guild's rules, and what they do to what people write. See Discord docs: Auto Moderation.
//!
//! Rules for messages are enforced. There is no detector of spam: the text [`SPAM`] counts as such, so that a
//! rule can be tried. Rules for profiles are kept and shown.

mod execute;
mod form;
mod matching;
mod rules;
mod words;

pub(crate) use execute::screen;
pub use rules::{CreateRule, DeleteRule, PatchRule, rule, rules};
pub(crate) use rules::{forget_channel, forget_role};
pub use words::SPAM;
