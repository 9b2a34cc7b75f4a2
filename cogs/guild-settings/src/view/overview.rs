//! Everything that is in force in a server.

use std::time::UNIX_EPOCH;

use cogwright_command::{
    AutoDelete, CommandSettings, EffectivePrefs, GuildFacts, Icon, KnownRoles, Origin, Panel, Reply, Tone,
    name_roles, one_line, plain, show_duration,
};
use cogwright_store::{AuditEntry, Settings};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use super::by;
use super::calls::ways;
use crate::service::Rule;

/// Longest value that is shown of a change.
const SHOWN: usize = 45;

/// Roles of a rule that are named in a change; more would not fit a line.
const ROLES: usize = 3;

/// What there is to show.
pub(crate) struct Overview<'a> {
    pub(crate) guild: Id<GuildMarker>,
    pub(crate) facts: Option<GuildFacts>,
    pub(crate) known: &'a KnownRoles,
    pub(crate) prefs: EffectivePrefs,
    pub(crate) settings: &'a CommandSettings,
    pub(crate) rules: &'a [Rule],
    /// Newest first; `None` where nothing is written down.
    pub(crate) changes: Option<&'a [AuditEntry]>,
    pub(crate) bot: Id<UserMarker>,
    pub(crate) asked_by: &'a str,
    /// Whether `help` can be called.
    pub(crate) help: bool,
}

pub(crate) fn overview(of: &Overview<'_>) -> Reply {
    let name = of.facts.as_ref().map(|facts| plain(&facts.name));
    let title = name.map_or_else(|| "Server Settings".to_owned(), |name| format!("Server Settings - {name}"));
    let text = "Each value with whoever has set it: this server, or the operator of the bot for all servers.";
    let settings = of.settings;
    let mut panel =
        Panel::new(&settings.theme, Tone::Info, format!("{} {title}", settings.theme.icon(Icon::Settings)))
            .text(text)
            .fact("Command Prefix", prefix(of))
            .fact("Mention Prefix", mention(of))
            .fact("Command Rules", rules(of.rules))
            .fact("Default Cooldown", wide(&pace(settings)))
            .fact("Menus", wide(&format!("end after {} unused", show_duration(settings.view_idle))))
            .section("Deleted by Itself", wide(&deleted(settings.auto_delete)));
    if !settings.disabled.is_empty() {
        let names = settings.disabled.iter().map(|name| code(name));
        panel = panel.words("Switched Off (bot-wide)", names);
    }
    panel = panel.fact("How to Call Commands", ways(&of.prefs, of.bot, of.help));
    if let Some(facts) = &of.facts {
        panel = panel.fact("Server Info", format!("Members: {}\nOwner: <@{}>", facts.members, facts.owner));
    }
    panel = match of.changes {
        Some([]) => panel.section("Last Changes", "Nothing was changed yet."),
        Some(changes) => {
            panel.list("Last Changes", changes.iter().map(|change| line(of.guild, of.known, change)))
        }
        None => panel,
    };
    let icon = of.facts.as_ref().and_then(|facts| facts.icon.as_deref());
    panel.thumbnail(icon).footer(&format!("Server {} | Requested by {}", of.guild, of.asked_by)).reply()
}

fn wide(value: &str) -> String {
    format!("{value}\n*{}*", by(Origin::Settings))
}

fn prefix(of: &Overview<'_>) -> String {
    let usual = match of.prefs.prefix_origin {
        Origin::Guild => format!("; bot-wide `{}`", of.settings.prefix),
        Origin::Settings => String::new(),
    };
    format!("`{}`\n*{}{usual}*", of.prefs.prefix, by(of.prefs.prefix_origin))
}

fn mention(of: &Overview<'_>) -> String {
    let usual = match of.prefs.mention_origin {
        Origin::Guild => format!("; bot-wide {}", on(of.settings.mention_prefix)),
        Origin::Settings => String::new(),
    };
    format!("{}\n*{}{usual}*", on(of.prefs.mention), by(of.prefs.mention_origin))
}

fn on(on: bool) -> &'static str {
    if on { "enabled" } else { "disabled" }
}

fn rules(rules: &[Rule]) -> String {
    let of = |origin| rules.iter().filter(|rule| rule.origin == origin).count();
    match (of(Origin::Guild), of(Origin::Settings)) {
        (0, 0) => "none".to_owned(),
        (own, usual) => format!("{own} *{}*\n{usual} *{}*", by(Origin::Guild), by(Origin::Settings)),
    }
}

fn pace(settings: &CommandSettings) -> String {
    let pace = settings.default_cooldown;
    format!("{} in {}, where a command asks for it", pace.uses, show_duration(pace.per))
}

