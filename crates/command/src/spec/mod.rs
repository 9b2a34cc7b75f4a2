//! A command as plain data: what it is called, how it is called, what it takes, what it runs.

mod access;
mod group;
mod locale;
mod naming;
mod option;
mod slash_form;
mod validate;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use twilight_model::guild::Permissions;

pub use self::access::{Access, RESERVED, is_reserved};
pub use self::group::{Group, GroupMember};
pub use self::locale::Localized;
pub use self::option::{Choice, ChoiceValue, OptionKind, OptionSpec};
pub(crate) use self::validate::MAX_NUMBER;
pub use self::validate::SpecProblem;

use crate::args::Args;
use crate::checks::{ArgumentsCheck, CustomCheck};
use crate::cooldown::{Concurrency, Cooldown};
use crate::ctx::Ctx;
use crate::failure::CommandResult;

/// The ways in which a command can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggers {
    /// `!name`, with the prefix of the place.
    pub prefix: bool,
    /// `/name`, registered with Discord.
    pub slash: bool,
    /// `@Bot name`.
    pub mention: bool,
}

impl Triggers {
    /// Prefix, slash and mention: one definition serves all three.
    pub const HYBRID: Self = Self { prefix: true, slash: true, mention: true };
    /// Prefix and mention; takes none of the 100 slots for slash commands.
    pub const TEXT: Self = Self { prefix: true, slash: false, mention: true };
    /// Only the slash form.
    pub const SLASH: Self = Self { prefix: false, slash: true, mention: false };
}

impl Default for Triggers {
    fn default() -> Self {
        Self::HYBRID
    }
}

