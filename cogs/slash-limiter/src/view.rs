//! How the answer looks.

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

use cogwright_command::{Panel, Reply, SlashLevel, Theme, Thresholds, Tone, Withheld, plain};

use crate::service::SlashUse;

/// Cells of the bar.
const CELLS: usize = 20;

pub(crate) fn usage(usage: &SlashUse, converted: &[String], theme: &Theme) -> Reply {
    let (tone, status) = match usage.level() {
        SlashLevel::Safe => (Tone::Success, "Safe"),
        SlashLevel::Warning => (Tone::Warning, "Warning: places become scarce"),
        SlashLevel::Critical => {
            (Tone::Error, "Critical: new commands get no slash form and are called by prefix")
        }
    };
    let percent = usage.percent();
    let current = format!("{}/{} ({percent:.0}%)\n`{}`", usage.used, usage.thresholds.hard, bar(percent));
    let mut panel = Panel::new(theme, tone, "Slash Command Usage")
        .section("Current Usage", current)
        .fact("Remaining", usage.remaining().to_string())
        .fact("Status", status);
    // There are only so many reasons, and they are long: each is said once.
    for (reason, commands) in by_reason(&usage.withheld) {
        let name = format!("Blocked ({}): {reason}", commands.len());
        panel = panel.list(&name, commands.into_iter().map(withheld));
    }
    if !converted.is_empty() {
        let name = format!("Converted to prefix commands ({})", converted.len());
        panel = panel.list(&name, converted.iter().map(|name| format!("`{name}`")));
    }
    let Thresholds { warn, safe, hard } = usage.thresholds;
    panel.footer(&format!("Warning from {warn}, prefix only from {safe}, never more than {hard}")).reply()
}

/// Full cells for what is in use. It is full only when nothing is left, and empty only when nothing is used.
fn bar(percent: f64) -> String {
    let exact = percent.clamp(0.0, 100.0) * CELLS as f64 / 100.0;
    let mut full = exact.round() as usize;
    if exact > 0.0 {
        full = full.max(1);
    }
    if exact < CELLS as f64 {
        full = full.min(CELLS - 1);
    }
    format!("{}{}", "█".repeat(full), "░".repeat(CELLS - full))
}

fn by_reason(all: &[Withheld]) -> BTreeMap<String, Vec<&Withheld>> {
    let mut groups: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for command in all {
        groups.entry(command.reason.to_string()).or_default().push(command);
    }
    groups
}

fn withheld(command: &Withheld) -> String {
    let since = command.since.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("`{}` from {}, <t:{since}:R>", command.command, plain(&command.origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::tests::usage as of;

    #[test]
    fn nothing_withheld() {
        insta::assert_json_snapshot!(usage(&of(23, 0), &[], &Theme::default()));
    }

    #[test]
    fn many_withheld() {
        let converted: Vec<_> = (0..12).map(|n| format!("game_{n}")).collect();
        let reply = usage(&of(95, 12), &converted, &Theme::default());
        insta::assert_json_snapshot!(reply);
    }

    #[test]
    fn bars_are_full_only_when_nothing_is_left() {
        for (percent, full) in
            [(0.0, 0), (0.5, 1), (50.0, 10), (94.0, 19), (99.5, 19), (100.0, 20), (120.0, 20)]
        {
            let bar = bar(percent);
            assert_eq!((bar.matches('█').count(), bar.chars().count()), (full, CELLS), "{percent}");
        }
    }
}
