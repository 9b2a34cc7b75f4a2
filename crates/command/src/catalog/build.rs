//! Puts the commands of all cogs together and finds what cannot be.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Catalog, Menu, Node, Placed};
use crate::cog::Cog;
use crate::persistent::{Declared, Lasting, is_kind, open_to_all};
use crate::spec::{GroupMember, Spec, SpecProblem};

/// Most context menu entries of a kind. See Discord docs: Application Commands / Registering.
const MAX_MENUS: usize = 15;

impl Catalog {
    /// All commands of these cogs, in their order.
    ///
    /// # Errors
    /// Everything that is wrong with any of them: what Discord would refuse, and names that two
    /// commands claim.
    pub fn build(cogs: impl IntoIterator<Item = Cog>) -> Result<Self, Vec<SpecProblem>> {
        Self::build_without(cogs, &[])
    }

    /// The same with some commands switched off, by name, alias, qualified name or group. Where
    /// a built-in command and another one have the name, the built-in one is meant, and the other
    /// takes its place. Names that mean nothing are kept as [`unmatched`](Self::unmatched).
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_without(
        cogs: impl IntoIterator<Item = Cog>,
        disabled: &[String],
    ) -> Result<Self, Vec<SpecProblem>> {
        let cogs: Vec<_> = cogs.into_iter().collect();
        let mut catalog = Self::default();
        let off = catalog.switched_off(&cogs, disabled);
        let mut problems = Vec::new();
        for cog in cogs {
            let cog_name = cog.name().to_owned();
            let first = catalog.commands.len();
            let mut specs = cog.commands.into_iter();
            for member in cog.members {
                let node = catalog.add(member, "", &mut specs, &off, &mut problems);
                catalog.roots.extend(node);
            }
            for declared in cog.persistent {
                if let Err(problem) = catalog.add_lasting(declared, first) {
                    problems.push(SpecProblem { command: cog_name.clone(), problem });
                }
            }
        }
        let roots = catalog.roots.clone();
        // What is on comes first: a name that is off is free for others. Names in other languages
        // come last; they may be the same in two of them.
        for pass in [Pass::On, Pass::Off, Pass::Translated] {
            catalog.name_all(None, &roots, pass, &mut problems);
        }
        catalog.add_menus(&mut problems);
        problems.extend(catalog.oversized());
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    /// Which commands, counted over all cogs, are off.
    fn switched_off(&mut self, cogs: &[Cog], disabled: &[String]) -> HashSet<usize> {
        let all: Vec<_> =
            cogs.iter().flat_map(|cog| cog.commands.iter().map(|spec| (cog.is_built_in(), spec))).collect();
        let mut off = HashSet::new();
        for name in disabled {
            let words: Vec<_> = name.split_whitespace().map(str::to_lowercase).collect();
            let hits = |built_in: bool| {
                let matching = all
                    .iter()
                    .enumerate()
                    .filter(|(_, (own, spec))| *own == built_in && covers(&words, spec));
                matching.map(|(at, _)| at).collect::<Vec<_>>()
            };
            let mut found = hits(true);
            if found.is_empty() {
                found = hits(false);
            }
            if found.is_empty() {
                self.unmatched.push(name.clone());
            }
            off.extend(found);
        }
        off
    }

    fn add(
        &mut self,
        member: GroupMember,
        above: &str,
        specs: &mut impl Iterator<Item = Spec>,
        off: &HashSet<usize>,
        problems: &mut Vec<SpecProblem>,
    ) -> Option<Node> {
        match member {
            GroupMember::Command(_) => {
                // The flattened one, which knows its groups.
                let mut spec = specs.next()?;
                problems.extend(spec.problems());
                spec.enabled &= !off.contains(&self.commands.len());
                self.commands.push(Arc::new(spec));
                Some(Node::Command(self.commands.len() - 1))
            }
            GroupMember::Group(mut group) => {
                let qualified = format!("{above} {}", group.name).trim_start().to_owned();
                problems.extend(group.problems(&qualified));
                let members = std::mem::take(&mut group.members);
                let at = self.groups.len();
                self.groups.push(Placed { group, qualified: qualified.clone(), children: Vec::new() });
                let children: Vec<_> = members
                    .into_iter()
                    .filter_map(|member| self.add(member, &qualified, specs, off, problems))
                    .collect();
                self.groups[at].children = children;
                Some(Node::Group(at))
            }
        }
    }

    /// Adds components that outlive the process, of a cog whose commands begin at `first`.
    fn add_lasting(&mut self, declared: Declared, first: usize) -> Result<(), String> {
        let Declared { kind, of, handler } = declared;
        if !is_kind(&kind) {
            return Err(format!(
                "`{kind}` is no kind of component: 1 to 20 lower-case letters, digits, `-` and `_`"
            ));
        }
        let checked = of.is_some();
        let spec = match of {
            None => Arc::new(open_to_all(&kind)),
            Some(name) => {
                let own = self.commands.iter().skip(first).find(|spec| spec.qualified_name() == name);
                let missing =
                    || format!("components of the kind `{kind}` are of `{name}`, which is no command here");
                Arc::clone(own.ok_or_else(missing)?)
            }
        };
        if self.persistent.insert(kind.clone(), Lasting { spec, checked, handler }).is_some() {
            return Err(format!("components of the kind `{kind}` are answered twice"));
        }
        Ok(())
    }

    fn name_all(
        &mut self,
        parent: Option<usize>,
        nodes: &[Node],
        pass: Pass,
        problems: &mut Vec<SpecProblem>,
    ) {
        for node in nodes {
            let on = self.is_on(*node);
            let names: Vec<String> = match (node, pass) {
                (_, Pass::On) if !on => Vec::new(),
                (_, Pass::Off) if on => Vec::new(),
                (Node::Command(at), Pass::Translated) => self.commands[*at].names.values().cloned().collect(),
                (Node::Group(at), Pass::Translated) => {
                    self.groups[*at].group.names.values().cloned().collect()
                }
                (Node::Command(at), _) => {
                    let spec = &self.commands[*at];
                    std::iter::once(&spec.name).chain(&spec.aliases).cloned().collect()
                }
                (Node::Group(at), _) => {
                    let group = &self.groups[*at].group;
                    std::iter::once(&group.name).chain(&group.aliases).cloned().collect()
                }
            };
            for name in names {
                let key = (parent, name.to_lowercase());
                match self.names.get(&key) {
                    None => drop(self.names.insert(key, *node)),
                    Some(owner) if pass == Pass::On => {
                        let problem =
                            format!("the name `{name}` is also that of the command `{}`", self.label(*owner));
                        problems.push(SpecProblem { command: self.label(*node), problem });
                    }
                    Some(_) => {}
                }
            }
            if let Node::Group(at) = node {
                let children = self.groups[*at].children.clone();
                self.name_all(Some(*at), &children, pass, problems);
            }
        }
    }

    fn add_menus(&mut self, problems: &mut Vec<SpecProblem>) {
        for (at, spec) in self.commands.iter().enumerate().filter(|(_, spec)| spec.enabled) {
            let menus = [(Menu::User, &spec.user_menu), (Menu::Message, &spec.message_menu)];
            for (menu, name) in menus.into_iter().filter_map(|(menu, name)| Some((menu, name.clone()?))) {
                if let Some(other) = self.menus.insert((menu, name.clone()), at) {
                    let owner = self.commands[other].qualified_name();
                    let problem = format!("the context menu entry `{name}` is also that of `{owner}`");
                    problems.push(SpecProblem { command: spec.qualified_name(), problem });
                }
            }
        }
        for menu in [Menu::User, Menu::Message] {
            let count = self.menus.keys().filter(|(kind, _)| *kind == menu).count();
            if count > MAX_MENUS {
                let problem =
                    format!("{count} entries in one kind of context menu, at most {MAX_MENUS} are allowed");
                problems.push(SpecProblem { command: String::from("(all)"), problem });
            }
        }
    }

    /// Whether it, or anything in it, is enabled.
    fn is_on(&self, node: Node) -> bool {
        match node {
            Node::Command(at) => self.commands[at].enabled,
            Node::Group(at) => self.groups[at].children.iter().any(|child| self.is_on(*child)),
        }
    }

    fn label(&self, node: Node) -> String {
        match node {
            Node::Command(at) => self.commands[at].qualified_name(),
            Node::Group(at) => self.groups[at].qualified.clone(),
        }
    }
}

/// Which names are given out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    On,
    Off,
    Translated,
}

