//! Registers the slash commands beside everything else: at the start, and again whenever a new session
//! begins, since what is registered may have been changed while the bot was away.

use std::sync::Arc;
use std::time::Duration;

use cogwright_discord::{Rest, sync};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;
use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::ApplicationMarker;

/// First pause after a failure; doubles up to [`LONGEST`]. Until it works the commands of the
/// last start stay registered, and prefix commands work anyway.
const PAUSE: Duration = Duration::from_secs(30);

/// Longest pause.
const LONGEST: Duration = Duration::from_mins(30);

/// Tells over `tried` after the first attempt, whatever came of it; each word over `anew` begins
/// another round, which is one request when nothing has changed.
pub(crate) async fn register(
    rest: Rest,
    application: Id<ApplicationMarker>,
    commands: Vec<Command>,
    stop: CancellationToken,
    tried: oneshot::Sender<()>,
    anew: Arc<Notify>,
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
        let retry = match result {
            Ok(_) => None,
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, retry_s = pause.as_secs(), "slash commands are not registered yet");
                Some(pause)
            }
            Err(error) => {
                tracing::error!(%error, ?error, "slash commands cannot be registered; only the prefix works");
                None
            }
        };
        pause = retry.map_or(PAUSE, |pause| (pause * 2).min(LONGEST));
        tokio::select! {
            () = stop.cancelled() => return,
            () = anew.notified() => {}
            () = passed(retry) => {}
        }
    }
}

async fn passed(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => std::future::pending().await,
    }
}
