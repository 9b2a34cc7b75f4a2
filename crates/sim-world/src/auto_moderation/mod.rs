//! Auto moderation: a guild's rules, and what they do to what people write. See Discord docs: Auto Moderation.
//!
//! Messages, titles of threads and members' names are looked at. What counts as spam stands in [`spam`]; there are no
//! raids to detect.

mod execute;
mod form;
mod matching;
mod profile;
mod rules;
mod spam;
mod words;

pub(crate) use execute::{Verdict, screen, screen_title};
pub(crate) use profile::{Occasion, check_nickname, look, reconsider};
pub use rules::{CreateRule, DeleteRule, PatchRule, rule, rules};
pub(crate) use rules::{forget_channel, forget_role};
pub use spam::{SPAM, SPAM_REPEATS, SPAM_WINDOW};
