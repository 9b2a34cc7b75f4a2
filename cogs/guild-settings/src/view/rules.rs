//! Which roles may call which command.

use std::fmt::Write as _;

use cogwright_command::{
    Icon, KnownRoles, Lockout, Origin, Panel, Reply, RoleFacts, RoleRule, Spec, Theme, Tone, name_roles,
    who_may_call,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

use super::by;
use crate::service::{Listing, PER_PAGE, Wish};

/// Most roles that a warning names.
const NAMED: usize = 10;

pub(crate) fn rules(listing: &Listing, page: usize, theme: &Theme) -> Reply {
    let opening = &listing.opening;
    let mut text = format!(
        "`{opening}config ping @role` lets a role call `ping`, and only it; further calls add roles.\n\
         `{opening}config ping` shows one rule, `{opening}config ping {none}` removes it.\n",
        none = if opening == "/" { "none:True" } else { "none" }
    );
    if listing.rules.is_empty() {
        text.push_str("\nThere are no rules: the permissions of each command count.");
    }
    for rule in listing.page(page) {
        let roles = name_roles(listing.guild, &rule.roles, &listing.known);
        // A rule of before may be for a name that is none any more.
        let command: String =
            rule.command.chars().map(|c| if c == '`' { ' ' } else { c }).take(100).collect();
        let gone = if listing.gone.contains(&rule.command) { ", no such command now" } else { "" };
        let _ = write!(text, "\n**`{command}`** {roles} ({}{gone})", by(rule.origin));
    }
    let who = if listing.bot_owner { "an owner of the bot" } else { "the owner of this server" };
    let place = match listing.pages() {
        1 => String::new(),
        pages => format!("Page {}/{pages}, {} rules, {PER_PAGE} a page. ", page + 1, listing.rules.len()),
    };
    let footer = format!("{place}You may do this as {who}");
    let owners = if listing.bot_owner { "Bot Owner Only" } else { "Kept to the Owners of the Bot" };
    let names = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    Panel::new(theme, Tone::Info, format!("{} Command Configuration", theme.icon(Icon::Settings)))
        .text(text)
        .words("Configurable Commands", names(&listing.names.open))
        .words("Not Configurable", names(&listing.names.closed))
        .words(owners, names(&listing.names.owners))
        .footer(&footer)
        .reply()
}

/// One command.
pub(crate) fn rule(
    spec: &Spec,
    guild: Id<GuildMarker>,
    rule: Option<&RoleRule>,
    known: &KnownRoles,
    opening: &str,
    theme: &Theme,
) -> Reply {
    let command = spec.qualified_name();
    let quoted = if command.contains(' ') { format!("\"{command}\"") } else { command.clone() };
    let then = match rule.map(|rule| rule.origin) {
        Some(Origin::Guild) => "adds a role to those.",
        Some(Origin::Settings) => {
            "lets a role call it; a rule of this server takes the place of the bot-wide one."
        }
        None => "lets a role call it, and nobody else.",
    };
    let text = format!(
        "Who may call it: {}\n\n`{opening}config {quoted} @role` {then}",
        who_may_call(spec, Some(guild), rule, known)
    );
    Reply::new().embed(theme.embed(Tone::Info, Icon::Settings, &format!("Rule of `{command}`"), &text, None))
}

/// What is told before it is saved: the server's rule would be for `after`; without one the bot-wide one, for `usual`,
/// counts.
pub(crate) fn question(
    spec: &Spec,
    guild: Id<GuildMarker>,
    after: &[Id<RoleMarker>],
    usual: &[Id<RoleMarker>],
    known: &KnownRoles,
    loss: &Lockout,
    theme: &Theme,
) -> Reply {
    let mut text = String::new();
    let command = spec.qualified_name();
    let then = match (after, usual) {
        ([], []) => format!("Without a rule for `{command}`"),
        ([], usual) => {
            format!("With the bot-wide rule of `{command}`, for {}", name_roles(guild, usual, known))
        }
        (after, _) => format!("With `{command}` only for {}", name_roles(guild, after, known)),
    };
    let _ = writeln!(text, "{then}, these could not call it any more:\n");
    let bullet = theme.icon(Icon::Bullet);
    if loss.everybody {
        let _ = writeln!(text, "{bullet} **everybody** without one of those roles; today it is open to all");
    }
    if !loss.administrators.is_empty() {
        let _ = writeln!(text, "{bullet} **administrators** by {}", listed(&loss.administrators));
    }
    let others: Vec<_> =
        loss.roles.iter().filter(|role| !loss.administrators.contains(role)).cloned().collect();
    if !loss.everybody && !others.is_empty() {
        let _ = writeln!(text, "{bullet} members who could call it only by {}", listed(&others));
    }
    text.push_str("\nThe owner of the server and the owners of the bot can always call it. Save it?");
    let title = format!("Some would lose `{command}`");
    let footer = Some("Nothing is saved without an answer");
    Reply::new().embed(theme.embed(Tone::Warning, Icon::Warning, &title, &text, footer))
}

fn listed(roles: &[RoleFacts]) -> String {
    let named: Vec<_> = roles.iter().take(NAMED).map(|role| format!("<@&{}>", role.id)).collect();
    match roles.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

pub(crate) fn given_up(command: &str, theme: &Theme) -> Reply {
    let text = format!("The rule of `{command}` is as it was.");
    Reply::new().embed(theme.embed(Tone::Info, Icon::Info, "Nothing Changed", &text, None))
}

pub(crate) fn saved(title: &str, text: &str, theme: &Theme) -> Reply {
    Reply::new().embed(theme.embed(Tone::Success, Icon::Success, title, text, None))
}

pub(crate) fn changed_title(wish: Wish) -> &'static str {
    match wish {
        Wish::Add(_) => "Permission Added",
        Wish::Remove(_) => "Permission Removed",
        Wish::Clear => "Permissions Removed",
    }
}

/// `usual` is the bot-wide rule, if there is one.
pub(crate) fn changed(
    spec: &Spec,
    guild: Id<GuildMarker>,
    rule: Option<&RoleRule>,
    usual: &[Id<RoleMarker>],
    known: &KnownRoles,
) -> String {
    let name = spec.qualified_name();
    let who = who_may_call(spec, Some(guild), rule, known);
    let mut text = format!("Who may call `{name}` from now on: {who}");
    if rule.is_some_and(|rule| rule.origin == Origin::Guild) && !usual.is_empty() {
        let roles = name_roles(guild, usual, known);
        let _ =
            write!(text, "\nThe bot-wide rule, for {roles}, does not count beside a rule of this server.");
    }
    text
}

pub(crate) fn kept_title(wish: Wish) -> &'static str {
    match wish {
        Wish::Add(_) => "Already Configured",
        Wish::Remove(_) | Wish::Clear => "No Restrictions",
    }
}

