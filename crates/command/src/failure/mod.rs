//! The ways in which a command can fail. A closed list: whoever renders or counts failures sees them all.

mod argument;
mod codes;
mod denied;
mod detail;
mod late;
mod names;
mod render;

use std::error::Error;
use std::fmt;
use std::time::Duration;

use cogwright_discord::RestError;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::RoleMarker;

pub use self::denied::Denied;
pub(crate) use self::denied::describe;
pub(crate) use self::late::{closed, superseded};
pub use self::names::permission_names;
pub(crate) use self::names::plain_permission_names;
pub(crate) use self::render::{Rendering, notice, quote, render};

use crate::cooldown::{Concurrency, Scope};
use crate::spec::{Access, Choice, OptionKind};
use crate::wire::WireError;

/// What the body of a command returns.
pub type CommandResult = Result<(), Failure>;

/// Why the value of an option was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum BadArgument {
    /// It is no value of this kind.
    WrongKind(OptionKind),
    /// There is nothing of this kind by that name or id here.
    NotFound(OptionKind),
    /// Several have this name here.
    Ambiguous(OptionKind),
    /// A person who is no member of the guild.
    NotAMember,
    /// More values than a variadic option takes, which is this many.
    TooMany(usize),
    /// None of the values that the option's completer knows.
    NotKnown {
        /// What was given.
        given: String,
        /// What may have been meant; filled in by the dispatcher.
        near: Vec<String>,
    },
    /// A duration beyond the limits.
    DurationRange {
        /// Least value, if there is one.
        min: Option<Duration>,
        /// Greatest value, if there is one.
        max: Option<Duration>,
    },
    /// A number beyond the limits.
    OutOfRange {
        /// Least value, if there is one.
        min: Option<f64>,
        /// Greatest value, if there is one.
        max: Option<f64>,
    },
    /// Text that is too short or too long.
    BadLength {
        /// Its length in characters.
        length: usize,
        /// Least length, if there is one.
        min: Option<u16>,
        /// Greatest length, if there is one.
        max: Option<u16>,
    },
    /// None of the values allowed, which are these.
    NotAChoice(Vec<Choice>),
    /// A channel of a kind that does not fit.
    WrongChannel,
    /// The option was given before in the same call.
    Twice,
    /// The command does not take it, and says why in whole sentences. Untrusted text in them goes through
    /// [`plain`](crate::plain) first.
    Refused(String),
}

/// Why a command did not do what it was asked.
///
/// It is deliberately no [`std::error::Error`]: so any error can become one with `?`, as
/// [`Failure::Internal`] (a [`WireError`] as [`Failure::Discord`]).
#[derive(Debug)]
pub enum Failure {
    /// No command answers to the name. In the prefix form nothing is said: other bots share the
    /// prefix. In the slash form the registration is out of date, and that is said.
    Unknown,
    /// The command is switched off.
    Disabled,
    /// Called outside a channel for adults although it is for one.
    AdultsOnly,
    /// Called in direct messages although it needs a guild.
    GuildOnly,
    /// The command is kept to owners, of which the invoker is none.
    OwnerOnly(Access),
    /// The guild ties the command to these roles, of which the invoker has none.
    RoleRule(Vec<Id<RoleMarker>>),
    /// The invoker lacks permissions in the channel.
    MissingPermission(Permissions),
    /// The bot lacks permissions in the channel.
    BotMissingPermission(Permissions),
    /// A required option was left out. Answered with usage and example.
    MissingArgument {
        /// The option.
        option: String,
    },
    /// An option has a value that does not fit. Answered with usage and example.
    BadArgument {
        /// The option.
        option: String,
        /// What was given for it, as far as that is known.
        given: Option<String>,
        /// What is wrong with the value.
        reason: BadArgument,
    },
    /// More was written than there are options. Answered with usage and example.
    ExtraArgument {
        /// The first word too many.
        given: String,
    },
    /// The command runs as often as it may at once.
    Concurrency(Concurrency),
    /// The command was used too often.
    Cooldown {
        /// What it counts by.
        scope: Scope,
        /// How long until it may be used again.
        left: Duration,
    },
    /// Too much is running in this guild or in all; nothing was started.
    Busy,
    /// The command itself says no, with a text for the invoker.
    Refused(String),
    /// The interaction is over (its 3 seconds or 15 minutes have passed), and what was said by it is out of reach. Told
    /// only to somebody who has pressed a component since.
    Expired,
    /// The message that called was edited and has run again: the answer is that run's now. Told only to somebody who has
    /// pressed a component of the earlier one.
    Superseded,
    /// Discord refused something the command asked for, or could not be reached.
    Discord(WireError),
    /// Discord refused something for want of a permission or rank, and it is known what the command wanted.
    Denied(Box<Denied>),
    /// A fault of the command. The invoker sees an id that finds the cause in the log.
    Internal(Box<dyn Error + Send + Sync>),
    /// The body panicked; handled as [`Internal`](Self::Internal). Holds the panic's text.
    Panicked(String),
}

