//! Colours and emoji of whatever the bot says. Their table is `theme` in the registry of settings; here they get the
//! names that code uses.

use twilight_model::channel::message::Embed;
use twilight_util::builder::embed::{EmbedBuilder, EmbedFooterBuilder};

use crate::reply::one_line;

/// What a message is about, which gives its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Something was done.
    Success,
    /// Something was refused or failed.
    Error,
    /// Something is under way or wants care.
    Warning,
    /// Something to know.
    Info,
    /// The first page of the help menu.
    MainMenu,
    /// The other pages of the help menu.
    Categories,
    /// The credits.
    Credits,
}

/// A sign before a title or on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Done.
    Success,
    /// Failed.
    Error,
    /// Take care.
    Warning,
    /// To know.
    Info,
    /// Not for everybody.
    Restricted,
    /// Not yet.
    Cooldown,
    /// Loading anew.
    Reload,
    /// Figures.
    Stats,
    /// What can be set.
    Settings,
    /// Maintenance.
    Tools,
    /// One page back.
    Previous,
    /// One page on.
    Next,
    /// To the beginning.
    Home,
    /// The help menu.
    Help,
    /// Extensions.
    Extensions,
    /// Storage.
    Database,
    /// Prefix and slash.
    Hybrid,
    /// Prefix alone.
    PrefixOnly,
    /// A slash command that became a prefix command.
    Converted,
}

/// Colours and emoji.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme(cogwright_config::Theme);

impl From<cogwright_config::Theme> for Theme {
    fn from(settings: cogwright_config::Theme) -> Self {
        Self(settings)
    }
}

impl Theme {
    /// The colour of a tone, `0xRRGGBB`.
    pub fn colour(&self, tone: Tone) -> u32 {
        let colours = &self.0.colours;
        match tone {
            Tone::Success => colours.success,
            Tone::Error => colours.error,
            Tone::Warning => colours.warning,
            Tone::Info => colours.info,
            Tone::MainMenu => colours.main_menu,
            Tone::Categories => colours.categories,
            Tone::Credits => colours.credits,
        }
    }

    /// The emoji of an icon.
    pub fn icon(&self, icon: Icon) -> &str {
        let emoji = &self.0.emoji;
        match icon {
            Icon::Success => &emoji.success,
            Icon::Error => &emoji.error,
            Icon::Warning => &emoji.warning,
            Icon::Info => &emoji.info,
            Icon::Restricted => &emoji.restricted,
            Icon::Cooldown => &emoji.cooldown,
            Icon::Reload => &emoji.reload,
            Icon::Stats => &emoji.stats,
            Icon::Settings => &emoji.settings,
            Icon::Tools => &emoji.tools,
            Icon::Previous => &emoji.previous,
            Icon::Next => &emoji.next,
            Icon::Home => &emoji.home,
            Icon::Help => &emoji.help,
            Icon::Extensions => &emoji.extensions,
            Icon::Database => &emoji.database,
            Icon::Hybrid => &emoji.hybrid,
            Icon::PrefixOnly => &emoji.prefix_only,
            Icon::Converted => &emoji.converted,
        }
    }

    /// A small message: a title with its icon before it, a text, the colour of the tone. Either may be empty. What
    /// stands in it must be made harmless before, see [`plain`](crate::plain).
    pub fn embed(&self, tone: Tone, icon: Icon, title: &str, text: &str, footer: Option<&str>) -> Embed {
        let mut embed = EmbedBuilder::new().color(self.colour(tone));
        if !title.is_empty() {
            embed = embed.title(one_line(&format!("{} {title}", self.icon(icon))));
        }
        if !text.is_empty() {
            embed = embed.description(text);
        }
        if let Some(footer) = footer {
            embed = embed.footer(EmbedFooterBuilder::new(one_line(footer)));
        }
        embed.build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_change_colours_and_emoji() {
        let mut settings = cogwright_config::Theme::default();
        settings.colours.error = 0x12_3456;
        settings.emoji.error = "<:no:123>".to_owned();
        let embed = Theme::from(settings).embed(Tone::Error, Icon::Error, "Title", "Text", None);
        assert_eq!((embed.color, embed.title.as_deref()), (Some(0x12_3456), Some("<:no:123> Title")));
        let usual = Theme::default();
        assert_eq!((usual.colour(Tone::Credits), usual.icon(Icon::Success)), (0xff_d700, "✅"));
    }
}
