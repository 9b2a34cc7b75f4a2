//! Why a call was refused or failed, kept for whoever asks: which checks ran, what they saw, how it ended.

mod ring;

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

pub use self::ring::Decisions;

use crate::ctx::{Invocation, Trigger};
use crate::failure::{Failure, describe};

/// Longest text that is kept of what a check saw or why a call failed, in bytes.
const MAX_TEXT: usize = 300;

/// One check of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name, as documented in the order of checks.
    pub check: &'static str,
    /// Whether the call went on.
    pub passed: bool,
    /// The values it went by.
    pub saw: Cow<'static, str>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Done,
    /// Refused, by a check or by the command itself.
    Refused {
        /// [`Failure::label`].
        label: &'static str,
        /// What the log says of it.
        text: String,
    },
    /// By a fault.
    Failed {
        /// [`Failure::label`].
        label: &'static str,
        /// What the log says of it. Not for other eyes than an owner's.
        text: String,
    },
}

/// What is kept of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The snowflake of the message or interaction that called.
    pub id: u64,
    /// The snowflake of the message that told the failure, once it was told.
    pub answer: Option<u64>,
    /// The id that was shown with a failure.
    pub error_id: String,
    /// When it ended.
    pub at: SystemTime,
    /// The qualified name of the command.
    pub command: String,
    /// How it was called.
    pub trigger: Trigger,
    /// Where, outside direct messages.
    pub guild: Option<Id<GuildMarker>>,
    /// Where.
    pub channel: Id<ChannelMarker>,
    /// By whom.
    pub user: Id<UserMarker>,
    /// The checks that ran, in their order; the last one may be the one that refused.
    pub steps: Vec<Step>,
    /// How it ended.
    pub outcome: Outcome,
    /// What stands between the bot and what it was refused, in sentences with Discord's formatting and mentions; no
    /// text of others is in them. `None` when nothing is known to.
    pub explained: Option<String>,
    /// How long the body ran on the bot's clock; `None` when it did not.
    pub took: Option<Duration>,
}

impl Decision {
    pub(crate) fn new(
        call: &Invocation,
        at: SystemTime,
        steps: Vec<Step>,
        failure: Option<&Failure>,
    ) -> Self {
        let outcome = match failure {
            None => Outcome::Done,
            Some(failure) => {
                let text = match failure {
                    Failure::Denied(denied) => denied.error.to_string(),
                    failure => failure.detail(),
                };
                let (label, text) = (failure.label(), shorten(text));
                if failure.is_fault() {
                    Outcome::Failed { label, text }
                } else {
                    Outcome::Refused { label, text }
                }
            }
        };
        let explained = match failure {
            Some(Failure::Denied(denied)) => describe(&denied.standing),
            _ => None,
        };
        Self {
            id: call.id,
            answer: None,
            error_id: call.error_id(),
            at,
            command: call.spec.qualified_name(),
            trigger: call.trigger,
            guild: call.guild,
            channel: call.channel,
            user: call.invoker.id,
            steps,
            outcome,
            explained,
            took: None,
        }
    }
}

/// Cuts a text that outsiders may have made long.
pub(crate) fn shorten(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        let end = (0..=MAX_TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
