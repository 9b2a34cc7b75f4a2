//! Looks at the settings files while the bot runs, and says what changed.

use cogwright_config::{Change, Problem, ProcessEnvironment, Reload, Settings, Watch};
use cogwright_lifecycle::CancellationToken;

/// Looks every [`Watch::INTERVAL`] until `stop`; `apply` is told the settings when some have changed that take
/// effect at once, and answers with what is odd about them. What was told before is not told again.
pub(crate) async fn watch(
    mut watch: Watch,
    stop: CancellationToken,
    apply: impl Fn(&Settings) -> Vec<Problem> + Send,
) {
    let mut told: Vec<Problem> = watch.running().warnings.clone();
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
                let mut odd = loaded.warnings.clone();
                if !changes.live.is_empty() {
                    odd.extend(apply(&loaded.settings));
                    tracing::info!("changed at once: {}", list(&changes.live));
                }
                if !changes.needs_restart.is_empty() {
                    tracing::warn!("changed with the next restart: {}", list(&changes.needs_restart));
                }
                for odd in odd.iter().filter(|odd| !told.contains(odd)) {
                    tracing::warn!("{}", odd.line());
                }
                told = odd;
            }
        }
    }
}

/// Most changes that are named; a file with more is another one.
const NAMED: usize = 30;

/// All changes in one line.
fn list(changes: &[Change]) -> String {
    let named = changes.iter().take(NAMED).map(ToString::to_string).collect::<Vec<_>>().join("; ");
    match changes.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}; and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_changes_stand_in_one_line() {
        let change = |from: &str| Change { name: "prefix", from: from.into(), to: "?".into() };
        assert_eq!(list(&[change("!"), change("$")]), "prefix from ! to ?; prefix from $ to ?");
        assert!(list(&vec![change("!"); NAMED + 2]).ends_with("; and 2 more"));
    }
}
