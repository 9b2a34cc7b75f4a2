//! All commands of a bot, by every name they answer to.

mod build;
mod find;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

pub(crate) use self::find::Resolved;

use crate::ctx::Trigger;
use crate::persistent::Lasting;
use crate::spec::{Group, Spec};

/// Which kind of context menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Menu {
    User,
    Message,
}

/// What a word means in its place: an index of the commands or of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Command(usize),
    Group(usize),
}

/// A group in its place.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) group: Group,
    /// Its name with that of the group around it.
    pub(crate) qualified: String,
    pub(crate) children: Vec<Node>,
}

/// By which ways people can call a command now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// In text (prefix or mention) and as a slash command.
    Hybrid,
    /// In text alone, as it was declared.
    TextOnly,
    /// As a slash command alone.
    SlashOnly,
    /// In text alone, because there was no room for its slash form.
    Converted,
}

/// All commands of a bot, by every name they answer to.
#[derive(Debug, Default)]
pub struct Catalog {
    commands: Vec<Arc<Spec>>,
    pub(crate) groups: Vec<Placed>,
    /// What lies in no group, in the order of the cogs.
    pub(crate) roots: Vec<Node>,
    /// By the group around it, and its lower-case name.
    names: HashMap<(Option<usize>, String), Node>,
    menus: HashMap<(Menu, String), usize>,
    /// What answers components of a kind.
    pub(crate) persistent: HashMap<String, Lasting>,
    unmatched: Vec<String>,
    /// Root names of slash commands that must not be registered for now.
    withheld: RwLock<BTreeSet<String>>,
}

impl Catalog {
    /// All commands, those of groups included, in the order of the cogs. Disabled and hidden ones
    /// are among them: see [`Spec::is_listed`].
    pub fn commands(&self) -> &[Arc<Spec>] {
        &self.commands
    }

    /// The names that were to be switched off and belong to no command.
    pub fn unmatched(&self) -> &[String] {
        &self.unmatched
    }

    /// Replaces the list of commands whose slash form is not to be registered, by their first
    /// word. From now on they can be called by prefix and mention, whatever they declare.
    pub fn withhold(&self, roots: impl IntoIterator<Item = String>) {
        *self.withheld.write().unwrap_or_else(PoisonError::into_inner) = roots.into_iter().collect();
    }

    /// Whether the slash form of the command or group with this first word is withheld.
    pub fn is_withheld(&self, root: &str) -> bool {
        self.withheld.read().unwrap_or_else(PoisonError::into_inner).contains(root)
    }

    /// Whether it has the name of another command that is switched off.
    pub(crate) fn stands_in(&self, spec: &Spec) -> bool {
        let name = spec.qualified_name();
        spec.enabled && self.commands.iter().any(|other| !other.enabled && other.qualified_name() == name)
    }

    /// Whether the command can be called in this way now.
    pub(crate) fn is_open(&self, spec: &Spec, trigger: Trigger) -> bool {
        let converted = || spec.triggers.slash && self.is_withheld(spec.root_name());
        match trigger {
            Trigger::Prefix => spec.triggers.prefix || converted(),
            Trigger::Mention => spec.triggers.mention || converted(),
            Trigger::Slash => spec.triggers.slash,
            Trigger::Menu | Trigger::Component => true,
        }
    }

    /// By which ways the command can be called now.
    pub fn availability(&self, spec: &Spec) -> Availability {
        let text = spec.triggers.prefix || spec.triggers.mention;
        match (text, spec.triggers.slash) {
            (_, true) if self.is_withheld(spec.root_name()) => Availability::Converted,
            (true, true) => Availability::Hybrid,
            (true, false) => Availability::TextOnly,
            (false, _) => Availability::SlashOnly,
        }
    }
}
