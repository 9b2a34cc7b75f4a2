//! Looks at the settings files while the bot runs, and says what changed.

use cogwright_config::{ProcessEnvironment, Reload, Settings, Watch};
use cogwright_lifecycle::CancellationToken;

/// Looks every [`Watch::INTERVAL`] until `stop`; `apply` is told the settings when some have changed that take
/// effect at once.
pub(crate) async fn watch(mut watch: Watch, stop: CancellationToken, apply: impl Fn(&Settings) + Send) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Watch::INTERVAL) => {}
        }
        // A file may lie on a disk that is slow or gone.
        let look = move || {
            let found = watch.look(&ProcessEnvironment);
            (watch, found)
        };
        let found;
        (watch, found) = match tokio::task::spawn_blocking(look).await {
            Ok(looked) => looked,
            Err(error) => {
                tracing::error!(%error, "changed settings are not noticed any more");
                return;
            }
        };
        match found {
            None => {}
            Some(Reload::Broken(problems)) => {
                tracing::error!("changed settings cannot be used; those in use stay");
                for problem in problems.iter() {
                    tracing::error!("{}", problem.line());
                }
            }
            Some(Reload::Changed { changes, loaded, mended }) => {
                if mended {
                    tracing::info!("the settings can be used again");
                }
                for change in &changes.live {
                    tracing::info!("changed at once: {change}");
                }
                for change in &changes.needs_restart {
                    tracing::warn!("changed with the next restart: {change}");
                }
                for warning in &loaded.warnings {
                    tracing::warn!("{}", warning.line());
                }
                if !changes.live.is_empty() {
                    apply(&loaded.settings);
                }
            }
        }
    }
}
