//! One call, as it came in.

use std::sync::Arc;

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker};

use crate::invoker::Invoker;
use crate::spec::Spec;

/// How a command was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// `!name`.
    Prefix,
    /// `@Bot name`.
    Mention,
    /// `/name`.
    Slash,
    /// An entry of the context menu of a person or a message.
    Menu,
    /// A component that outlives the process. It is no new call, and its handler runs instead of the command's body.
    Component,
}

/// One call of a command, whichever way it came.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The command.
    pub spec: Arc<Spec>,
    /// How it was called.
    pub trigger: Trigger,
    /// The snowflake of the message or interaction that called it.
    pub id: u64,
    /// Who called it.
    pub invoker: Invoker,
    /// Where, outside direct messages.
    pub guild: Option<Id<GuildMarker>>,
    /// Where.
    pub channel: Id<ChannelMarker>,
    /// What a call here begins with: the prefix, a mention with a blank, or `/`.
    pub opening: String,
}

impl Invocation {
    /// A short id that is shown with failures and stands in the log.
    pub fn error_id(&self) -> String {
        base36(self.id)
    }

    /// What to run to call it once more, in the middle of a sentence.
    pub(crate) fn again(&self) -> String {
        match self.trigger {
            // It may have no slash form, and a component is of no call.
            Trigger::Menu | Trigger::Component => "the command".to_owned(),
            _ => format!("`{}{}`", self.opening, self.spec.qualified_name()),
        }
    }
}

/// Digits and lower-case letters: short enough to be read out.
fn base36(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut text = Vec::new();
    loop {
        text.push(char::from(DIGITS[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return text.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::base36;

    #[test]
    fn ids_are_short() {
        assert_eq!(base36(0), "0");
        assert_eq!(base36(35), "z");
        assert_eq!(base36(36 * 36), "100");
        assert_eq!(base36(u64::MAX), "3w5e11264sgsf");
    }
}
