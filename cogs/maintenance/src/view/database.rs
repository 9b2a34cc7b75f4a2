//! The pages of `dbstats`.

use std::fmt::Write as _;

use cogwright_command::{Icon, Panel, Reply, Theme, Tone, plain, ui};
use cogwright_store::{Target, ThreadStats};

use super::{bytes, count, reason, stamp, under_way};
use crate::service::database::{BackedUp, Databases};

/// The button that backs up.
pub(crate) const BACK_UP: &str = "back-up";

/// What the databases do.
pub(crate) fn databases(shown: &Databases, theme: &Theme) -> Reply {
    let Databases { stats, guilds, named, orphans, total, top, backup, main_bytes, main: file } = shown;
    let title = format!("{} Database Statistics", theme.icon(Icon::Database));
    let main = stats.threads.first().is_some_and(|main| main.open_files > 0);
    let queued: usize = stats.threads.iter().map(|thread| thread.queued).sum();
    let pool = format!(
        "Main database: {}, {}\nGuild files open: {}/{} ({guilds} in all)\nThreads: {}, waiting: {}",
        if main { "connected" } else { "not connected" },
        bytes(*main_bytes),
        stats.open_guilds(),
        stats.max_open_guilds,
        stats.threads.len(),
        count(queued, "task"),
    );
    let trouble = file.trouble();
    let mut panel = Panel::new(theme, if trouble.is_some() { Tone::Error } else { Tone::Info }, title);
    if let Some(trouble) = trouble {
        let remedy = if file.can_be_saved() {
            "Press **Back up now**, which saves what it holds; then stop the bot and run `cogwright data restore` with that \
             backup."
        } else {
            "Stop the bot and run `cogwright data restore` with a backup from before."
        };
        let text = format!("{trouble}. {remedy} The log has the whole command.");
        panel = panel.section(&format!("{} The File Is Lost", theme.icon(Icon::Error)), text);
    }
    let mut panel = panel.section("Connection Pool", pool).list("Threads", stats.threads.iter().map(thread));
    if let Some(slow) = stats.slowest() {
        let millis = slow.took.as_secs_f64() * 1_000.0;
        let sql = slow.sql.replace('`', "'");
        panel = panel.section("Slowest Query", format!("{millis:.1} ms: `{sql}`"));
    }
    if !named.is_empty() {
        let more = guilds - named.len();
        let mut lines: Vec<_> = named.iter().map(guild).collect();
        if more > 0 {
            lines.push(format!("… and {more} more"));
        }
        panel = panel.section("Guild Databases", lines.join("\n"));
    }
    if *orphans > 0 {
        let text = format!(
            "{} with a file that the bot has left. Their data is kept until it is deleted.",
            count(*orphans, "server")
        );
        panel = panel.section(&format!("{} Orphaned", theme.icon(Icon::Warning)), text);
    }
    if !top.is_empty() {
        let lines = top.iter().map(|row| format!("`{}`: {} ({} failed)", row.command, row.count, row.errors));
        panel = panel.list(&theme.with(Icon::Top, "Top Commands"), lines);
    }
    let age = match backup {
        Some((at, size)) => format!("{}, {}", stamp(*at, 'R'), bytes(*size)),
        None => "none yet".to_owned(),
    };
    let button = ui::with_emoji(ui::primary(BACK_UP, "Back up now"), theme.icon(Icon::Backup));
    panel
        .section("Latest Backup of main.db", age)
        .footer(&format!("{} commands run, {} failed, as stored", total.0, total.1))
        .reply()
        .component(ui::row([button.into()]))
}

fn thread(thread: &ThreadStats) -> String {
    let ThreadStats { name, queries, commits, total, open_files, .. } = thread;
    let each = total.as_secs_f64() * 1_000.0 / (*queries).max(1) as f64;
    format!(
        "`{name}`: {queries} queries, {each:.2} ms each, {commits} commits, {}",
        count(*open_files, "file")
    )
}

