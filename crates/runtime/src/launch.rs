//! A bot as a whole process: settings from the environment, a log, stop signals, an exit code.

use std::future::Future;
use std::io::IsTerminal as _;

use cogwright_config::{Environment as _, Loaded, Problem, Problems, ProcessEnvironment, Sources};
use cogwright_discord::GatewayError;
use cogwright_lifecycle::stop_signal;
use tracing_subscriber::EnvFilter;

use crate::builder::BotBuilder;
use crate::error::{RunError, StartError};

/// The variable that says what is logged.
const LOG: &str = "COGWRIGHT_LOG";

/// Why a process ends other than well. Its text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Settings are missing or wrong.
    #[error(transparent)]
    Config(#[from] Problems),
    /// The bot did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The bot stopped by itself.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Fault {
    /// The exit code of the process; scripts may rely on it.
    ///
    /// - 64: settings, here or in Discord's developer portal, are missing or wrong
    /// - 69: Discord cannot be reached
    /// - 70: a mistake in this program
    /// - 77: Discord does not accept the token
    pub fn exit_code(&self) -> u8 {
        let of_gateway = |error: &GatewayError| match error {
            GatewayError::IntentsNotAllowed { .. } | GatewayError::TooManyShards { .. } => 64,
            GatewayError::TokenRejected => 77,
            GatewayError::Start(_) => 69,
            GatewayError::Refused { .. } => 70,
        };
        match self {
            Self::Config(_) => 64,
            Self::Start(StartError::TokenRejected) | Self::Run(RunError::TokenRejected) => 77,
            Self::Start(StartError::Unreachable { .. }) => 69,
            Self::Start(StartError::Gateway(error)) | Self::Run(RunError::Gateway(error)) => {
                of_gateway(error)
            }
            Self::Start(StartError::Commands(_)) | Self::Run(RunError::Internal) => 70,
        }
    }
}

/// Reads the settings from the files and the environment, which wins.
///
/// # Errors
/// All problems at once.
pub fn settings(sources: &Sources) -> Result<Loaded, Problems> {
    sources.read(&ProcessEnvironment).into_loaded()
}

/// What is logged where no settings are needed: COGWRIGHT_LOG of the environment, or else `otherwise`.
pub fn log_filter(otherwise: &str) -> String {
    let given = ProcessEnvironment.get(LOG).filter(|given| !given.trim().is_empty());
    given.unwrap_or_else(|| otherwise.to_owned())
}

/// Logs what the settings gave reason to say; for after [`start_log`].
pub fn log_settings(loaded: &Loaded) {
    for warning in &loaded.warnings {
        tracing::warn!("{}", warning.line());
    }
    let later = loaded.not_built_yet();
    if !later.is_empty() {
        tracing::info!("accepted, not built yet: {}", later.join(", "));
    }
}

/// Writes the log to standard error from now on, filtered in the syntax of `tracing`. Only the
/// first call in a process has an effect.
///
/// # Errors
/// When the filter cannot be read.
pub fn start_log(filter: &str) -> Result<(), Problems> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Problems::from(Problem::new(
            LOG,
            "environment or .env",
            format!("is no log filter: {error}"),
            "Use one of error, warn, info, debug, trace, or target=level pairs.",
        ))
    })?;
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    // A log that is there already is as good.
    let _ = log.try_init();
    Ok(())
}

/// Starts a bot and runs it until Ctrl-C or SIGTERM.
///
/// # Errors
/// Why it did not start, or stopped by itself.
pub async fn run(builder: BotBuilder) -> Result<(), Fault> {
    let signal = stop_signal();
    run_until(builder, async {
        let signal = signal.await;
        tracing::info!(signal, "stopping");
    })
    .await
}

/// Starts a bot and runs it until `stop` completes, which may be before it has started.
///
/// # Errors
/// Why it did not start, or stopped by itself.
pub async fn run_until(builder: BotBuilder, stop: impl Future<Output = ()>) -> Result<(), Fault> {
    tokio::pin!(stop);
    let bot = tokio::select! {
        () = &mut stop => return Ok(()),
        bot = builder.start() => bot?,
    };
    Ok(bot.run_until(stop).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cogwright_discord::{Endpoint, RestError};

    #[test]
    fn exit_codes_are_stable() {
        let refused = || GatewayError::Refused { code: 4013, reason: "x" };
        let intents = || GatewayError::IntentsNotAllowed { missing: "x".to_owned() };
        let cases: [(Fault, u8); 8] = [
            (StartError::TokenRejected.into(), 77),
            (RunError::TokenRejected.into(), 77),
            (StartError::of_rest(&Endpoint::Discord, RestError::TimedOut).into(), 69),
            (StartError::Gateway(intents()).into(), 64),
            (RunError::Gateway(intents()).into(), 64),
            (RunError::Gateway(refused()).into(), 70),
            (StartError::Commands(Vec::new()).into(), 70),
            (RunError::Internal.into(), 70),
        ];
        for (fault, code) in cases {
            assert_eq!(fault.exit_code(), code, "{fault}");
        }
        assert_eq!(Fault::from(start_log("a=b=c").expect_err("is none")).exit_code(), 64);
    }
}
