//! What a change means and which rules are in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use cogwright_command::{Access, Catalog, GuildRules, KnownRoles, Origin, Spec, is_reserved};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker};

/// Rules on one page of the list.
pub(crate) const PER_PAGE: usize = 10;

/// What is to be kept for a prefix: nothing when it is the bot-wide one, which then goes on to count.
pub(crate) fn own_prefix<'p>(given: &'p str, usual: &str) -> Option<&'p str> {
    (given != usual).then_some(given)
}

/// What is wanted of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// One role more.
    Add(Id<RoleMarker>),
    /// One role less.
    Remove(Id<RoleMarker>),
    /// No rule.
    Clear,
}

/// The roles of the server's rule after the wish; `None` when it is so already.
pub(crate) fn after(own: &[Id<RoleMarker>], wish: Wish) -> Option<Vec<Id<RoleMarker>>> {
    let mut after = own.to_vec();
    match wish {
        Wish::Add(role) if !own.contains(&role) => after.push(role),
        Wish::Remove(role) => after.retain(|known| *known != role),
        Wish::Clear => after.clear(),
        Wish::Add(_) => {}
    }
    (after.len() != own.len()).then_some(after)
}

/// Why a command cannot be tied to roles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error(
        "`{0}` is kept to the owners of the bot. No rule of a server opens it, so there is nothing to set."
    )]
    BotOwner(String),
    #[error(
        "`{0}` is kept to the owner of the server and the owners of the bot, so that nobody can be locked out of it. \
         It cannot be tied to roles."
    )]
    GuildOwner(String),
    #[error("`{0}` is made so that no server can tie it to roles.")]
    Fixed(String),
    #[error("`{0}` is a group of commands, each with a rule of its own: {1}.")]
    Group(String, String),
}

/// The command by this name, if it can be tied to roles; `None` when there is none.
pub(crate) fn configurable(catalog: &Catalog, name: &str) -> Result<Option<Arc<Spec>>, Refused> {
    if let Some(spec) = catalog.find(name).filter(|spec| spec.enabled) {
        let known = spec.qualified_name();
        return match spec.access {
            Access::BotOwner => Err(Refused::BotOwner(known)),
            Access::GuildOwner => Err(Refused::GuildOwner(known)),
            Access::Everyone if !spec.is_configurable() => Err(Refused::Fixed(known)),
            Access::Everyone => Ok(Some(Arc::clone(spec))),
        };
    }
    let Some(group) = catalog.find_group(name) else {
        // Refused before there is such a command, so that no rule waits for it.
        return if is_reserved(name) { Err(Refused::BotOwner(name.to_lowercase())) } else { Ok(None) };
    };
    // At most 25 members in each of two levels: it fits a message.
    let members = catalog.commands_in(name);
    let names: Vec<_> = members.iter().map(|spec| format!("`\"{}\"`", spec.qualified_name())).collect();
    Err(Refused::Group(group.name.clone(), names.join(", ")))
}

/// The names of the commands that can be tied to roles.
pub(crate) fn configurable_names(catalog: &Catalog) -> Vec<String> {
    names(catalog, Spec::is_configurable)
}

/// The names of commands by whether they can be tied to roles.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// They can.
    pub(crate) open: Vec<String>,
    /// They cannot, and are not the bot owners'.
    pub(crate) closed: Vec<String>,
    /// The bot owners'.
    pub(crate) owners: Vec<String>,
}

impl Names {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let closed = |spec: &Spec| !spec.is_configurable() && spec.access != Access::BotOwner;
        Self {
            open: configurable_names(catalog),
            closed: names(catalog, closed),
            owners: names(catalog, |spec| spec.access == Access::BotOwner),
        }
    }
}

fn names(catalog: &Catalog, wanted: impl Fn(&Spec) -> bool) -> Vec<String> {
    let listed = catalog.commands().iter().filter(|spec| spec.is_listed() && wanted(spec));
    let mut names: Vec<_> = listed.map(|spec| spec.qualified_name()).collect();
    names.sort();
    names
}

