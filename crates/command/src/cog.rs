//! Commands grouped into cogs.

use std::future::Future;

use crate::failure::CommandResult;
use crate::persistent::{Declared, PersistentHandler, PersistentPress};
use crate::spec::{Group, GroupMember, IntoSpec, Spec};

/// A family of commands with a name.
#[derive(Clone, Debug)]
pub struct Cog {
    name: String,
    built_in: bool,
    pub(crate) persistent: Vec<Declared>,
    /// Commands and groups as they were added. The commands in groups are in `commands`.
    pub(crate) members: Vec<GroupMember>,
    /// All commands, those of groups included, in their order.
    pub(crate) commands: Vec<Spec>,
}

impl Cog {
    /// An empty cog. Its name heads its commands in the help menu.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            built_in: false,
            persistent: Vec::new(),
            members: Vec::new(),
            commands: Vec::new(),
        }
    }

    /// Says that it comes with the framework. A switched-off command of such a cog gives its name
    /// to another cog's.
    pub fn built_in(mut self) -> Self {
        self.built_in = true;
        self
    }

    /// Adds a command: a function marked `#[command]`, or a [`Spec`].
    pub fn command(mut self, command: impl IntoSpec) -> Self {
        let mut spec = command.into_spec();
        if spec.category.is_empty() {
            spec.category.clone_from(&self.name);
        }
        self.commands.push(spec.clone());
        self.members.push(GroupMember::Command(Box::new(spec)));
        self
    }

    /// Adds a group of commands.
    pub fn group(mut self, mut group: Group) -> Self {
        if group.category.is_empty() {
            group.category.clone_from(&self.name);
        }
        self.commands.extend(group.flatten(&[]));
        self.members.push(GroupMember::Group(group));
        self
    }

    /// Answers components and forms whose ids are [of this kind](crate::persistent_id), also on
    /// messages of before a restart. Anybody who sees the message may use them: the handler
    /// checks what it reads and who presses.
    pub fn persistent<F, R>(mut self, kind: impl Into<String>, handler: F) -> Self
    where
        F: Fn(PersistentPress) -> R + Send + Sync + 'static,
        R: Future<Output = CommandResult> + Send + 'static,
    {
        let handler = PersistentHandler::new(handler);
        self.persistent.push(Declared { kind: kind.into(), of: None, handler });
        self
    }

    /// The same for components that only those may use who may call a command of this cog, by its qualified name: a
    /// press passes the command's checks up to its own ones (not arguments, concurrency and cooldown, for it is no
    /// new call), and is refused in the same words.
    pub fn persistent_of<F, R>(
        mut self,
        command: impl Into<String>,
        kind: impl Into<String>,
        handler: F,
    ) -> Self
    where
        F: Fn(PersistentPress) -> R + Send + Sync + 'static,
        R: Future<Output = CommandResult> + Send + 'static,
    {
        let handler = PersistentHandler::new(handler);
        self.persistent.push(Declared { kind: kind.into(), of: Some(command.into()), handler });
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it comes with the framework.
    pub fn is_built_in(&self) -> bool {
        self.built_in
    }

    /// Its commands, those of groups included.
    pub fn commands(&self) -> &[Spec] {
        &self.commands
    }
}
