//! A Discord bot in production from one binary, and the local Discord to build it on.
//!
//! This library is for bots written in Rust. A command is an annotated asynchronous function; a
//! bot is its cogs:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use cogwright::{Bot, Cog, CommandResult, Ctx, command};
//!
//! #[command(description = "Greets somebody", example = "greet 2")]
//! async fn greet(
//!     ctx: Ctx,
//!     #[option(min = 1, max = 3, description = "How often")] times: Option<u32>,
//! ) -> CommandResult {
//!     ctx.reply("Hello! ".repeat(times.unwrap_or(1) as usize)).await
//! }
//!
//! #[tokio::main]
//! async fn main() -> ExitCode {
//!     Bot::builder().cog(Cog::new("Fun").command(greet)).run().await
//! }
//! ```
//!
//! Prefix, slash and @mention come with it, arguments that are checked, an entry in the help
//! menu and the registration with Discord. Without a token it runs on the local Discord: start
//! `cogwright sim`, and the bot with its token and `--local 127.0.0.1:8787`.

mod bot;

pub use bot::{Bot, Builder};
pub use cogwright_command::facade::{Choice, command};
pub use cogwright_command::{
    Access, Args, ArgumentsCheck, Attachment, Audience, AutoDelete, Availability, BadArgument, Catalog,
    Channel, ChannelType, ChoiceValue, Chosen, Cog, CommandResult, CommandSettings, Completer, Concurrency,
    Cooldown, Ctx, CustomCheck, Failure, Field, Fields, File, FromOption, Group, Handler, Icon, IntoSpec,
    Invocation, Invoker, Localized, Log, Member, Mentionable, Message, Modal, Needs, OptionKind, OptionSpec,
    Pace, Permissions, PersistentPress, Press, PressKind, Reply, Role, Scope, Selected, Spec, SpecProblem,
    Suggest, Theme, Tone, Trigger, Triggers, User, Value, View, ViewOptions, component, embed,
    parse_duration, persistent_id, plain, show_duration, ui,
};

/// The examples of the book's page on commands, so that they compile.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/src/writing-commands.md")]
mod writing_commands {}
