//! Why a bot does not start, or stops.

use cogwright_command::SpecProblem;
use cogwright_discord::{GatewayError, RestError};

/// Why a bot did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Commands that Discord would refuse or that clash; a mistake in the program.
    #[error("the commands cannot be used:{}", list(.0))]
    Commands(Vec<SpecProblem>),
    /// Discord does not accept the token.
    #[error("Discord does not accept the token; {NEW_TOKEN}")]
    TokenRejected,
    /// Discord could not be asked who the bot is.
    #[error("cannot reach Discord: {0}")]
    Unreachable(#[source] RestError),
    /// The gateway could not be started.
    #[error(transparent)]
    Gateway(GatewayError),
}

/// Why a running bot stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Discord does not accept the token any more.
    #[error("Discord does not accept the token any more; {NEW_TOKEN}")]
    TokenRejected,
    /// Discord closed the gateway for good.
    #[error(transparent)]
    Gateway(GatewayError),
    /// A mistake in this program.
    #[error("the bot ended unexpectedly; the log above says where")]
    Internal,
}

const NEW_TOKEN: &str = "copy it again from the Bot page of the application in Discord's \
                         developer portal, or reset it there, and put it into DISCORD_TOKEN";

fn list(problems: &[SpecProblem]) -> String {
    problems.iter().fold(String::new(), |text, problem| text + "\n  - " + &problem.to_string())
}

impl StartError {
    pub(crate) fn of_rest(error: RestError) -> Self {
        match error {
            RestError::Unauthorized => Self::TokenRejected,
            error => Self::Unreachable(error),
        }
    }

    pub(crate) fn of_gateway(error: GatewayError) -> Self {
        match error {
            GatewayError::Start(error) => Self::of_rest(error),
            error if error.is_token_rejected() => Self::TokenRejected,
            error => Self::Gateway(error),
        }
    }
}

impl RunError {
    pub(crate) fn of_gateway(error: GatewayError) -> Self {
        if error.is_token_rejected() { Self::TokenRejected } else { Self::Gateway(error) }
    }
}
