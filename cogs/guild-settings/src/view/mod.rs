//! What the commands answer.

mod calls;
mod overview;
mod rules;

use cogwright_command::Origin;

pub(crate) use self::calls::{
    Mention, mention_changed, mention_set, mention_status, prefix_changed, prefix_kept,
};
pub(crate) use self::overview::{Overview, overview};
pub(crate) use self::rules::{
    changed, changed_title, given_up, kept, kept_title, question, rule, rules, saved,
};

/// Who has set a value.
fn by(origin: Origin) -> &'static str {
    match origin {
        Origin::Guild => "this server",
        Origin::Settings => "bot-wide",
    }
}
