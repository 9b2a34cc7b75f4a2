//! The pages of `sync`.

use std::fmt::Write as _;
use std::sync::Arc;

use cogwright_command::{Availability, Catalog, Icon, Panel, Reply, Spec, Theme, Tone, show_duration};
use cogwright_discord::sync::{Failed, Report};

use super::{reason, under_way};
use crate::progress::DEADLINE;

/// It begins.
pub(crate) fn busy(here: bool, theme: &Theme) -> Reply {
    let text = if here {
        "Looking at the commands that this server has for itself."
    } else {
        "Comparing the registered commands with those of the bot."
    };
    under_way(&title(theme), text, theme)
}

/// It takes longer than usual.
pub(crate) fn still_busy(theme: &Theme) -> Reply {
    let text = "It is still under way. When Discord limits how fast commands may be registered, it waits and goes on.";
    under_way(&title(theme), text, theme)
}

fn title(theme: &Theme) -> String {
    format!("{} Syncing Commands...", theme.icon(Icon::Reload))
}

/// Nobody waits for it any more.
pub(crate) fn goes_on(theme: &Theme) -> Reply {
    let title = format!("{} Sync Under Way", theme.icon(Icon::Warning));
    let text = format!(
        "It was not done within {}. It goes on by itself; the log says what comes of it.",
        show_duration(DEADLINE)
    );
    Panel::new(theme, Tone::Warning, title).text(text).reply()
}

