//! The page of the documentation that is made of the table.

use std::fmt::Write as _;
use std::path::Path;

use super::Tier;
use super::rows::ROWS;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/permissions-of-commands.md");

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
