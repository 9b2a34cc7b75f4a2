//! What can go wrong in a test's set-up or wait.

use cogwright_runtime::{RunError, StartError};
use cogwright_sim_world::ApiError;

/// A failed step of a test.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    /// The local Discord could not listen.
    #[error("the local Discord could not start: {0}")]
    Sim(#[from] std::io::Error),
    /// The bot could not start.
    #[error("the bot could not start: {0}")]
    Start(#[source] Box<StartError>),
    /// The bot ended before it was ready, or with an error.
    #[error("the bot ended: {0}")]
    Ended(#[from] RunError),
    /// The bot was not ready in time.
    #[error("the bot was not ready in time")]
    NotReady,
    /// Discord's rules refuse what the person did.
    #[error("Discord's rules refuse this: {refusal}: {}", refusal.body())]
    Refused {
        /// What Discord would have answered.
        #[from]
        refusal: ApiError,
    },
    /// The fault plan does not take a fault.
    #[error("the fault cannot be added: {0}")]
    Fault(#[from] cogwright_sim::FaultError),
    /// What was awaited did not come.
    #[error("waited in vain for {0}")]
    Timeout(String),
}

/// Boxed, as it is much larger than the others.
impl From<StartError> for KitError {
    fn from(error: StartError) -> Self {
        Self::Start(Box::new(error))
    }
}