/// The first words of the slash commands that people can use.
pub(crate) fn slash_names(catalog: &Catalog) -> Vec<String> {
    let slash = |availability| matches!(availability, Availability::Hybrid | Availability::SlashOnly);
    let listed = catalog.commands().iter().filter(|spec| spec.enabled && slash(catalog.availability(spec)));
    let mut names: Vec<_> = listed.map(|spec| spec.root_name().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The first words of commands that were to have a slash form and have none for want of room.
pub(crate) fn withheld_names(catalog: &Catalog) -> Vec<String> {
    let waits = |spec: &&Arc<Spec>| spec.enabled && catalog.availability(spec) == Availability::Converted;
    let mut names: Vec<_> =
        catalog.commands().iter().filter(waits).map(|spec| spec.root_name().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// How it went, as the page's look.
fn ending(report: &Report, theme: &Theme) -> (Tone, String) {
    let (tone, icon, title) = if report.is_complete() {
        (Tone::Success, Icon::Success, "Sync Complete")
    } else {
        (Tone::Warning, Icon::Warning, "Sync Incomplete")
    };
    (tone, format!("{} {title}", theme.icon(icon)))
}

/// What came of looking at one server's own commands.
pub(crate) fn done_here(report: &Report, theme: &Theme) -> Reply {
    let Report { deleted, failed, .. } = report;
    let text = match (deleted.len(), failed.len()) {
        (0, 0) => "This server has no commands of its own: each of the bot's is there once.".to_owned(),
        (0, _) => {
            "This server has commands of its own, of an earlier bot, and none of them could be removed."
                .to_owned()
        }
        (1, _) => "This server had a command of its own, of an earlier bot. It is gone.".to_owned(),
        (count, _) => {
            format!("{count} commands that this server had for itself, of an earlier bot, are gone.")
        }
    };
    let (tone, title) = ending(report, theme);
    let mut panel = Panel::new(theme, tone, title).text(text);
    if !deleted.is_empty() {
        panel = panel.section("Gone", words(deleted));
    }
    if !failed.is_empty() {
        panel = panel.list(&format!("Failed ({})", failed.len()), failed.iter().map(failure));
    }
    panel.reply()
}

/// What came of it.
pub(crate) fn done(report: &Report, names: &[String], withheld: &[String], theme: &Theme) -> Reply {
    let complete = report.is_complete();
    let (tone, title) = ending(report, theme);
    let Report { created, updated, deleted, unchanged, failed, writes, waited } = report;
    let mut text = match names.len() {
        1 => "1 slash command is in use.".to_owned(),
        count => format!("{count} slash commands are in use."),
    };
    if !withheld.is_empty() {
        let _ = write!(text, " {} more found no place and can be called by prefix.", withheld.len());
    }
    if *writes == 0 && complete {
        text.push_str(" Nothing had changed, nothing was written.");
    }
    if waited.as_secs() > 0 {
        let _ = write!(text, "\nWaited {} for Discord's limits.", show_duration(*waited));
    }
    let mut panel = Panel::new(theme, tone, title)
        .text(text)
        .boxed("Created", created.len())
        .boxed("Updated", updated.len())
        .boxed("Deleted", deleted.len())
        .boxed("Unchanged", unchanged);
    for (name, list) in [("New", created), ("Changed", updated), ("Gone", deleted)] {
        if !list.is_empty() {
            panel = panel.section(name, words(list));
        }
    }
    if !failed.is_empty() {
        panel = panel.list(&format!("Failed ({})", failed.len()), failed.iter().map(failure));
    }
    if !withheld.is_empty() {
        panel = panel.section("Without a Slash Form", words(withheld));
    }
    panel.section("Commands", words(names)).reply()
}

/// A list in one line, which ends between two names.
fn words(names: &[String]) -> String {
    /// Room for the count of the rest is left below Discord's 1,024.
    const MAX: usize = 980;
    let mut text = String::new();
    for (done, name) in names.iter().enumerate() {
        if text.len() + name.len() + 4 > MAX {
            let _ = write!(text, ", … and {} more", names.len() - done);
            break;
        }
        if done > 0 {
            text.push_str(", ");
        }
        let _ = write!(text, "`{}`", name.replace('`', "'"));
    }
    text
}

fn failure(failed: &Failed) -> String {
    let again = if failed.retryable { " (it is tried again)" } else { "" };
    format!("`{}`: {}{again}", failed.name.replace('`', "'"), reason(&failed.reason))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cogwright_command::{Cog, Handler, Triggers};
    use cogwright_discord::sync::ChangeKind;

    use super::*;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn nothing_had_changed() {
        let report = Report { unchanged: 2, ..Report::default() };
        insta::assert_json_snapshot!(done(&report, &names(&["help", "ping"]), &[], &Theme::default()));
    }

    #[test]
    fn done_in_part() {
        let failed = Failed {
            name: "games".to_owned(),
            action: ChangeKind::Create,
            reason: "Discord refused *options*".to_owned(),
            retryable: true,
        };
        let report = Report {
            created: names(&["a", "b"]),
            updated: names(&["c"]),
            deleted: names(&["d"]),
            unchanged: 5,
            failed: vec![failed],
            writes: 4,
            waited: Duration::from_secs(75),
        };
        insta::assert_json_snapshot!(done(
            &report,
            &names(&["a", "b", "c"]),
            &names(&["game", "quiz"]),
            &Theme::default()
        ));
    }

    #[test]
    fn the_page_of_one_server() {
        let failed = |name: &str| Failed {
            name: name.to_owned(),
            action: ChangeKind::Delete,
            reason: "Discord refused".to_owned(),
            retryable: true,
        };
        let shown = |deleted: &[&str], failures: &[&str]| {
            let failed = failures.iter().map(|name| failed(name)).collect();
            let report = Report { deleted: names(deleted), failed, ..Report::default() };
            done_here(&report, &Theme::default())
        };
        insta::assert_json_snapshot!([
            shown(&[], &[]),
            shown(&["old"], &[]),
            shown(&["old", "older"], &["oldest"]),
            shown(&[], &["oldest"])
        ]);
    }

    #[test]
    fn a_hundred_long_names_fit() {
        let all: Vec<_> = (0..100).map(|n| format!("a-command-with-a-long-name-{n:05}")).collect();
        let text = words(&all);
        assert!(text.chars().count() <= 1_024 && text.ends_with(" more") && !text.contains("``"), "{text}");
        assert_eq!(words(&names(&["a", "b"])), "`a`, `b`");
    }

    #[test]
    fn only_what_has_a_slash_form_is_listed() {
        let spec = |name: &str| Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }));
        let cog = Cog::new("A")
            .command(spec("text").triggers(Triggers::TEXT))
            .command(spec("slash").triggers(Triggers::SLASH))
            .command(spec("both"))
            .command(spec("waits"));
        let catalog = Catalog::build([cog]).expect("is valid");
        catalog.withhold(["waits".to_owned()]);
        assert_eq!(slash_names(&catalog), ["both", "slash"]);
        assert_eq!(withheld_names(&catalog), ["waits"]);
    }
}
