//! Commands as data, and the engine that runs them.
//!
//! A command is a [`Spec`]: its names, its options, its checks and its body. The same definition
//! is called by prefix, by a mention of the bot and as a slash command; its body sees one [`Ctx`]
//! whichever way it was called. [`Cog`]s group commands, a [`Catalog`] holds all of them, and the
//! [`Dispatcher`] takes events to them:
//!
//! 1. a component or a form goes to the [`View`] that waits for it;
//! 2. typing in an option asks the option's [`Completer`];
//! 3. a call passes the checks in their one order, its body runs, and a [`Failure`] is told in one
//!    place. What guilds and operators decide about that is asked of a [`Policy`]; every refusal
//!    leaves a [`Decision`].
//!
//! Everything that leaves is a [`wire::Call`]; nothing pings anybody unless a [`Reply`] says so.

#[cfg(test)]
extern crate self as cogwright_command;

mod args;
mod autocomplete;
mod bounded;
mod catalog;
mod checks;
mod cog;
mod cooldown;
mod ctx;
mod directory;
mod dispatch;
mod failure;
mod flood;
mod invoker;
mod limiter;
mod near;
mod observer;
mod persistent;
mod plural;
mod policy;
mod registration;
mod reply;
mod responder;
mod services;
mod spec;
#[cfg(test)]
mod testing;
mod theme;
mod tidy_up;
mod trace;
mod view;
mod who;
pub mod wire;

/// The macros for crates that see this one through the facade.
#[doc(hidden)]
pub mod facade {
    pub use crate::spec::Choice;
    pub use cogwright_command_macros::{FacadeChoice as Choice, facade_command as command};
}

pub use args::{
    Args, Attachment, Channel, FromOption, Member, Mentionable, Message, Role, User, Value, parse_duration,
    show_duration,
};
pub use autocomplete::{Completer, Suggest};
pub use catalog::{Availability, Catalog};
pub use checks::{ArgumentsCheck, CustomCheck};
pub use cog::Cog;
pub use cogwright_command_macros::{Choice, command};
pub use cooldown::{Concurrency, Cooldown, CooldownJournal, NoJournal, Pace, SavedCooldown, Scope};
pub use ctx::{Ctx, Invocation, Log, Trigger};
pub use directory::{
    Above, CacheDirectory, Cause, Directory, EmptyDirectory, GuildFacts, Lack, Lookup, Needs, Query,
    Standing, Target,
};
pub use dispatch::{Dispatcher, Limits};
pub use failure::{BadArgument, CommandResult, Denied, Failure, permission_names};
pub use invoker::Invoker;
pub use limiter::{
    Candidate, ForgetWithheld, GrantReason, Granted, SlashLevel, SlashPlan, Thresholds, Withheld,
    WithheldStore, WithholdReason, plan_slash,
};
pub use near::near;
pub use observer::{Ended, NoObserver, Observer};
pub use persistent::{PersistentPress, persistent_id};
pub use plural::counted;
pub use policy::{
    By, CacheStats, EffectivePrefs, GuildPrefs, GuildRules, Lockout, MemoryPolicy, Origin, Policies, Policy,
    PolicyError, Prefs, PrefsChange, RoleFacts, RoleRule, RoleRules, RuleChange, lockout,
};
pub use reply::{File, Modal, Panel, Reply, one_line, plain, ui};
pub use services::{AutoDelete, CommandSettings, NoVitals, Parts, Vitals};
pub use spec::{
    Access, Choice, ChoiceValue, Group, GroupMember, Handler, IntoSpec, Localized, OptionKind, OptionSpec,
    RESERVED, Spec, SpecProblem, Triggers, is_reserved,
};
pub use theme::{Icon, Theme, Tone};
pub use trace::{Decision, Decisions, Outcome, Step};
pub use twilight_model::channel::ChannelType;
pub use twilight_model::channel::message::component;
pub use twilight_model::guild::Permissions;
pub use twilight_util::builder::embed;
pub use view::{Audience, Chosen, Field, Fields, Press, PressKind, Selected, View, ViewOptions};
pub use who::{KnownRoles, name_roles, who_may_call};
pub use wire::{RestWire, Wire};
