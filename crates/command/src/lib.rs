//! Commands as data, and the engine that runs them.
//!
//! A command is a [`Spec`]: its names, its options, its checks and its body. The same definition
//! is called by prefix, by a mention of the bot and as a slash command; its body sees one [`Ctx`]
//! whichever way it was called. [`Cog`]s group commands, a [`Catalog`] holds all of them, and the
//! [`Dispatcher`] takes events to them:
//!
//! 1. a component or a form goes to the [`View`] that waits for it;
//! 2. typing in an option asks the option's [`Completer`];
//! 3. a call is checked (guild or direct messages, the invoker's permissions, the bot's), its
//!    arguments are read, its body runs, and a [`Failure`] is told in one place.
//!
//! Everything that leaves is a [`wire::Call`]; nothing pings anybody unless a [`Reply`] says so.

#[cfg(test)]
extern crate self as cogwright_command;

mod args;
mod autocomplete;
mod cog;
mod ctx;
mod directory;
mod dispatch;
mod failure;
mod invoker;
mod registration;
mod reply;
mod responder;
mod services;
mod spec;
#[cfg(test)]
mod testing;
mod view;
pub mod wire;

/// The macros for crates that see this one through the facade.
#[doc(hidden)]
pub mod facade {
    pub use crate::spec::Choice;
    pub use cogwright_command_macros::{FacadeChoice as Choice, facade_command as command};
}

pub use args::{Args, Attachment, Channel, FromOption, Mentionable, Role, User, Value};
pub use autocomplete::{Completer, Suggest};
pub use cog::{Catalog, Cog};
pub use cogwright_command_macros::{Choice, command};
pub use ctx::{Ctx, Invocation, Log, Trigger};
pub use directory::{CacheDirectory, Directory, EmptyDirectory, Query};
pub use dispatch::{Dispatcher, Limits};
pub use failure::{BadArgument, CommandResult, Failure};
pub use invoker::Invoker;
pub use reply::{File, Modal, Reply, plain, ui};
pub use services::{CommandSettings, NoVitals, Parts, Vitals};
pub use spec::{Choice, ChoiceValue, Handler, IntoSpec, OptionKind, OptionSpec, Spec, SpecProblem, Triggers};
pub use twilight_model::channel::message::component;
pub use twilight_model::guild::Permissions;
pub use twilight_util::builder::embed;
pub use view::{Audience, Field, Fields, Press, PressKind, Selected, View, ViewOptions};
pub use wire::{RestWire, Wire};