fn deleted(auto: AutoDelete) -> String {
    let after = |what: &str, time: std::time::Duration| {
        if time.is_zero() { format!("{what} stay") } else { format!("{what} after {}", show_duration(time)) }
    };
    let call = if auto.invocation { "; the message that called goes with a confirmation" } else { "" };
    format!("{}, {}{call}", after("confirmations", auto.success), after("errors", auto.error))
}

/// One change: when, who, what, from what, to what.
fn line(guild: Id<GuildMarker>, known: &KnownRoles, change: &AuditEntry) -> String {
    let at = change.at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let who = change.user.map_or_else(|| "somebody".to_owned(), |user| format!("<@{user}>"));
    let value = |value: &Option<String>| {
        value
            .as_ref()
            .map_or_else(|| "*not set*".to_owned(), |value| shown(guild, known, &change.setting, value))
    };
    let what = match (change.setting.as_str(), change.setting.strip_prefix(RULE)) {
        (_, Some(command)) => format!("rule of {}", code(command)),
        (Settings::PREFIX, _) => "prefix".to_owned(),
        (Settings::MENTION_PREFIX, _) => "mention prefix".to_owned(),
        (other, _) => code(other),
    };
    format!("<t:{at}:R> {who}: {what} {} → {}", value(&change.old), value(&change.new))
}

/// What the name of a rule begins with.
const RULE: &str = "command_permissions.";

fn shown(guild: Id<GuildMarker>, known: &KnownRoles, setting: &str, value: &str) -> String {
    if setting.starts_with(RULE) {
        let ids = value.trim_matches(['[', ']']).split(',').filter_map(|id| id.trim().parse().ok());
        let roles: Vec<_> = ids.filter_map(Id::new_checked).collect();
        let (named, more) = roles.split_at(roles.len().min(ROLES));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        return format!("{}{more}", name_roles(guild, named, known));
    }
    match (setting, value) {
        (Settings::MENTION_PREFIX, "1") => on(true).to_owned(),
        (Settings::MENTION_PREFIX, "0") => on(false).to_owned(),
        _ => code(value),
    }
}

/// A value that nobody vouches for, as code that it cannot leave.
fn code(value: &str) -> String {
    let value = one_line(value);
    let shown = value.chars().map(|c| if c == '`' { ' ' } else { c });
    let more = if value.chars().count() > SHOWN { "…" } else { "" };
    format!("`{}{more}`", shown.take(SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn entry(setting: &str, old: Option<&str>, new: Option<&str>) -> AuditEntry {
        AuditEntry {
            id: 1,
            at: UNIX_EPOCH + Duration::from_secs(1_700_000_000),
            user: Some(7),
            guild: Some(1),
            channel: None,
            bot_wide: false,
            setting: setting.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        }
    }

    fn shown_with(changes: Option<&[AuditEntry]>, prefix: Origin) -> Reply {
        let settings = CommandSettings::default();
        let prefs = EffectivePrefs {
            prefix: if prefix == Origin::Guild { "?" } else { "!" }.to_owned(),
            prefix_origin: prefix,
            mention: prefix != Origin::Guild,
            mention_origin: prefix,
        };
        let rule = Rule { command: "ban".into(), roles: vec![Id::new(5)], origin: Origin::Guild };
        let known = prefix == Origin::Guild;
        let name = "The *best* @everyone".to_owned();
        overview(&Overview {
            guild: Id::new(1),
            known: &KnownRoles::default(),
            facts: known.then(|| GuildFacts {
                name,
                owner: Id::new(3),
                icon: Some("https://cdn.discordapp.com/icons/1/a.png?size=256".into()),
                members: 42,
            }),
            prefs,
            settings: &settings,
            rules: if known { std::slice::from_ref(&rule) } else { &[] },
            changes,
            bot: Id::new(9),
            asked_by: "Robin",
            help: true,
        })
    }

    #[test]
    fn a_server_with_settings_of_its_own() {
        let changes = [
            entry("prefix", None, Some("?")),
            entry("mention_prefix_enabled", Some("1"), Some("0")),
            entry("command_permissions.ban", None, Some("[5, 6]")),
            AuditEntry { user: None, ..entry("odd`\n", Some("`@everyone`"), None) },
        ];
        insta::assert_json_snapshot!(shown_with(Some(&changes), Origin::Guild));
    }

    #[test]
    fn a_server_that_follows_the_bot() {
        insta::assert_json_snapshot!(shown_with(Some(&[]), Origin::Settings));
        let without = shown_with(None, Origin::Settings);
        assert!(without.embeds()[0].fields.iter().all(|field| field.name != "Last Changes"));
    }

    #[test]
    fn long_values_are_cut() {
        let changes: Vec<_> = (0..5).map(|_| entry(&"s".repeat(200), Some(&"x".repeat(500)), None)).collect();
        let reply = shown_with(Some(&changes), Origin::Guild);
        assert!(reply.embeds()[0].fields.iter().all(|field| field.value.chars().count() <= 1_024));
    }
}
