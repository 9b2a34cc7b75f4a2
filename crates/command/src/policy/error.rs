//! How asking for or changing a guild's settings fails.

/// Why a guild's prefix or rules could not be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Whoever keeps them failed. It may work later. The text is for the log.
    #[error("the guild's settings could not be read or written: {0}")]
    Store(String),
    /// They were not read in time. Nothing was changed.
    #[error("the guild's settings were not read in time")]
    TimedOut,
    /// A change was not confirmed in time. It may still be made.
    #[error("the change of the guild's settings was not confirmed in time")]
    Unconfirmed,
    /// What was to be set is not allowed. The text says what would be, for whoever tried.
    #[error("{0}")]
    Refused(String),
}