/// What runs when a command is called.
#[derive(Clone)]
pub struct Handler(Arc<dyn Fn(Ctx, Args) -> BoxFuture<'static, CommandResult> + Send + Sync>);

impl Handler {
    /// Wraps an asynchronous function of the context and the arguments.
    pub fn new<F, R>(run: F) -> Self
    where
        F: Fn(Ctx, Args) -> R + Send + Sync + 'static,
        R: Future<Output = CommandResult> + Send + 'static,
    {
        Self(Arc::new(move |ctx, args| Box::pin(run(ctx, args))))
    }

    /// Starts the body. Nothing happens until the future is polled.
    pub(crate) fn run(&self, ctx: Ctx, args: Args) -> BoxFuture<'static, CommandResult> {
        (self.0)(ctx, args)
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}

/// A command: everything about it that is not its running.
///
/// `#[command]` writes one from a function; code that learns of commands at run time fills it by
/// hand. Whether it can be registered is checked when the registry is built, all problems at once.
#[derive(Clone, Debug)]
pub struct Spec {
    /// What one types: 1 to 32 lower-case letters, digits, `-` and `_`. In a group it is the last
    /// word; [`qualified_name`](Self::qualified_name) has all of them.
    pub name: String,
    /// The groups it lies in, outermost first, at most two. [`Group`] fills it.
    pub groups: Vec<String>,
    /// The name in other languages, by Discord's locale. The prefix form takes them as well.
    pub names: Localized,
    /// One line, 1 to 100 characters.
    pub description: String,
    /// The description in other languages, by Discord's locale.
    pub descriptions: Localized,
    /// The heading it stands under in the help menu; empty = the name of its cog.
    pub category: String,
    /// Further names for the prefix and mention forms. Discord knows no aliases of slash commands.
    pub aliases: Vec<String>,
    /// Replaces the generated usage, without prefix and name (`<text> [times]`).
    pub usage: Option<String>,
    /// A complete call without the prefix (`roll 20`), shown beside the usage.
    pub example: Option<String>,
    /// How it can be called.
    pub triggers: Triggers,
    /// Parameters in their order: required ones first, at most 25.
    pub options: Vec<OptionSpec>,
    /// Under this name (1 to 32 characters, blanks and capitals allowed) in the context menu of
    /// people; the first option is a person then and gets whoever was clicked on.
    pub user_menu: Option<String>,
    /// The same in the context menu of messages; the first option is a message.
    pub message_menu: Option<String>,
    /// Not in direct messages.
    pub guild_only: bool,
    /// Only in channels for adults, and in direct messages.
    pub nsfw: bool,
    /// Whether it can be called at all. A disabled one keeps its place in the catalogue, but
    /// neither its slash form nor, when another command claims it, its name.
    pub enabled: bool,
    /// Left out of the help menu.
    pub hidden: bool,
    /// What the invoker needs in the channel. Empty = everybody may call it.
    pub user_permissions: Permissions,
    /// What the bot needs in the channel beyond sending messages.
    pub bot_permissions: Permissions,
    /// The tier it belongs to.
    pub access: Access,
    /// Whether a guild may tie it to roles; see [`is_configurable`](Self::is_configurable).
    pub configurable: bool,
    /// Bounds on how often it runs. All of them hold.
    pub cooldowns: Vec<Cooldown>,
    /// A bound on how many runs of it there are at once.
    pub concurrency: Option<Concurrency>,
    /// Checks of its own, which run in this order after those of permissions.
    pub checks: Vec<CustomCheck>,
    /// What it has to say about its arguments, once they are read.
    pub arguments: Option<ArgumentsCheck>,
    /// The body.
    pub handler: Handler,
}

impl Spec {
    /// A hybrid command without options that anybody may call anywhere.
    pub fn new(name: impl Into<String>, description: impl Into<String>, handler: Handler) -> Self {
        Self {
            name: name.into(),
            groups: Vec::new(),
            names: Localized::new(),
            description: description.into(),
            descriptions: Localized::new(),
            category: String::new(),
            aliases: Vec::new(),
            usage: None,
            example: None,
            triggers: Triggers::HYBRID,
            options: Vec::new(),
            user_menu: None,
            message_menu: None,
            guild_only: false,
            nsfw: false,
            enabled: true,
            hidden: false,
            user_permissions: Permissions::empty(),
            bot_permissions: Permissions::empty(),
            access: Access::default(),
            configurable: true,
            cooldowns: Vec::new(),
            concurrency: None,
            checks: Vec::new(),
            arguments: None,
            handler,
        }
    }

    /// Adds a parameter after those already there.
    pub fn option(mut self, option: OptionSpec) -> Self {
        self.options.push(option);
        self
    }

    /// Puts it under a heading of the help menu other than its cog's name.
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = category.into();
        self
    }

    /// Adds a further name for the prefix and mention forms.
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Replaces the generated usage, without prefix and name.
    pub fn usage(mut self, usage: impl Into<String>) -> Self {
        self.usage = Some(usage.into());
        self
    }

    /// Shows a complete call, without the prefix.
    pub fn example(mut self, example: impl Into<String>) -> Self {
        self.example = Some(example.into());
        self
    }

    /// Sets how it can be called.
    pub fn triggers(mut self, triggers: Triggers) -> Self {
        self.triggers = triggers;
        self
    }

    /// Refuses it in direct messages.
    pub fn guild_only(mut self) -> Self {
        self.guild_only = true;
        self
    }

    /// Leaves it out of the help menu.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Refuses it outside channels for adults.
    pub fn nsfw(mut self) -> Self {
        self.nsfw = true;
        self
    }

    /// Switches it on or off.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// What the invoker needs in the channel.
    pub fn user_permissions(mut self, permissions: Permissions) -> Self {
        self.user_permissions = permissions;
        self
    }

    /// What the bot needs in the channel beyond sending messages.
    pub fn bot_permissions(mut self, permissions: Permissions) -> Self {
        self.bot_permissions = permissions;
        self
    }

    /// The usage in the prefix form, without the prefix: `echo [times:<1-5>] <text...>`.
    pub fn usage_line(&self) -> String {
        if let Some(usage) = &self.usage {
            return format!("{} {usage}", self.qualified_name()).trim_end().to_owned();
        }
        let mut line = self.qualified_name();
        // What follows a rest-of-line option can only be given by its name, ahead of the text.
        let rest = self.options.iter().position(|option| option.rest || option.variadic);
        let (before, after) = self.options.split_at(rest.unwrap_or(self.options.len()));
        let named = after.iter().skip(1).map(|option| option.usage(true));
        let positional = before.iter().map(|option| option.usage(false));
        for part in named.chain(positional).chain(after.first().map(|option| option.usage(false))) {
            line.push(' ');
            line.push_str(&part);
        }
        line
    }

    /// A complete call without the prefix: the one given, or one made of the options' examples.
    pub fn example_line(&self) -> String {
        self.example.clone().unwrap_or_else(|| {
            let required = self.options.iter().filter(|option| option.required);
            let words = required.map(OptionSpec::sample);
            std::iter::once(self.qualified_name()).chain(words).collect::<Vec<_>>().join(" ")
        })
    }
}

/// What can be handed to a cog as a command: a [`Spec`], or the function `#[command]` leaves.
pub trait IntoSpec {
    /// The command.
    fn into_spec(self) -> Spec;
}

impl IntoSpec for Spec {
    fn into_spec(self) -> Spec {
        self
    }
}

impl<F: FnOnce() -> Spec> IntoSpec for F {
    fn into_spec(self) -> Spec {
        self()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str) -> Spec {
        Spec::new(name, "Says it", Handler::new(|_, _| async { Ok(()) }))
    }

    #[test]
    fn usage_names_what_follows_the_rest_of_the_line() {
        let echo = spec("echo")
            .option(OptionSpec::new(OptionKind::String, "text", "What").rest())
            .option(OptionSpec::new(OptionKind::Integer, "times", "How often").min(1.0).max(5.0).optional())
            .option(OptionSpec::new(OptionKind::User, "to", "To whom").optional());
        assert_eq!(echo.usage_line(), "echo [times:<1-5>] [to:<person>] <text...>");
        assert_eq!(echo.example_line(), "echo some words");
    }

    #[test]
    fn a_written_usage_wins() {
        assert_eq!(spec("a").usage("<x>").usage_line(), "a <x>");
        assert_eq!(spec("a").usage("").usage_line(), "a");
        assert_eq!(spec("a").example("a 3").example_line(), "a 3");
    }

    #[test]
    fn names_match_without_regard_to_case() {
        let spec = spec("ping").alias("Pong");
        assert!(spec.answers_to("PING") && spec.answers_to("pong") && !spec.answers_to("pin"));
    }
}