/// A rule in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) command: String,
    pub(crate) roles: Vec<Id<RoleMarker>>,
    pub(crate) origin: Origin,
}

/// The server's rules and the bot-wide ones that they leave in force, by command.
pub(crate) fn in_force(own: &GuildRules, usual: &BTreeMap<String, Vec<Id<RoleMarker>>>) -> Vec<Rule> {
    let rule = |origin| {
        move |(command, roles): (&String, &Vec<_>)| Rule {
            command: command.clone(),
            roles: roles.clone(),
            origin,
        }
    };
    let left = usual.iter().filter(|(command, roles)| !own.contains_key(*command) && !roles.is_empty());
    let mut all: Vec<_> =
        own.iter().map(rule(Origin::Guild)).chain(left.map(rule(Origin::Settings))).collect();
    all.sort_by(|one, other| one.command.cmp(&other.command));
    all
}

/// Those of the rules that count for something, and of these the names that belong to no command now.
pub(crate) fn counting(rules: Vec<Rule>, catalog: &Catalog) -> (Vec<Rule>, Vec<String>) {
    // A bot-wide rule for a command of owners counts for nothing.
    let counts = |rule: &Rule| match catalog.find(&rule.command) {
        Some(spec) => spec.is_configurable(),
        None => !is_reserved(&rule.command),
    };
    let rules: Vec<_> = rules.into_iter().filter(counts).collect();
    let gone = rules.iter().filter(|rule| catalog.find(&rule.command).is_none());
    let gone = gone.map(|rule| rule.command.clone()).collect();
    (rules, gone)
}

/// What the list of rules shows.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) guild: Id<GuildMarker>,
    pub(crate) rules: Vec<Rule>,
    /// Commands of rules that are there no more.
    pub(crate) gone: Vec<String>,
    pub(crate) names: Names,
    pub(crate) known: KnownRoles,
    pub(crate) opening: String,
    /// Whether an owner of the bot asks, else the owner of the server.
    pub(crate) bot_owner: bool,
}

impl Listing {
    pub(crate) fn pages(&self) -> usize {
        self.rules.len().div_ceil(PER_PAGE).max(1)
    }