pub(crate) fn kept(command: &str, own: &[Id<RoleMarker>], wish: Wish) -> String {
    match wish {
        Wish::Add(role) => format!("<@&{role}> is in the rule of `{command}` already."),
        Wish::Remove(role) if !own.is_empty() => format!("<@&{role}> is not in the rule of `{command}`."),
        Wish::Remove(_) | Wish::Clear => format!("This server has no rule for `{command}`."),
    }
}

#[cfg(test)]
mod tests {
    use cogwright_command::Permissions;

    use super::*;
    use crate::service::tests::spec;
    use crate::service::{Names, Rule};

    const GUILD: Id<GuildMarker> = Id::new(1);

    fn listing(rules: usize) -> Listing {
        let rule = |number: usize| Rule {
            command: format!("command-{number:02}"),
            roles: (0..=number as u64 % 3).map(|role| Id::new(role + 5)).collect(),
            origin: if number % 4 == 3 { Origin::Settings } else { Origin::Guild },
        };
        Listing {
            guild: GUILD,
            rules: (0..rules).map(rule).collect(),
            gone: vec!["command-02".into()],
            names: Names {
                open: vec!["command-00".into(), "command-01".into(), "ping".into()],
                closed: vec!["config".into()],
                owners: vec!["sync".into()],
            },
            known: KnownRoles::default(),
            opening: "!".into(),
            bot_owner: false,
        }
    }

    #[test]
    fn all_rules() {
        insta::assert_json_snapshot!(rules(&listing(3), 0, &Theme::default()));
        insta::assert_json_snapshot!("no_rules", rules(&listing(0), 0, &Theme::default()));
    }

    #[test]
    fn many_rules_have_pages() {
        insta::assert_json_snapshot!(rules(&listing(23), 2, &Theme::default()));
    }

    #[test]
    fn the_greatest_list_fits_a_message() {
        let mut full = listing(0);
        let roles: Vec<_> = (0..25).map(|role| Id::new(u64::MAX - role)).collect();
        let rule =
            |number| Rule { command: format!("{number:0>98}"), roles: roles.clone(), origin: Origin::Guild };
        full.rules = (0..200).map(rule).collect();
        full.names.open = (0..300).map(|number| format!("{number:0>32}")).collect();
        let reply = rules(&full, 0, &Theme::default());
        let embed = &reply.embeds()[0];
        let description = embed.description.as_deref().unwrap().chars().count();
        let fields: usize = embed.fields.iter().map(|field| field.value.chars().count()).sum();
        assert!(description <= 4_096 && description + fields < 5_800, "{description} {fields}");
        assert!(embed.fields[0].value.ends_with(" more"), "{}", embed.fields[0].value);
        assert!(embed.fields.iter().all(|field| field.value.chars().count() <= 1_024));
    }

    #[test]
    fn one_rule() {
        let held = RoleRule { roles: vec![Id::new(5)], origin: Origin::Settings };
        let add = Spec { groups: vec!["status".into()], ..spec("add") };
        insta::assert_json_snapshot!(rule(
            &add,
            GUILD,
            Some(&held),
            &KnownRoles::default(),
            "!",
            &Theme::default()
        ));
    }

    #[test]
    fn who_would_lose_it_is_told() {
        let role = |id, permissions| RoleFacts {
            id: Id::new(id),
            name: "x".into(),
            permissions,
            position: 1,
            managed: false,
        };
        let admin = role(7, Permissions::ADMINISTRATOR);
        let loss = Lockout {
            everybody: true,
            roles: vec![admin.clone(), role(8, Permissions::empty())],
            administrators: vec![admin.clone()],
            caller: false,
        };
        insta::assert_json_snapshot!(question(
            &spec("ping"),
            GUILD,
            &[Id::new(5)],
            &[],
            &KnownRoles::default(),
            &loss,
            &Theme::default()
        ));
        let some = Lockout { everybody: false, ..loss };
        let asked = |usual: &[Id<RoleMarker>]| {
            question(&spec("ping"), GUILD, &[], usual, &KnownRoles::default(), &some, &Theme::default())
        };
        let bot_wide = asked(&[Id::new(6)]).embeds()[0].description.clone().unwrap();
        assert!(bot_wide.starts_with("With the bot-wide rule of `ping`, for <@&6>, these"), "{bot_wide}");
        let text = asked(&[]).embeds()[0].description.clone();
        insta::assert_snapshot!("without_a_rule", text.unwrap());
    }
}
