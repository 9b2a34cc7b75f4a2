//! Registers the slash commands, once per process and beside everything else.

use std::time::Duration;

use cogwright_discord::{Rest, sync};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

/// First pause after a failure; doubles up to [`LONGEST`]. Until it works the commands of the
/// last start stay registered, and prefix commands work anyway.
const PAUSE: Duration = Duration::from_secs(30);

/// Longest pause.
const LONGEST: Duration = Duration::from_mins(30);

/// Tells over `tried` after the first attempt, whatever came of it.
pub(crate) async fn register(
    rest: Rest,
    application: Id<ApplicationMarker>,
    commands: Vec<Command>,
    stop: CancellationToken,
    tried: oneshot::Sender<()>,
) {
    let mut tried = Some(tried);
    let mut pause = PAUSE;
    loop {
        let result = tokio::select! {
            () = stop.cancelled() => return,
            result = sync::commands(&rest, application, sync::Scope::Global, &commands) => result,
        };
        if let Some(tried) = tried.take() {
            // Nobody listens any more when the bot is stopping.
            let _ = tried.send(());
        }
        match result {
            Ok(_) => return,
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, retry_s = pause.as_secs(), "slash commands are not registered yet");
            }
            Err(error) => {
                tracing::error!(%error, ?error, "slash commands cannot be registered; only the prefix works");
                return;
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST);
    }
}
