//! How commands are called here: the prefix and the mention.

use cogwright_command::{EffectivePrefs, Icon, Origin, Reply, Theme, Tone};
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use super::by;

pub(crate) fn prefix_changed(before: &str, now: &EffectivePrefs) -> String {
    let (prefix, follows) = (&now.prefix, follows(now));
    format!(
        "It was `{before}` and is `{prefix}` from now on{follows}. Try `{prefix}help`; `/help` works as before."
    )
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

pub(crate) fn mention_set(now: &EffectivePrefs, bot: Id<UserMarker>) -> String {
    format!("{}\n\n{}", state(now, bot), ways(now, bot))
}

pub(crate) fn mention_status(now: &EffectivePrefs, bot: Id<UserMarker>, theme: &Theme) -> Reply {
    let word = if now.mention { "Enabled" } else { "Disabled" };
    let text = format!("**{word}** ({})\n{}\n\n{}", by(now.mention_origin), state(now, bot), ways(now, bot));
    let footer = Some("mentionprefix enable and mentionprefix disable change it");
    Reply::new().embed(theme.embed(Tone::Info, Icon::Settings, "Mention Prefix Status", &text, footer))
}

fn state(now: &EffectivePrefs, bot: Id<UserMarker>) -> String {
    if now.mention {
        format!("Whoever writes <@{bot}> before the name of a command calls it.")
    } else {
        format!("<@{bot}> before the name of a command does nothing; alone it still tells the prefix.")
    }
}

/// All the ways that work here, one a line.
pub(super) fn ways(now: &EffectivePrefs, bot: Id<UserMarker>) -> String {
    let mention = if now.mention { format!("\n<@{bot}> help") } else { String::new() };
    format!("`{}help`\n`/help`{mention}", now.prefix)
}
