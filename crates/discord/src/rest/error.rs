//! What can go wrong with a request, and whose doing it is.

use std::time::Duration;

/// Who has to do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// Discord said no: missing permission, unknown channel, refused content.
    Discord,
    /// A rate limit; later it would work.
    Limits,
    /// The way to Discord or Discord's servers; later it may work.
    Transport,
    /// This program: a request that cannot be built, an answer it does not understand.
    Us,
}

/// Why a request failed for good.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// Discord refused the request.
    #[error("Discord refused: {message} (HTTP {status}, code {code})")]
    Discord {
        /// HTTP status, 400 to 499.
        status: u16,
        /// Discord's own code, 0 when it gave none. See Discord docs: Opcodes and Status Codes /
        /// JSON Error Codes.
        code: u64,
        /// Discord's words; meant for developers.
        message: String,
        /// The whole body when Discord named fields, for the log.
        details: Option<String>,
    },
    /// A rate limit asks for a longer wait than this request may take.
    #[error("rate limited for {:.1} s", retry_after.as_secs_f64())]
    Limited {
        /// How long to wait before it makes sense to try again.
        retry_after: Duration,
        /// Whether the limit stops all requests of the bot.
        global: bool,
    },
    /// Discord has refused so many requests lately that this one is not sent: too many bring a ban of the
    /// whole address.
    #[error(
        "not sent: Discord has refused {used} requests within the last minutes, and this kind of request \
         stops at {ceiling} to keep the address from being banned"
    )]
    Withheld {
        /// Invalid requests within the window.
        used: u32,
        /// The ceiling for this request's priority.
        ceiling: u32,
    },
    /// More requests wait than this program is ready to remember.
    #[error("too many requests are waiting")]
    Overloaded,
    /// Discord does not accept the bot's token.
    #[error("Discord does not accept the token")]
    Unauthorized,
    /// Discord's servers have trouble.
    #[error("Discord answered with HTTP {status}")]
    Unavailable {
        /// HTTP status, 500 to 599.
        status: u16,
    },
    /// The connection failed or broke.
    #[error("the connection to Discord failed: {}", root(.0.as_ref()))]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer came in time.
    #[error("Discord did not answer in time")]
    TimedOut,
    /// The request breaks a rule that is checked before sending.
    #[error("the request is not valid: {}", reason(.0))]
    Build(#[source] twilight_http::Error),
    /// The request could not be put on the wire.
    #[error("the request cannot be sent: {0}")]
    Malformed(#[source] http::Error),
    /// The answer is not what was expected.
    #[error("Discord's answer cannot be read: {0}")]
    Answer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// twilight puts the reason into the source and says nothing by itself.
fn reason(error: &twilight_http::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

/// The outer errors only say that something failed; the innermost says what.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

impl RestError {
    /// Who has to do something about it.
    pub fn culprit(&self) -> Culprit {
        match self {
            Self::Discord { .. } | Self::Unauthorized => Culprit::Discord,
            Self::Limited { .. } | Self::Overloaded | Self::Withheld { .. } => Culprit::Limits,
            Self::Unavailable { .. } | Self::Connection(_) | Self::TimedOut => Culprit::Transport,
            Self::Build(_) | Self::Malformed(_) | Self::Answer(_) => Culprit::Us,
        }
    }

    /// Whether the same request may work later. Whether repeating it is safe is for the caller
    /// to know: a message that timed out may have been sent all the same.
    pub fn is_retryable(&self) -> bool {
        matches!(self.culprit(), Culprit::Limits | Culprit::Transport)
    }

    /// Discord's code, when Discord refused with one.
    pub fn code(&self) -> Option<u64> {
        match self {
            Self::Discord { code, .. } if *code != 0 => Some(*code),
            _ => None,
        }
    }

    /// The HTTP status, when there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Discord { status, .. } | Self::Unavailable { status } => Some(*status),
            Self::Limited { .. } => Some(429),
            Self::Unauthorized => Some(401),
            _ => None,
        }
    }
}
