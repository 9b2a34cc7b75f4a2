//! How asking for or changing a guild's settings fails.

/// Why a guild's prefix or rules could not be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Whoever keeps them failed. It may work later. The text is for the log.
    #[error("the guild's settings could not be read or written: {0}")]
    Store(String),
    /// They were not read in time.
    #[error("the guild's settings were not read in time")]
    TimedOut,
    /// What was to be set is not allowed. The text says what would be, for whoever tried.
    #[error("{0}")]
    Refused(String),
}
