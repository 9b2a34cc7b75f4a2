//! Whether the names of commands in the settings are those of commands.

use cogwright_command::{Access, Catalog, is_reserved};
use cogwright_config::{Problem, Settings};

const DISABLED: &str = "commands.disabled";
const RULES: &str = "command_permissions";

/// What is odd about `commands.disabled` and `command_permissions`, which have no effect then. `catalog` was built without
/// what the settings switch off; `place` tells where a setting was written.
pub fn check_command_names(
    catalog: &Catalog,
    settings: &Settings,
    place: impl Fn(&str) -> String,
) -> Vec<Problem> {
    let mut odd = Vec::new();
    for name in catalog.unmatched() {
        let what = format!("names {name}, which is no command");
        odd.push(Problem::new(DISABLED, place(DISABLED), what, meant(catalog, name)));
    }
    for name in settings.command_permissions.keys() {
        if let Some((what, remedy)) = rule(catalog, name) {
            odd.push(Problem::new(format!("{RULES}.{name}"), place(RULES), what, remedy));
        }
    }
    odd
}

/// What is wrong with a rule by this name, and what to do.
fn rule(catalog: &Catalog, name: &str) -> Option<(String, String)> {
    if let Some(spec) = catalog.find(name) {
        let known = spec.qualified_name();
        if known != name {
            let what = format!("has no effect: the command is called {known}");
            return Some((what, format!("Write \"{known}\".")));
        }
        let who = match spec.access {
            Access::BotOwner => "it is the bot owners' alone",
            Access::GuildOwner => "it is the owner's of a server and the bot owners' alone",
            Access::Everyone if !spec.is_configurable() => "no roles can be set for it",
            Access::Everyone => return None,
        };
        return Some((format!("has no effect: {who}"), "Take it out.".to_owned()));
    }
    let members: Vec<_> = catalog.commands_in(name).iter().map(|spec| spec.qualified_name()).collect();
    if members.is_empty() && is_reserved(name) {
        return Some(("has no effect: it is the bot owners' alone".to_owned(), "Take it out.".to_owned()));
    }
    if members.is_empty() {
        return Some(("has no effect: there is no such command".to_owned(), meant(catalog, name)));
    }
    let what = "has no effect: it is a group, and each of its commands has a rule of its own".to_owned();
    Some((what, format!("Write one for each that you mean: {}.", members.join(", "))))
}

fn meant(catalog: &Catalog, name: &str) -> String {
    match catalog.near(name).first() {
        Some(near) => format!("Did you mean \"{near}\"?"),
        None => "Correct it, or take it out; help lists the commands.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::builtin::described_cogs;

    #[tokio::test]
    async fn names_that_mean_nothing_are_told_with_what_was_meant() {
        let mut settings = Settings::with_token("a.b.c");
        settings.commands.disabled = vec!["pign".into(), "slashlimit".into(), "nosuchcommand".into()];
        let rule = |name: &str| (name.to_owned(), vec![123_456_789_012_345_678]);
        let names = [
            "ping",
            "stast",
            "nosuch",
            "sync",
            "config",
            "status",
            "STATS",
            "botinfo",
            "setprefix",
            "slashlimit",
            "reload",
        ];
        settings.command_permissions = names.map(rule).into();
        let cogs = described_cogs(&settings).await.unwrap();
        let catalog = Catalog::build_without(cogs, &settings.commands.disabled).unwrap();
        let odd = check_command_names(&catalog, &settings, |name| format!("<{name}>"));
        let text = odd.iter().fold(String::new(), |mut text, problem| {
            let _ = writeln!(text, "{}", problem.line());
            text
        });
        insta::assert_snapshot!(text);
    }
}
