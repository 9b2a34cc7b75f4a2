//! What is remembered of a command without its slash form.

use std::fmt;
use std::time::SystemTime;

use futures_util::future::BoxFuture;

/// A command that has no slash form for now; it is called by prefix and mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Its name.
    pub command: String,
    /// The cog it comes from.
    pub origin: String,
    /// Since when.
    pub since: SystemTime,
    /// Why.
    pub reason: WithholdReason,
}

/// Why a command has no slash form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithholdReason {
    /// The last slots are kept for what is registered already.
    Reserved {
        /// From how many slash commands on.
        from: usize,
    },
    /// All slots are taken.
    Full {
        /// How many there are.
        limit: usize,
    },
}

impl fmt::Display for WithholdReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved { from } => {
                write!(f, "{from} slash commands are in use; from there on new commands have no slash form")
            }
            Self::Full { limit } => write!(f, "all {limit} slash commands are in use"),
        }
    }
}

/// A command that has a slash form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Its name.
    pub command: String,
    /// The cog it comes from.
    pub origin: String,
    /// Why.
    pub reason: GrantReason,
}

/// Why a command has a slash form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantReason {
    /// It has one whatever else there is.
    Always,
    /// It had one before.
    Registered,
    /// There was room.
    Free,
}

impl fmt::Display for GrantReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Always => "always has one",
            Self::Registered => "was registered before",
            Self::Free => "a place was free",
        })
    }
}

/// Keeps the records over a restart.
pub trait WithheldStore: Send + Sync + 'static {
    /// What was saved last; empty when nothing was or it cannot be read, which costs no more than the times.
    fn load(&self) -> BoxFuture<'_, Vec<Withheld>>;

    /// Replaces what is saved. Failures are the store's own to log.
    fn save(&self, records: Vec<Withheld>) -> BoxFuture<'_, ()>;
}

/// Keeps nothing: the times begin anew with each start.
#[derive(Clone, Copy, Debug, Default)]
pub struct ForgetWithheld;

impl WithheldStore for ForgetWithheld {
    fn load(&self) -> BoxFuture<'_, Vec<Withheld>> {
        Box::pin(std::future::ready(Vec::new()))
    }

    fn save(&self, _: Vec<Withheld>) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