fn guild((id, name): &(u64, Option<String>)) -> String {
    match name {
        Some(name) => format!("{} (`{id}`)", plain(name)),
        None => format!("`{id}`"),
    }
}

/// A backup is under way.
pub(crate) fn backing_up(theme: &Theme) -> Reply {
    let text = "Copying all databases while they are in use...";
    under_way(&theme.with(Icon::Backup, "Backup"), text, theme)
}

/// What came of a backup.
pub(crate) fn backed_up(report: &BackedUp, theme: &Theme) -> Reply {
    let made = count(report.made, "database");
    let mut text = format!("{made} backed up and checked, {}, each beside its file.", bytes(report.bytes));
    if report.removed > 0 {
        let _ = write!(text, "\n{} removed, as settings say.", count(report.removed, "old backup"));
    }
    let sound = report.failed.is_empty();
    let (tone, icon, title) = if sound {
        (Tone::Success, Icon::Success, "Backup Complete")
    } else {
        (Tone::Error, Icon::Error, "Backup Incomplete")
    };
    let panel = Panel::new(theme, tone, format!("{} {title}", theme.icon(icon))).text(text);
    if sound {
        return panel.reply();
    }
    let failed =
        report.failed.iter().map(|(target, error)| format!("{}: {}", database(*target), reason(error)));
    panel.list(&format!("Not backed up ({})", report.failed.len()), failed).reply()
}

fn database(target: Target) -> String {
    match target {
        Target::Main => "`main.db`".to_owned(),
        Target::Guild(guild) => format!("guild `{guild}`"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use cogwright_store::{MainFile, UsageRow};

    use super::*;
    use crate::view::caches::tests::database as stats;

    fn some() -> Databases {
        let row = |command: &str, count| UsageRow {
            command: command.to_owned(),
            count,
            errors: 1,
            last_used: None,
            last_error: None,
        };
        Databases {
            stats: stats(),
            guilds: 12,
            named: vec![(7, Some("A *bold* <@1> place".to_owned())), (8, None)],
            orphans: 1,
            total: (120, 3),
            top: vec![row("help", 80), row("status add", 40)],
            backup: Some((SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000), 1_400_000)),
            main_bytes: 1_500_000,
            main: MainFile::Sound,
        }
    }

    #[test]
    fn the_databases() {
        insta::assert_json_snapshot!(databases(&some(), &Theme::default()));
    }

    #[test]
    fn a_lost_file_comes_first() {
        for (main, parts) in [
            (MainFile::Gone, ["main.db was deleted", "Press **Back up now**", "data restore"]),
            (MainFile::Overwritten, ["main.db was overwritten", "Stop the bot", "with a backup from before"]),
        ] {
            let reply = databases(&Databases { main, ..some() }, &Theme::default());
            let first = &reply.embeds()[0].fields[0];
            assert!(parts.iter().all(|part| first.value.contains(part)), "{}", first.value);
            assert_eq!(first.value.contains("Back up now"), main.can_be_saved());
        }
    }

    #[test]
    fn a_bot_without_guilds_and_backups() {
        let none = Databases { guilds: 0, named: vec![], orphans: 0, top: vec![], backup: None, ..some() };
        let reply = databases(&none, &Theme::default());
        let names: Vec<_> = reply.embeds()[0].fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["Connection Pool", "Threads", "Slowest Query", "Latest Backup of main.db"]);
    }

    #[test]
    fn a_backup_that_failed_in_part() {
        let failed = vec![(Target::Guild(7), "the file is *damaged*".to_owned())];
        let report = BackedUp { made: 2, bytes: 2_800_000, removed: 1, failed };
        insta::assert_json_snapshot!(backed_up(&report, &Theme::default()));
        let sound = BackedUp { failed: vec![], ..report };
        let reply = backed_up(&sound, &Theme::default());
        assert_eq!(reply.embeds()[0].title.as_deref(), Some("✅ Backup Complete"));
    }
}
