//! How the answers look.

mod command;
mod credits;
mod framework;
mod menu;

use cogwright_command::{Availability, Icon, KnownRoles, Pace, Theme};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

pub(crate) use self::command::{command, group};
pub(crate) use self::credits::credits;
pub(crate) use self::framework::{Framework, framework};
pub(crate) use self::menu::{CATEGORY, CLOSE, COMMAND, CREDITS, HOME, NEXT, PREVIOUS, UP, menu};

/// What the texts depend on beside the commands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) prefix: &'a str,
    /// The bot, where a mention of it works like the prefix.
    pub(crate) mention: Option<Id<UserMarker>>,
    pub(crate) guild: Option<Id<GuildMarker>>,
    pub(crate) roles: &'a KnownRoles,
    /// What a cooldown "as the settings say" is.
    pub(crate) default_pace: Pace,
    pub(crate) asked_by: &'a str,
    /// Of whoever asks.
    pub(crate) asker_picture: Option<&'a str>,
    /// Of the bot.
    pub(crate) picture: Option<&'a str>,
}

impl Here<'_> {
    /// What a call of such a command begins with.
    fn opening(&self, availability: Availability) -> &str {
        if availability == Availability::SlashOnly { "/" } else { self.prefix }
    }

    /// The sign of the ways a command can be called, and what it means.
    fn sign(&self, availability: Availability) -> (&str, &'static str) {
        match availability {
            Availability::Hybrid => (self.theme.icon(Icon::Hybrid), "hybrid: prefix and slash"),
            Availability::TextOnly => (self.theme.icon(Icon::PrefixOnly), "prefix only"),
            Availability::Converted => (
                self.theme.icon(Icon::Converted),
                "converted: prefix only, as there was no room for its slash form",
            ),
            Availability::SlashOnly => (self.theme.icon(Icon::SlashOnly), "slash only"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;
    use std::time::Duration;

    use super::*;

    static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);
    static ROLES: LazyLock<KnownRoles> = LazyLock::new(KnownRoles::default);

    pub(super) fn here() -> Here<'static> {
        Here {
            theme: &THEME,
            prefix: "!",
            mention: Some(Id::new(9)),
            guild: Some(Id::new(1)),
            roles: &ROLES,
            default_pace: Pace { uses: 3, per: Duration::from_secs(5) },
            asked_by: "Robin",
            asker_picture: Some("https://cdn.discordapp.com/avatars/5/b.png?size=256"),
            picture: Some("https://cdn.discordapp.com/avatars/9/a.png?size=256"),
        }
    }
}