/// Whether these lower-case words name the command, a group around it, or one of its aliases.
fn covers(words: &[String], spec: &Spec) -> bool {
    let own: Vec<_> = spec.groups.iter().chain(std::iter::once(&spec.name)).collect();
    let prefix =
        !words.is_empty() && words.len() <= own.len() && words.iter().zip(&own).all(|(a, b)| a == *b);
    prefix
        || matches!(words, [alias] if spec.groups.is_empty() && spec.aliases.iter().any(|own| own.to_lowercase() == *alias))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Group, Handler};

    fn spec(name: &str) -> Spec {
        Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }))
    }

    #[test]
    fn claims_on_one_name_are_found() {
        let cogs = [
            Cog::new("A").command(spec("a").alias("x")),
            Cog::new("B").command(spec("x")).command(spec("Bad")),
        ];
        let problems = Catalog::build(cogs).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(
            problems.iter().any(|found| found.problem.contains("also that of the command `a`")),
            "{problems:?}"
        );
    }

    #[test]
    fn groups_have_names_of_their_own() {
        let group = |name: &str| Group::new(name, "x").command(spec("add")).command(spec("a").alias("add"));
        let problems = Catalog::build([Cog::new("A").group(group("g")).command(spec("add"))]).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(
            problems[0].to_string(),
            "command `g a`: the name `add` is also that of the command `g add`"
        );
        let claimed =
            Catalog::build([Cog::new("A").group(Group::new("g", "x").command(spec("a"))).command(spec("g"))]);
        assert!(claimed.unwrap_err()[0].problem.contains("also that of the command `g`"));
    }

    #[test]
    fn what_is_switched_off_gives_its_name_to_another() {
        let help = Cog::new("Help").built_in().command(spec("help").alias("commands")).command(spec("ping"));
        let own = Cog::new("Own").command(spec("help")).command(spec("commands"));
        let off = ["Help".to_owned(), "nothing".to_owned()];
        let catalog = Catalog::build_without([help.clone(), own], &off).unwrap();
        assert_eq!(catalog.find("help").unwrap().category, "Own");
        assert_eq!(catalog.find("commands").unwrap().category, "Own");
        assert!(!catalog.commands()[0].enabled && catalog.commands()[1].enabled);
        assert_eq!(catalog.unmatched(), ["nothing"]);
        let alone = Catalog::build_without([help], &off).unwrap();
        assert!(!alone.find("help").unwrap().enabled, "it is known, to say that it is off");
    }

    #[test]
    fn groups_are_switched_off_as_a_whole_or_in_part() {
        let cog = || Cog::new("A").group(Group::new("g", "x").command(spec("a")).command(spec("b")));
        let part = Catalog::build_without([cog()], &["g a".to_owned()]).unwrap();
        assert!(!part.find("g a").unwrap().enabled && part.find("g b").unwrap().enabled);
        let whole =
            Catalog::build_without([cog(), Cog::new("B").command(spec("g"))], &["g b".into(), "g a".into()]);
        assert_eq!(whole.unwrap().find("g").unwrap().category, "B");
    }

    #[test]
    fn names_in_other_languages_yield() {
        let cog = Cog::new("A").command(spec("a").named_in("de", "b").named_in("fr", "c")).command(spec("b"));
        let catalog = Catalog::build([cog]).unwrap();
        assert_eq!(catalog.find("b").unwrap().name, "b");
        assert_eq!(catalog.find("C").unwrap().name, "a");
    }

    #[test]
    fn context_menus_are_counted_and_unique() {
        let person = || crate::spec::OptionSpec::new(crate::spec::OptionKind::User, "who", "Who");
        let cog = (0..16).fold(Cog::new("A"), |cog, n| {
            cog.command(spec(&format!("c{n}")).option(person()).user_menu(format!("Entry {n}")))
        });
        let problems = Catalog::build([cog]).unwrap_err();
        assert!(problems[0].problem.contains("16 entries"), "{problems:?}");
        let twice = Cog::new("A")
            .command(spec("a").option(person()).user_menu("X"))
            .command(spec("b").option(person()).user_menu("X"));
        assert!(Catalog::build([twice]).unwrap_err()[0].problem.contains("also that of `a`"));
    }
}
