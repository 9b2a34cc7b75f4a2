//! Commands under a common first word: `status add`, `status list`. Discord knows two levels.

use super::{IntoSpec, Localized, Spec};

/// Something in a group.
#[derive(Clone, Debug)]
pub enum GroupMember {
    /// A command.
    Command(Box<Spec>),
    /// A group within the group.
    Group(Group),
}

/// Commands under a common word, as plain data.
///
/// ```
/// # use cogwright_command::{Cog, Group, Handler, Spec};
/// # let add = Spec::new("add", "Adds one", Handler::new(|_, _| async { Ok(()) }));
/// # let list = Spec::new("list", "Lists all", Handler::new(|_, _| async { Ok(()) }));
/// let status = Group::new("status", "What the bot says it is doing")
///     .command(add)
///     .command(list)
///     .default_command("list");
/// let cog = Cog::new("Status").group(status);
/// ```
///
/// `!status add` and `/status add` call the command `add`. Discord cannot call a bare `/status`;
/// `!status` runs the default command, or lists what there is.
#[derive(Clone, Debug)]
pub struct Group {
    /// 1 to 32 lower-case letters, digits, `-` and `_`.
    pub name: String,
    /// The name in other languages, by Discord's locale.
    pub names: Localized,
    /// One line, 1 to 100 characters.
    pub description: String,
    /// The description in other languages, by Discord's locale.
    pub descriptions: Localized,
    /// Further names for the prefix and mention forms.
    pub aliases: Vec<String>,
    /// The heading of its commands in the help menu; empty = the name of the cog.
    pub category: String,
    /// The command that the bare group runs in the prefix and mention forms.
    pub default: Option<String>,
    /// What is in it, in its order; at most 25.
    pub members: Vec<GroupMember>,
}

impl Group {
    /// An empty group.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            names: Localized::new(),
            description: description.into(),
            descriptions: Localized::new(),
            aliases: Vec::new(),
            category: String::new(),
            default: None,
            members: Vec::new(),
        }
    }

    /// Adds a command: a function marked `#[command]`, or a [`Spec`].
    pub fn command(mut self, command: impl IntoSpec) -> Self {
        self.members.push(GroupMember::Command(Box::new(command.into_spec())));
        self
    }

    /// Adds a group of commands. Groups cannot lie deeper than this.
    pub fn group(mut self, group: Self) -> Self {
        self.members.push(GroupMember::Group(group));
        self
    }

    /// Changes every command that was added so far, also those in groups:
    /// `.each(Spec::guild_only)`.
    pub fn each(mut self, change: impl Fn(Spec) -> Spec) -> Self {
        self.change(&change);
        self
    }

    fn change(&mut self, change: &dyn Fn(Spec) -> Spec) {
        for member in &mut self.members {
            match member {
                GroupMember::Command(spec) => **spec = change((**spec).clone()),
                GroupMember::Group(group) => group.change(change),
            }
        }
    }

    /// Runs this command when the bare group is called in the prefix or mention form.
    pub fn default_command(mut self, name: impl Into<String>) -> Self {
        self.default = Some(name.into());
        self
    }

    /// Adds a further name for the prefix and mention forms.
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Puts its commands under a heading of the help menu other than the cog's name.
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = category.into();
        self
    }

    /// Gives the name in another language.
    pub fn named_in(mut self, locale: impl Into<String>, name: impl Into<String>) -> Self {
        self.names.insert(locale.into(), name.into());
        self
    }

    /// Gives the description in another language.
    pub fn described_in(mut self, locale: impl Into<String>, description: impl Into<String>) -> Self {
        self.descriptions.insert(locale.into(), description.into());
        self
    }

    /// Its commands, with the groups they lie in written into them.
    pub(crate) fn flatten(&self, above: &[String]) -> Vec<Spec> {
        let mut path = above.to_vec();
        path.push(self.name.clone());
        let mut found = Vec::new();
        for member in &self.members {
            match member {
                GroupMember::Command(spec) => {
                    let mut spec = (**spec).clone();
                    spec.groups.clone_from(&path);
                    found.push(spec);
                }
                GroupMember::Group(group) => found.extend(group.flatten(&path)),
            }
        }
        for spec in found.iter_mut().filter(|spec| spec.category.is_empty()) {
            spec.category.clone_from(&self.category);
        }
        found
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
    fn commands_know_their_groups() {
        let inner = Group::new("deep", "x").command(spec("c"));
        let group = Group::new("top", "x").category("Tools").command(spec("a")).group(inner);
        let flat = group.each(Spec::guild_only).flatten(&[]);
        let names: Vec<_> = flat.iter().map(Spec::qualified_name).collect();
        assert_eq!(names, ["top a", "top deep c"]);
        assert!(
            flat.iter().all(|spec| spec.guild_only && spec.category == "Tools" && spec.root_name() == "top")
        );
        assert_eq!(flat[1].usage_line(), "top deep c");
    }
}