impl Failure {
    /// The command says no, with a text for the invoker.
    pub fn refused(text: impl Into<String>) -> Self {
        Self::Refused(text.into())
    }

    /// The value of an option with suggestions is none that the command knows: whoever gave it is
    /// told what may have been meant.
    pub fn not_known(option: impl Into<String>, given: impl Into<String>) -> Self {
        let reason = BadArgument::NotKnown { given: given.into(), near: Vec::new() };
        Self::BadArgument { option: option.into(), given: None, reason }
    }

    /// The value of an option is none that the command takes, for this reason, told in whole sentences and with usage
    /// and example. Best said by a check of the arguments ([`Spec::arguments`](crate::Spec::arguments)), ahead of
    /// everything that costs the invoker something.
    pub fn bad_argument(option: impl Into<String>, why: impl Into<String>) -> Self {
        Self::BadArgument { option: option.into(), given: None, reason: BadArgument::Refused(why.into()) }
    }

    /// A fault described by a text that only the log shows.
    pub fn internal(text: impl Into<String>) -> Self {
        Self::Internal(text.into().into())
    }

    /// Whether it is a fault of ours or of Discord's rather than the invoker's doing.
    pub fn is_fault(&self) -> bool {
        match self {
            // Members can write more than Discord lets the bot answer.
            Self::Discord(error) => !matches!(error, WireError::Limited(_)),
            Self::Denied(_) | Self::Internal(_) | Self::Panicked(_) => true,
            _ => false,
        }
    }

    /// Whether Discord says that the bot lacks a permission: for whoever manages the guild to mend.
    pub fn is_denied(&self) -> bool {
        match self {
            Self::Discord(error) => error.is_denied(),
            Self::Denied(_) => true,
            _ => false,
        }
    }

    /// A constant name for logs and counters.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Disabled => "disabled",
            Self::AdultsOnly => "adults_only",
            Self::GuildOnly => "guild_only",
            Self::OwnerOnly(_) => "owner_only",
            Self::RoleRule(_) => "role_rule",
            Self::MissingPermission(_) => "missing_permission",
            Self::BotMissingPermission(_) => "bot_missing_permission",
            Self::MissingArgument { .. } => "missing_argument",
            Self::BadArgument { .. } => "bad_argument",
            Self::ExtraArgument { .. } => "extra_argument",
            Self::Concurrency(_) => "concurrency",
            Self::Cooldown { .. } => "cooldown",
            Self::Busy => "busy",
            Self::Refused(_) => "refused",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
            Self::Discord(_) => "discord",
            Self::Denied(_) => "denied",
            Self::Internal(_) => "internal",
            Self::Panicked(_) => "panicked",
        }
    }
}

/// For logs. What the invoker reads is rendered elsewhere.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label(), self.detail())
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let error: Box<dyn Error + Send + Sync> = Box::new(error);
        // What a cog asked of Discord by itself counts as what it asked by a reply.
        let wire = error
            .downcast::<WireError>()
            .map(|wire| *wire)
            .or_else(|other| other.downcast::<RestError>().map(|error| WireError::from(*error)));
        match wire {
            Ok(wire) if wire.is_expired() => Self::Expired,
            Ok(wire) => Self::Discord(wire),
            Err(other) => Self::Internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_the_failure_they_are() {
        let parse: Failure = "x".parse::<u8>().unwrap_err().into();
        assert!(matches!(parse, Failure::Internal(_)) && parse.is_fault());
        let gone: Failure =
            WireError::Refused { status: 404, code: 10_062, message: "Unknown".into() }.into();
        assert!(matches!(gone, Failure::Expired) && !gone.is_fault());
        // Members can cause it, so it is no error in the figures.
        let limited: Failure = WireError::Limited("rate limited for 90.0 s".into()).into();
        assert!(matches!(limited, Failure::Discord(_)) && !limited.is_fault());
        let denied: Failure =
            WireError::Refused { status: 403, code: 50_013, message: "Missing".into() }.into();
        assert!(matches!(denied, Failure::Discord(_)));
    }
}
