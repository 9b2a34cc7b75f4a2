//! Everything a command can ask of Discord, as one closed list, behind a trait that tests replace.

mod rest;

use std::fmt;

use futures_util::future::BoxFuture;
use twilight_model::channel::message::Component;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, InteractionMarker, MessageMarker};

pub use self::rest::RestWire;

use crate::reply::{Modal, Reply};
use crate::spec::Choice;

/// What lets one answer an interaction, for 15 minutes. Never shown in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct InteractionToken(String);

impl InteractionToken {
    /// Wraps the token of an interaction.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InteractionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InteractionToken(..)")
    }
}

/// Where a message lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageRef {
    /// Its channel.
    pub channel: Id<ChannelMarker>,
    /// Its id.
    pub message: Id<MessageMarker>,
}

/// By which way a message can be edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// As the bot.
    Channel(MessageRef),
    /// As the first answer to an interaction.
    Original(InteractionToken),
    /// As a later answer to an interaction.
    FollowUp(InteractionToken, Id<MessageMarker>),
}

/// What an edit changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Everything.
    Whole(Box<Reply>),
    /// The components alone.
    Components(Vec<Component>),
}

/// The first answer to an interaction, due within 3 seconds.
///
/// See Discord docs: Interactions / Interaction Callback Type.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A message.
    Message {
        /// What it says.
        reply: Box<Reply>,
        /// Whether Discord is asked where the message lies.
        locate: bool,
    },
    /// "Thinking", to be replaced by a message.
    Defer {
        /// Whether that message is for the invoker alone.
        ephemeral: bool,
    },
    /// Nothing visible; the component's message may be edited later.
    DeferUpdate,
    /// A change of the component's message.
    Update(Edit),
    /// Suggestions for the option being typed.
    Choices(Vec<Choice>),
    /// A form.
    Modal(Box<Modal>),
}

/// One thing asked of Discord.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// A message in a channel.
    Send {
        /// The channel.
        channel: Id<ChannelMarker>,
        /// What it says.
        reply: Box<Reply>,
        /// The message it refers to.
        reference: Option<Id<MessageMarker>>,
        /// At most 25 characters; a second message with the same nonce within minutes is not
        /// made, the first is returned instead. See Discord docs: Create Message / enforce_nonce.
        nonce: String,
    },
    /// An edit of a message.
    Edit {
        /// The message.
        place: Place,
        /// The change.
        edit: Edit,
    },
    /// The end of a message.
    Delete {
        /// The message.
        at: MessageRef,
    },
    /// The typing sign, for 10 seconds.
    Typing {
        /// The channel.
        channel: Id<ChannelMarker>,
    },
    /// The first answer to an interaction.
    Answer {
        /// The interaction.
        interaction: Id<InteractionMarker>,
        /// Its token.
        token: InteractionToken,
        /// The answer.
        answer: Answer,
    },
    /// A later answer to an interaction.
    FollowUp {
        /// Its token.
        token: InteractionToken,
        /// What it says.
        reply: Box<Reply>,
    },
}

/// Why Discord did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Discord said no.
    #[error("Discord answered {status}, code {code}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Discord's code, 0 when there is none. See Discord docs: Opcodes and Status Codes / JSON.
        code: u64,
        /// Discord's text.
        message: String,
    },
    /// What was asked cannot be put into a request.
    #[error("the request could not be built: {0}")]
    Invalid(String),
    /// A rate limit would hold it up for longer than it is worth, or too much waits for one.
    #[error("not sent to Discord: {0}")]
    Limited(String),
    /// No answer came, or none that could be read.
    #[error("no usable answer from Discord: {0}")]
    Unreachable(String),
}

impl WireError {
    /// Whether the interaction is over: unknown (10062), or its token has expired (50027).
    pub fn is_expired(&self) -> bool {
        matches!(self, Self::Refused { code: 10_062 | 50_027, .. })
    }

    /// Whether the bot lacks a permission: it does not see the channel (50001), or may not do this
    /// there (50013).
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Refused { code: 50_001 | 50_013, .. })
    }

    /// Whether the bot does not see the channel (50001).
    pub(crate) fn is_unseen(&self) -> bool {
        matches!(self, Self::Refused { code: 50_001, .. })
    }

    /// Whether the bot may not refer to another message, as it may not read the history (160002).
    pub fn is_reply_denied(&self) -> bool {
        matches!(self, Self::Refused { code: 160_002, .. })
    }

    /// Whether the message is gone (10008).
    pub fn is_unknown_message(&self) -> bool {
        matches!(self, Self::Refused { code: 10_008, .. })
    }

    /// Whether Discord did not take what was to be said (50035).
    pub fn is_bad_body(&self) -> bool {
        matches!(self, Self::Refused { code: 50_035, .. })
    }

    /// Whether the interaction has had its first answer before (40060).
    pub fn is_answered(&self) -> bool {
        matches!(self, Self::Refused { code: 40_060, .. })
    }
}

/// Takes what commands ask to Discord.
pub trait Wire: Send + Sync + 'static {
    /// Does one thing. Answers with where the message lies, if the call makes or edits one and
    /// Discord says so.
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Option<MessageRef>, WireError>>;
}
