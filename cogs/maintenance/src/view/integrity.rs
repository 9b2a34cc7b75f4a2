//! The pages of `integritycheck`.

use cogwright_command::{Icon, Panel, Reply, Theme, Tone, plain};

use super::under_way;
use crate::service::integrity::{Finding, Group, State};

/// Failures that are listed by themselves; the rest is counted.
const ERRORS: usize = 10;
/// Longest text of a finding, in characters.
const MAX_TEXT: usize = 180;

/// How far it has come.
pub(crate) fn busy(state: &State, theme: &Theme) -> Reply {
    let mut lines: Vec<_> = state
        .groups
        .iter()
        .filter(|group| Some(group.name) != state.now)
        .map(|group| format!("{} {}", mark(group.failed == 0, theme), group.name))
        .collect();
    if let Some(now) = state.now {
        let (done, of) = state.databases;
        let counted = now == "Database" && of > 0;
        let count = if counted { format!(" ({done} of {of})") } else { String::new() };
        lines.push(theme.with(Icon::Reload, &format!("{now}{count}...")));
        if counted {
            lines.push(theme.progress_bar(done, of));
        }
    }
    if lines.is_empty() {
        lines.push("It begins...".to_owned());
    }
    under_way(&theme.with(Icon::Search, "System Integrity Check"), &lines.join("\n"), theme)
}

/// What was found.
pub(crate) fn result(state: &State, theme: &Theme) -> Reply {
    let failed = state.failed();
    let (tone, icon, verdict) = match (failed, state.finished) {
        (0, true) => (Tone::Success, Icon::Success, "Passed"),
        (0, false) => (Tone::Warning, Icon::Warning, "Not Finished"),
        _ => (Tone::Error, Icon::Error, "Failed"),
    };
    let title = format!("{} System Integrity Check {verdict}", theme.icon(icon));
    let mut panel = Panel::new(theme, tone, title);
    if !state.finished {
        let (done, of) = state.databases;
        let text = format!("It took too long and was stopped: {done} of {of} databases were looked at.");
        panel = panel.text(text);
    }
    let errors: Vec<_> =
        state.groups.iter().flat_map(|group| group.findings.iter().filter(|found| !found.ok)).collect();
    if !errors.is_empty() {
        let more = errors.len().saturating_sub(ERRORS);
        let mut lines: Vec<_> = errors.iter().take(ERRORS).map(|finding| line(finding, theme)).collect();
        if more > 0 {
            lines.push(format!("… and {more} more; the log has them"));
        }
        panel = panel.list("Errors Found", lines);
    }
    for group in &state.groups {
        panel = section(panel, group, theme);
    }
    let total = state.total();
    panel.footer(&format!("{total} checks, {} passed, {failed} failed", total - failed)).reply()
}

/// Failures stand in a list of their own already.
fn section(panel: Panel, group: &Group, theme: &Theme) -> Panel {
    let name = format!("{} {}", mark(group.failed == 0, theme), group.name);
    let passed = group.findings.iter().filter(|finding| finding.ok).map(|finding| line(finding, theme));
    let mut lines: Vec<_> = passed.collect();
    if group.failed > 0 {
        lines.push(format!("{} {} failed", theme.icon(Icon::Error), group.failed));
    }
    panel.list(&name, lines)
}

fn line(finding: &Finding, theme: &Theme) -> String {
    let mut text: String = finding.text.chars().take(MAX_TEXT).collect();
    if text.len() < finding.text.len() {
        text.push('…');
    }
    format!("{} {}", mark(finding.ok, theme), plain(&text))
}

fn mark(ok: bool, theme: &Theme) -> &str {
    theme.icon(if ok { Icon::Success } else { Icon::Error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &'static str, findings: &[(bool, &str)]) -> Group {
        let all = findings.iter().map(|(ok, text)| Finding { ok: *ok, text: (*text).to_owned() });
        let failed = findings.iter().filter(|(ok, _)| !ok).count();
        Group { name, findings: all.collect(), passed: findings.len() - failed, failed }
    }

    fn some(finished: bool) -> State {
        let damaged = [(true, "main.db is sound"), (false, "guild 7 (A *bold* place): row 1 missing")];
        let groups = vec![group("File System", &[(true, "Write (3 ms)")]), group("Database", &damaged)];
        State { groups, now: None, databases: (2, 5), finished }
    }

    #[test]
    fn under_way() {
        let state = State { now: Some("Database"), ..some(false) };
        insta::assert_json_snapshot!(busy(&state, &Theme::default()));
        let begun = busy(&State::default(), &Theme::default());
        assert_eq!(begun.embeds()[0].description.as_deref(), Some("It begins..."));
    }

    #[test]
    fn failed() {
        insta::assert_json_snapshot!(result(&some(true), &Theme::default()));
    }

    #[test]
    fn passed_and_not_finished() {
        let mut state = some(true);
        state.groups.truncate(1);
        let title = |state: &State| result(state, &Theme::default()).embeds()[0].title.clone().unwrap();
        assert_eq!(title(&state), "✅ System Integrity Check Passed");
        state.finished = false;
        assert_eq!(title(&state), "⚠️ System Integrity Check Not Finished");
    }

    #[test]
    fn thousands_of_damaged_files_fit() {
        let text = "guild 1: ".to_owned() + &"*** broken ".repeat(100);
        let mut state = some(true);
        state.groups[1].findings = vec![Finding { ok: false, text }; 50];
        state.groups[1].failed = 5_000;
        let embed = result(&state, &Theme::default()).embeds()[0].clone();
        assert!(embed.fields[0].value.contains("more") && embed.fields.len() == 3, "{embed:#?}");
        assert_eq!(embed.footer.unwrap().text, "5002 checks, 2 passed, 5000 failed");
    }
}
