//! The pages of `cleanup`.

use cogwright_command::{Icon, Panel, Reply, Theme, Tone};

use super::caches::stored;
use super::{count, under_way};
use crate::service::caches::Caches;
use crate::service::cleanup::Cleaned;

/// It is under way.
pub(crate) fn busy(theme: &Theme) -> Reply {
    under_way(&theme.with(Icon::Cleanup, "System Cleanup"), "Dropping what has expired...", theme)
}

/// What was done, and what the caches hold now.
pub(crate) fn done(cleaned: &Cleaned, caches: &Caches, theme: &Theme) -> Reply {
    let Cleaned { databases, settings } = cleaned;
    let icon = theme.icon(Icon::Success);
    let mut lines = vec![
        format!("Expired prefix entries removed: {settings}"),
        format!("Expired cooldowns removed: {}", databases.cooldowns),
        format!("Database files of left servers closed: {}", databases.closed.len()),
        format!("Audit rows moved to the main database: {}", databases.audit_rows),
        format!("Old audit rows removed: {}", databases.pruned.audit),
        format!("Commands whose uses are no longer counted: {}", databases.pruned.usage),
        format!("Idle file locks dropped so far: {}", caches.files.lock_cleanups),
    ];
    for line in &mut lines {
        line.insert_str(0, &format!("{icon} "));
    }
    if databases.orphans > 0 {
        let left = count(databases.orphans, "server");
        lines.push(format!("{} Data of {left} that the bot has left is kept.", theme.icon(Icon::Info)));
    }
    let title = format!("{icon} Cleanup Complete");
    let mut panel = Panel::new(theme, Tone::Success, title).text(lines.join("\n"));
    for (name, text) in stored(caches) {
        panel = panel.fact(name, text);
    }
    panel.footer("Current figures. No server's data was deleted.").reply()
}

#[cfg(test)]
mod tests {
    use cogwright_store::{MaintenanceReport, Pruned};

    use super::*;
    use crate::view::caches::tests::some;

    #[test]
    fn a_round() {
        let pruned = Pruned { audit: 5, usage: 1 };
        let databases =
            MaintenanceReport { closed: vec![1, 2], orphans: 3, cooldowns: 4, audit_rows: 6, pruned };
        let cleaned = Cleaned { databases, settings: 7 };
        insta::assert_json_snapshot!(done(&cleaned, &some(), &Theme::default()));
    }
}
