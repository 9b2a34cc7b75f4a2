//! Why a bot does not start, or stops.

use cogwright_command::SpecProblem;
use cogwright_discord::{Endpoint, GatewayError, RestError};
use cogwright_store::StoreError;

use crate::health::HealthError;

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
    #[error("cannot reach {at}: {error}; {}", remedy(.at, .error))]
    Unreachable {
        /// Which Discord was asked.
        at: Endpoint,
        /// Why it did not answer as it should.
        #[source]
        error: RestError,
    },
    /// What the bot keeps cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The health listener has no address to listen on.
    #[error(transparent)]
    Health(#[from] HealthError),
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
    /// A second signal did not wait for the drain.
    #[error("the stop was cut off by a second signal; what was running may be done again by the next start")]
    Aborted,
    /// A mistake in this program.
    #[error("the bot ended unexpectedly; the log above says where")]
    Internal,
}

const NEW_TOKEN: &str = "copy it again from the Bot page of the application in Discord's \
                         developer portal, or reset it there, and put it into DISCORD_TOKEN";

fn list(problems: &[SpecProblem]) -> String {
    problems.iter().fold(String::new(), |text, problem| text + "\n  - " + &problem.to_string())
}

/// What the operator can do about a Discord that does not answer.
fn remedy(at: &Endpoint, error: &RestError) -> &'static str {
    match (at, error) {
        (Endpoint::Local { .. }, RestError::Connection(_) | RestError::TimedOut) => {
            "start one there with `cogwright sim` or `cogwright playground`, or correct --local"
        }
        (Endpoint::Local { .. }, RestError::Discord { status: 404 | 405, .. } | RestError::Answer(_)) => {
            "something else seems to listen there; correct --local"
        }
        (Endpoint::Discord, RestError::Connection(_) | RestError::TimedOut) => {
            "check the network and DNS of this machine, then https://discordstatus.com, and start again"
        }
        (_, RestError::Unavailable { .. }) => "Discord has trouble; start again in a while",
        (_, RestError::Limited { .. }) => "start again after that time",
        _ => "nothing was changed; the log with COGWRIGHT_LOG=debug says more",
    }
}

impl StartError {
    pub(crate) fn of_rest(at: &Endpoint, error: RestError) -> Self {
        match error {
            RestError::Unauthorized => Self::TokenRejected,
            error => Self::Unreachable { at: at.clone(), error },
        }
    }

    pub(crate) fn of_gateway(at: &Endpoint, error: GatewayError) -> Self {
        match error {
            GatewayError::Start(error) => Self::of_rest(at, error),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_discord_says_which_and_what_to_do() {
        let refused = || RestError::Discord { status: 404, code: 0, message: "x".into(), details: None };
        let local = || Endpoint::local("127.0.0.1:9");
        let cases = [
            (local(), RestError::TimedOut, ["127.0.0.1:9", "cogwright sim"]),
            (local(), refused(), ["127.0.0.1:9", "something else"]),
            (Endpoint::Discord, RestError::TimedOut, ["discord.com", "network"]),
            (Endpoint::Discord, RestError::Unavailable { status: 503 }, ["discord.com", "503"]),
        ];
        for (at, error, words) in cases {
            let text = StartError::of_rest(&at, error).to_string();
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
        }
    }
}
