//! How commands are called here: the prefix and the mention.

use cogwright_command::{EffectivePrefs, Icon, Origin, Panel, Reply, Theme, Tone};
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::by;

/// `help`: whether that command can be called.
pub(crate) fn prefix_changed(before: &str, now: &EffectivePrefs, help: bool) -> String {
    let (prefix, follows) = (&now.prefix, follows(now));
    let hint = if help {
        format!("Try `{prefix}help`; `/help` works as before.")
    } else {
        "Slash commands work as before.".to_owned()
    };
    format!("It was `{before}` and is `{prefix}` from now on{follows}. {hint}")
}

pub(crate) fn prefix_kept(now: &EffectivePrefs) -> String {
    format!("The prefix of this server is `{}` already{}.", now.prefix, follows(now))
}

fn follows(now: &EffectivePrefs) -> &'static str {
    match now.prefix_origin {
        Origin::Guild => "",
        Origin::Settings => ", the bot-wide one, which this server follows",
    }
}

/// What `mentionprefix` shows or has changed.
pub(crate) struct Mention<'a> {
    pub(crate) now: &'a EffectivePrefs,
    pub(crate) bot: Id<UserMarker>,
    /// Whether `help` can be called.
    pub(crate) help: bool,
    pub(crate) theme: &'a Theme,
}

/// A change, by this person. That something works no more is no success to celebrate in green.
pub(crate) fn mention_changed(of: &Mention<'_>, by: &str) -> Reply {
    let (tone, title) = if of.now.mention {
        (Tone::Success, "Mention Prefix Enabled")
    } else {
        (Tone::Warning, "Mention Prefix Disabled")
    };
    Panel::new(of.theme, tone, format!("{} {title}", of.theme.icon(Icon::Success)))
        .text(mention_set(of))
        .footer(&format!("Changed by {by}"))
        .reply()
}

pub(crate) fn mention_set(of: &Mention<'_>) -> String {
    format!("{}\n\n{}", state(of.now, of.bot), ways(of.now, of.bot, of.help))
}

/// `changes`: whether the commands that change it can be called.
pub(crate) fn mention_status(of: &Mention<'_>, changes: bool) -> Reply {
    let word = if of.now.mention { "Enabled" } else { "Disabled" };
    let text = format!("**{word}** ({})\n{}", by(of.now.mention_origin), mention_set(of));
    let footer = changes.then_some("mentionprefix enable and mentionprefix disable change it");
    Reply::new().embed(of.theme.embed(Tone::Info, Icon::Settings, "Mention Prefix Status", &text, footer))
}

fn state(now: &EffectivePrefs, bot: Id<UserMarker>) -> String {
    if now.mention {
        format!("Whoever writes <@{bot}> before the name of a command calls it.")
    } else {
        format!("<@{bot}> before the name of a command does nothing; alone it still tells the prefix.")
    }
}

/// All the ways that work here, one a line.
pub(super) fn ways(now: &EffectivePrefs, bot: Id<UserMarker>, help: bool) -> String {
    let name = if help { "help" } else { "name" };
    let mention = if now.mention { format!("\n<@{bot}> {name}") } else { String::new() };
    format!("`{}{name}`\n`/{name}`{mention}", now.prefix)
}
