//! How the answer looks.

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

use cogwright_command::{Panel, Reply, SlashLevel, Theme, Thresholds, Tone, Withheld, plain};

use crate::service::SlashUse;

pub(crate) fn usage(usage: &SlashUse, converted: &[String], theme: &Theme) -> Reply {
    let (tone, status) = match usage.level() {
        SlashLevel::Safe => (Tone::Success, "Safe"),
        SlashLevel::Warning => (Tone::Warning, "Warning: places become scarce"),
        SlashLevel::Critical if usage.used >= usage.thresholds.safe => {
            (Tone::Error, "Critical: new commands get no slash form and are called by prefix")
        }
        // There is room by the count, so what waits does so for another reason, which stands with it.
        SlashLevel::Critical => (Tone::Warning, "Some commands wait for a slash form; why stands below"),
    };
    let Thresholds { warn, safe, hard } = usage.thresholds;
    let (used, percent) = (usage.used, usage.percent());
    let current = format!("{used}/{hard} ({percent:.0}%)\n{}", theme.usage_bar(used, safe, hard));
    let mut panel = Panel::new(theme, tone, "Slash Command Usage")
        .section("Current Usage", current)
        .fact("Remaining", remaining(usage))
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
    let kept = theme.kept_cell();
    panel
        .footer(&format!(
            "Warning from {warn}, new ones prefix only from {safe} ({kept}), never more than {hard}"
        ))
        .reply()
}

/// What is left, and for whom.
fn remaining(usage: &SlashUse) -> String {
    let (left, new) = (usage.remaining(), usage.thresholds.safe.saturating_sub(usage.used));
    if new == left { left.to_string() } else { format!("{left}, of which {new} for new commands") }
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
}
