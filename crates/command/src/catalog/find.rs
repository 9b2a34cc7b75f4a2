//! Finds commands by what people and Discord call them.

use std::sync::Arc;

use super::{Catalog, Menu, Node, Placed};
use crate::near::near;
use crate::spec::{Group, OptionKind, Spec};

/// What a line of text calls.
#[derive(Debug)]
pub(crate) enum Resolved<'c, 'l> {
    /// A command, with what follows its name.
    Command { spec: &'c Arc<Spec>, rest: &'l str },
    /// A group alone, or with a word that means nothing in it.
    Group { group: &'c Placed, given: Option<&'l str> },
}

impl Catalog {
    /// The command with this name or alias, without regard to case; for commands in groups the
    /// qualified name (`status add`).
    pub fn find(&self, name: &str) -> Option<&Arc<Spec>> {
        match self.walk(name)? {
            Node::Command(at) => self.commands.get(at),
            Node::Group(_) => None,
        }
    }

    /// The group with this name or alias. Its members are in [`commands_in`](Self::commands_in).
    pub fn find_group(&self, name: &str) -> Option<&Group> {
        match self.walk(name)? {
            Node::Group(at) => self.groups.get(at).map(|placed| &placed.group),
            Node::Command(_) => None,
        }
    }

    /// All commands in the group with this name, those of inner groups included; none when there
    /// is no such group.
    pub fn commands_in(&self, group: &str) -> Vec<&Arc<Spec>> {
        match self.walk(group) {
            Some(Node::Group(at)) => self.leaves(&self.groups[at]),
            _ => Vec::new(),
        }
    }

    pub(crate) fn leaves<'c>(&'c self, placed: &'c Placed) -> Vec<&'c Arc<Spec>> {
        let mut found = Vec::new();
        for child in &placed.children {
            match child {
                Node::Command(at) => found.push(&self.commands[*at]),
                Node::Group(at) => found.extend(self.leaves(&self.groups[*at])),
            }
        }
        found
    }

    /// The listed commands whose names are near to `given`: for "did you mean".
    pub fn near(&self, given: &str) -> Vec<String> {
        near(given, self.commands.iter().filter(|spec| spec.is_listed()).map(|spec| spec.qualified_name()))
    }

    fn walk(&self, name: &str) -> Option<Node> {
        let mut words = name.split_whitespace();
        let mut found = self.child(None, words.next()?)?;
        for word in words {
            // No word means anything below a command.
            let Node::Group(at) = found else { return None };
            found = self.child(Some(at), word)?;
        }
        Some(found)
    }

    fn child(&self, parent: Option<usize>, word: &str) -> Option<Node> {
        self.names.get(&(parent, word.to_lowercase())).copied()
    }

    /// What the line calls; `None` when its first word is no name.
    pub(crate) fn resolve<'l>(&self, line: &'l str) -> Option<Resolved<'_, 'l>> {
        let mut parent: Option<usize> = None;
        let mut line = line;
        loop {
            let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            match (self.child(parent, word), parent) {
                (Some(Node::Command(at)), _) => {
                    return Some(Resolved::Command { spec: &self.commands[at], rest });
                }
                (Some(Node::Group(at)), _) => {
                    parent = Some(at);
                    line = rest.trim_start();
                }
                (None, Some(at)) => return Some(self.resolve_default(&self.groups[at], at, line)),
                (None, None) => return None,
            }
        }
    }

    /// The group's default command takes what follows, if it takes anything.
    fn resolve_default<'c, 'l>(&'c self, group: &'c Placed, at: usize, line: &'l str) -> Resolved<'c, 'l> {
        let default = group.group.default.as_deref().and_then(|name| self.child(Some(at), name));
        if let Some(Node::Command(at)) = default {
            let spec = &self.commands[at];
            if line.is_empty() || spec.options.iter().any(|option| option.kind != OptionKind::Attachment) {
                return Resolved::Command { spec, rest: line };
            }
        }
        let given = line.split_whitespace().next();
        Resolved::Group { group, given }
    }

    /// The slash command with exactly these words.
    pub(crate) fn find_slash(&self, words: &[&str]) -> Option<&Arc<Spec>> {
        let name = words.join(" ");
        self.find(&name).filter(|spec| spec.triggers.slash && spec.qualified_name() == name)
    }

    /// The command behind an entry of a context menu.
    pub(crate) fn find_menu(&self, menu: Menu, name: &str) -> Option<&Arc<Spec>> {
        self.commands.get(*self.menus.get(&(menu, name.to_owned()))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cog::Cog;
    use crate::spec::{Handler, OptionSpec};

    fn spec(name: &str) -> Spec {
        Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }))
    }

    fn catalog() -> Catalog {
        let text = OptionSpec::new(OptionKind::String, "text", "x").optional();
        let inner = Group::new("colour", "x").command(spec("set"));
        let status = Group::new("status", "x").alias("st").named_in("de", "lage");
        let status = status
            .command(spec("add").alias("new"))
            .command(spec("list"))
            .group(inner)
            .default_command("list");
        let open = Group::new("note", "x").command(spec("take").option(text)).default_command("take");
        Catalog::build([Cog::new("A").command(spec("ping").alias("pong")).group(status).group(open)]).unwrap()
    }

    fn call(line: &str) -> String {
        match catalog().resolve(line) {
            Some(Resolved::Command { spec, rest }) => format!("{} <{rest}>", spec.qualified_name()),
            Some(Resolved::Group { group, given }) => format!("group {} {given:?}", group.qualified),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn commands_are_found_by_every_name() {
        let catalog = catalog();
        assert_eq!(catalog.find("PONG").unwrap().category, "A");
        assert!(catalog.find("pung").is_none());
        assert!(catalog.find_slash(&["pong"]).is_none(), "aliases are not registered");
        assert_eq!(catalog.find("st  NEW").unwrap().qualified_name(), "status add");
        assert!(catalog.find("status").is_none() && catalog.find_group("lage").is_some());
        assert!(catalog.find("ping add").is_none() && catalog.find("status colour").is_none());
        assert!(catalog.find("ping ping").is_none() && catalog.find("").is_none());
        assert_eq!(catalog.commands_in("status").len(), 3);
        assert!(catalog.find_slash(&["status", "colour", "set"]).is_some());
        assert_eq!(catalog.near("status ad"), ["status add"]);
    }

    #[test]
    fn lines_lead_to_their_command() {
        assert_eq!(call("ping  a b"), "ping < a b>");
        assert_eq!(call("status  add\nx"), "status add <x>");
        assert_eq!(call("lage colour set y"), "status colour set <y>");
        assert_eq!(call("status"), "status list <>");
        assert_eq!(call("status ad x"), "group status Some(\"ad\")", "the default takes nothing");
        assert_eq!(call("status colour"), "group status colour None");
        assert_eq!(call("note buy milk"), "note take <buy milk>");
        assert_eq!(call("list"), "none");
    }
}