    pub(crate) fn page(&self, page: usize) -> &[Rule] {
        self.rules.chunks(PER_PAGE).nth(page).unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use cogwright_command::{Cog, Group, Handler, RESERVED};

    use super::*;

    pub(crate) fn spec(name: &str) -> Spec {
        Spec::new(name, format!("Does {name}"), Handler::new(|_, _| async { Ok(()) }))
    }

    fn catalog() -> Catalog {
        let group = Group::new("status", "x").command(spec("add")).command(spec("list"));
        let cog = Cog::new("A")
            .command(spec("ping"))
            .command(spec("sync").owner_only())
            .command(spec("config").guild_owner_only())
            .command(spec("fixed").not_configurable())
            .command(spec("secret").hidden())
            .command(spec("off").enabled(false))
            .group(group);
        Catalog::build([cog]).unwrap()
    }

    #[test]
    fn roles_are_added_and_taken_away() {
        let [a, b] = [Id::new(5), Id::new(6)];
        assert_eq!(after(&[], Wish::Add(a)), Some(vec![a]));
        assert_eq!(after(&[a], Wish::Add(b)), Some(vec![a, b]));
        assert_eq!(after(&[a], Wish::Add(a)), None);
        assert_eq!(after(&[a, b], Wish::Remove(a)), Some(vec![b]));
        assert_eq!(after(&[a], Wish::Remove(b)), None);
        assert_eq!(after(&[a, b], Wish::Clear), Some(vec![]));
        assert_eq!(after(&[], Wish::Clear), None);
    }

    #[test]
    fn what_cannot_be_tied_is_refused_with_the_reason() {
        let catalog = catalog();
        let refused = |name: &str| configurable(&catalog, name).unwrap_err().to_string();
        assert!(configurable(&catalog, "PING").unwrap().is_some());
        assert!(configurable(&catalog, "secret").unwrap().is_some(), "whoever knows its name may");
        assert!(configurable(&catalog, "status add").unwrap().is_some());
        assert!(configurable(&catalog, "nothing").unwrap().is_none());
        assert!(configurable(&catalog, "off").unwrap().is_none());
        assert!(refused("sync").contains("owners of the bot"));
        assert!(refused("config").contains("nobody can be locked out"));
        assert!(refused("fixed").contains("no server can tie it"));
        assert!(refused("status").contains("`\"status add\"`, `\"status list\"`"));
    }

    #[test]
    fn names_of_the_bot_owners_commands_are_refused_before_there_are_such_commands() {
        let none = Catalog::build([Cog::new("A").command(spec("ping"))]).unwrap();
        let own = |name| Catalog::build([Cog::new("A").command(spec(name))]).unwrap();
        let off = |name| Catalog::build([Cog::new("A").command(spec(name).enabled(false))]).unwrap();
        for name in RESERVED {
            let told = Refused::BotOwner(name.to_owned());
            assert!(told.to_string().starts_with(&format!("`{name}` is kept to the owners of the bot.")));
            assert_eq!(configurable(&none, name).unwrap_err(), told);
            assert_eq!(configurable(&none, &name.to_uppercase()).unwrap_err(), told);
            assert_eq!(configurable(&off(name), name).unwrap_err(), told);
            // Somebody's own command by that name is no exception.
            let own = own(name);
            assert_eq!(configurable(&own, name).unwrap_err(), Refused::Fixed(name.to_owned()));
            assert!(!configurable_names(&own).contains(&name.to_owned()));
            // A rule of before, or of config.json, counts for nothing.
            let rule = Rule { command: name.to_owned(), roles: vec![Id::new(5)], origin: Origin::Settings };
            assert_eq!(counting(vec![rule], &none), (vec![], vec![]));
        }
        assert!(configurable(&none, "reloads").unwrap().is_none());
    }

    #[test]
    fn names_are_told_by_what_can_be_tied() {
        let Names { open, closed, owners } = Names::of(&catalog());
        let [open, closed, owners] = [open, closed, owners].map(|names| names.join(" "));
        assert_eq!((&*open, &*closed, &*owners), ("ping status add status list", "config fixed", "sync"));
    }

    #[test]
    fn a_rule_of_the_server_goes_before_the_bot_wide_one() {
        let own = GuildRules::from([("ban".to_owned(), vec![Id::new(5)])]);
        let usual = BTreeMap::from([
            ("ban".to_owned(), vec![Id::new(6)]),
            ("kick".to_owned(), vec![Id::new(7)]),
            ("none".to_owned(), vec![]),
        ]);
        let rules = in_force(&own, &usual);
        let shown: Vec<_> =
            rules.iter().map(|rule| (rule.command.as_str(), rule.roles[0].get(), rule.origin)).collect();
        assert_eq!(shown, [("ban", 5, Origin::Guild), ("kick", 7, Origin::Settings)]);
    }

    #[test]
    fn rules_that_count_for_nothing_are_left_out() {
        let rule = |command: &str| Rule {
            command: command.to_owned(),
            roles: vec![Id::new(5)],
            origin: Origin::Settings,
        };
        let (rules, gone) =
            counting(vec![rule("ping"), rule("sync"), rule("secret"), rule("old")], &catalog());
        let names: Vec<_> = rules.iter().map(|rule| rule.command.as_str()).collect();
        assert_eq!((names, gone), (vec!["ping", "secret", "old"], vec!["old".to_owned()]));
    }

    #[test]
    fn the_bot_wide_prefix_is_not_kept_as_the_servers_own() {
        assert_eq!((own_prefix("?", "!"), own_prefix("!", "!")), (Some("?"), None));
    }
}
