//! Looks at the settings files while the bot runs, and says what changed.

use cogwright_config::{Change, Loaded, Problem, ProcessEnvironment, Reload, Settings, Watch};
use cogwright_lifecycle::CancellationToken;

/// Looks every [`Watch::INTERVAL`] until `stop`; `apply` is told the settings when some have changed that take
/// effect at once. `odd` says what is odd about settings, beside what is odd about the files; the start has told that.
/// What was told before is not told again.
pub(crate) async fn watch(
    mut watch: Watch,
    stop: CancellationToken,
    apply: impl Fn(&Settings) + Send,
    odd: impl Fn(&Settings) -> Vec<Problem> + Send,
) {
    let all = |loaded: &Loaded| -> Vec<Problem> {
        loaded.warnings.iter().cloned().chain(odd(&loaded.settings)).collect()
    };
    let mut told = Told(all(watch.running()));
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
                if !changes.live.is_empty() {
                    apply(&loaded.settings);
                    tracing::info!("changed at once: {}", list(&changes.live));
                }
                if !changes.needs_restart.is_empty() {
                    tracing::warn!("changed with the next restart: {}", list(&changes.needs_restart));
                }
                for odd in told.news(all(&loaded)) {
                    tracing::warn!("{}", odd.line());
                }
            }
        }
    }
}

/// What is odd and was told.
struct Told(Vec<Problem>);

impl Told {
    /// What is odd now and was not before. What is not odd any more is news again when it comes back.
    fn news(&mut self, now: Vec<Problem>) -> Vec<Problem> {
        // Not by its place: what stands above it may have grown.
        let same = |a: &Problem, b: &Problem| (&a.setting, &a.what) == (&b.setting, &b.what);
        let news = now.iter().filter(|odd| !self.0.iter().any(|told| same(told, odd))).cloned().collect();
        self.0 = now;
        news
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
    fn only_what_is_new_is_told() {
        let odd = |setting: &str, place: &str| Problem::new(setting, place, "is odd", "Mend it.");
        let mut told = Told(vec![odd("a", "config.json:2:3"), odd("b", "")]);
        let lines = |problems: Vec<Problem>| problems.iter().map(Problem::line).collect::<Vec<_>>();
        let moved = vec![odd("a", "config.json:9:3"), odd("b", ""), odd("c", "config.json:10:3")];
        assert_eq!(lines(told.news(moved)), ["config.json:10:3 c: is odd. Mend it."]);
        assert_eq!(lines(told.news(vec![odd("b", "")])), [""; 0]);
        assert_eq!(lines(told.news(vec![odd("a", "x"), odd("b", "")])), ["x a: is odd. Mend it."]);
    }

    #[test]
    fn all_changes_stand_in_one_line() {
        let change = |from: &str| Change { name: "prefix", from: from.into(), to: "?".into() };
        assert_eq!(list(&[change("!"), change("$")]), "prefix from ! to ?; prefix from $ to ?");
        assert!(list(&vec![change("!"); NAMED + 2]).ends_with("; and 2 more"));
    }
}
