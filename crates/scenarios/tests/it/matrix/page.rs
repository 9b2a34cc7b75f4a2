//! The page of the documentation that is made of the table, and the one that is written by hand.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::Tier;
use super::rows::{ROWS, Row, TEN_SECONDS};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/permissions-of-commands.md");

/// Where the commands are told with what they do.
const COMMANDS: &str = include_str!("../../../../../docs/src/commands.md");

/// With this variable set, the page is written instead of compared.
const WRITE: &str = "COGWRIGHT_WRITE_DOCS";

const HEAD: &str = "# Permissions of the built-in commands

<!-- Made by `cargo xtask gen permissions`; do not edit. -->

Who may call which built-in command as long as no rule of the server says otherwise (`config`; see
[Who may call what](checks.md)). The page is made of the table that a test runs against the whole bot, each command in
both forms, for each kind of caller, in a server and in direct messages.

The slash form is *shown to* fewer than may call the prefix form: Discord shows commands for administrators and owners
to members with Administrator alone, and an owner of the bot who is a mere member uses the prefix there. What only
works in a server is not shown in direct messages. What also works there is shown to *everybody* in direct messages with
the bot: Discord asks for permissions in servers alone. Whoever is no owner and calls one of an owner's commands there is
refused.

| command | members | administrators | owner of the server | owners of the bot | direct messages | slash form shown to |
| --- | --- | --- | --- | --- | --- | --- |
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for row in ROWS {
        let yes = |tier| if row.tier.admits(tier) { "yes" } else { "no" };
        let [members, administrators, guild_owner, bot_owner] =
            [Tier::Everybody, Tier::Administrator, Tier::GuildOwner, Tier::BotOwner].map(yes);
        let direct = if row.direct { "yes" } else { "no" };
        let shown = match (row.tier, row.direct) {
            (Tier::Everybody, _) => "everybody",
            (_, false) => "administrators",
            (_, true) => "administrators; in direct messages everybody",
        };
        let _ = writeln!(
            page,
            "| `{}` | {members} | {administrators} | {guild_owner} | {bot_owner} | {direct} | {shown} |",
            row.name
        );
    }
    page
}

#[test]
fn the_page_of_permissions_is_that_of_the_table() {
    let (file, page) = (Path::new(FILE), page());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file, &page).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(written == page, "permissions-of-commands.md is not current: run `cargo xtask gen permissions`");
}

/// The cells of the table below a heading of the page.
fn cells(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, below) = COMMANDS.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = below.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The commands that a cell names: `status list`, `add` are two of a group, and what a command takes is left out.
fn named(cell: &str) -> Vec<String> {
    let mut group = "";
    let names = cell.split('`').skip(1).step_by(2).map(|code| {
        let name = code.split(" [").next().unwrap().split(" <").next().unwrap();
        match (name.split_once(' '), group) {
            (Some((of, _)), _) => {
                group = of;
                name.to_owned()
            }
            (None, "") => name.to_owned(),
            (None, group) => format!("{group} {name}"),
        }
    });
    names.collect()
}

fn row(name: &str) -> &'static Row {
    ROWS.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("`{name}` is no command"))
}

#[test]
fn the_page_of_commands_has_each_with_whom_it_lets_in() {
    let mut told = BTreeSet::new();
    for cells in cells("The built-in commands") {
        let tier = match cells[1] {
            "all" => Tier::Everybody,
            "admin" => Tier::Administrator,
            "server owner" => Tier::GuildOwner,
            "bot owner" => Tier::BotOwner,
            other => panic!("nobody is called {other:?}"),
        };
        // Aliases stand behind the name.
        let aliases = ["framework", "botinfo", "commands", "say"];
        for name in named(cells[0]).iter().filter(|name| !aliases.contains(&name.as_str())) {
            assert_eq!(row(name).tier, tier, "{name}");
            told.insert(name.clone());
        }
    }
    let all: BTreeSet<_> = ROWS.iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(told, all, "left: docs/src/commands.md, right: the table");
}

#[test]
fn the_page_of_commands_has_the_cooldown_of_each() {
    let mut told = BTreeSet::new();
    for cells in cells("Cooldowns") {
        for name in named(cells[0]) {
            let says = match row(&name).cooldown {
                "" => "no cooldown",
                TEN_SECONDS => "once in 10 seconds for each person",
                "default per user" => "by the default",
                _ => "together 20 times a minute in a server",
            };
            assert!(cells[1].contains(says), "{name}: {says:?} is not in {:?}", cells[1]);
            told.insert(name);
        }
    }
    // Those of the bot's owners stand there as such.
    let others = ROWS.iter().filter(|row| row.tier != Tier::BotOwner).map(|row| row.name.to_owned());
    assert_eq!(told, others.collect(), "left: docs/src/commands.md, right: the table");
    let owners = ROWS.iter().filter(|row| row.tier == Tier::BotOwner);
    assert_eq!(owners.filter(|row| !row.cooldown.is_empty()).count(), 0);
}
