//! Commands grouped into cogs, and all cogs together as one catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use crate::spec::{IntoSpec, Spec, SpecProblem};

/// A family of commands with a name.
#[derive(Clone, Debug)]
pub struct Cog {
    name: String,
    commands: Vec<Spec>,
}

impl Cog {
    /// An empty cog. Its name heads its commands in the help menu.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), commands: Vec::new() }
    }

    /// Adds a command: a function marked `#[command]`, or a [`Spec`].
    pub fn command(mut self, command: impl IntoSpec) -> Self {
        let mut spec = command.into_spec();
        if spec.category.is_empty() {
            spec.category.clone_from(&self.name);
        }
        self.commands.push(spec);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its commands.
    pub fn commands(&self) -> &[Spec] {
        &self.commands
    }
}

/// All commands of a bot, by every name they answer to.
#[derive(Debug, Default)]
pub struct Catalog {
    commands: Vec<Arc<Spec>>,
    /// Lower-case names and aliases.
    names: HashMap<String, usize>,
}

impl Catalog {
    /// All commands of these cogs, in their order.
    ///
    /// # Errors
    /// Everything that is wrong with any of them: what Discord would refuse, and names that two
    /// commands claim.
    pub fn build(cogs: impl IntoIterator<Item = Cog>) -> Result<Self, Vec<SpecProblem>> {
        let mut catalog = Self::default();
        let mut problems = Vec::new();
        for spec in cogs.into_iter().flat_map(|cog| cog.commands) {
            problems.extend(spec.problems());
            let place = catalog.commands.len();
            for name in std::iter::once(&spec.name).chain(&spec.aliases) {
                if let Some(other) = catalog.names.insert(name.to_lowercase(), place) {
                    let owner = catalog.commands.get(other).map_or(&spec.name, |other| &other.name);
                    let problem = format!("the name `{name}` is also that of the command `{owner}`");
                    problems.push(SpecProblem { command: spec.name.clone(), problem });
                }
            }
            catalog.commands.push(Arc::new(spec));
        }
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    /// All commands, in the order of the cogs.
    pub fn commands(&self) -> &[Arc<Spec>] {
        &self.commands
    }

    /// The command with this name or alias, without regard to case.
    pub fn find(&self, name: &str) -> Option<&Arc<Spec>> {
        self.commands.get(*self.names.get(&name.to_lowercase())?)
    }

    /// The slash command with exactly this name.
    pub(crate) fn find_slash(&self, name: &str) -> Option<&Arc<Spec>> {
        self.find(name).filter(|spec| spec.triggers.slash && spec.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Handler;

    fn spec(name: &str) -> Spec {
        Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }))
    }

    #[test]
    fn commands_are_found_by_every_name() {
        let catalog = Catalog::build([Cog::new("A").command(spec("ping").alias("pong"))]).unwrap();
        assert_eq!(catalog.find("PONG").unwrap().category, "A");
        assert!(catalog.find("pung").is_none());
        assert!(catalog.find_slash("pong").is_none(), "aliases are not registered");
    }

    #[test]
    fn claims_on_one_name_are_found() {
        let cogs = [
            Cog::new("A").command(spec("a").alias("x")),
            Cog::new("B").command(spec("x")).command(spec("Bad")),
        ];
        let problems = Catalog::build(cogs).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].problem.contains("also that of the command `a`"), "{}", problems[0]);
    }
}
