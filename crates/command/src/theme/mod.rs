//! Colours, emoji and bars of whatever the bot says. Their table is `theme` in the registry of settings; here they get
//! the names that code uses. `cargo xtask tidy` finds emoji and colours that stand elsewhere.

mod bar;
mod icon;

use twilight_model::channel::message::Embed;
use twilight_util::builder::embed::{EmbedBuilder, EmbedFooterBuilder};

pub use self::icon::Icon;
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
        icon.of(&self.0.emoji)
    }

    /// The icon before a title or the name of a fact.
    pub fn with(&self, icon: Icon, text: &str) -> String {
        format!("{} {text}", self.icon(icon))
    }

    /// A small message: a title with its icon before it, a text, the colour of the tone. Either may be empty. What
    /// stands in it must be made harmless before, see [`plain`](crate::plain).
    pub fn embed(&self, tone: Tone, icon: Icon, title: &str, text: &str, footer: Option<&str>) -> Embed {
        let mut embed = EmbedBuilder::new().color(self.colour(tone));
        if !title.is_empty() {
            embed = embed.title(one_line(&self.with(icon, title)));
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
    use std::collections::BTreeSet;

    use super::*;

    const TONES: [(Tone, u32); 7] = [
        (Tone::Success, 0x00_ff00),
        (Tone::Error, 0xff_0000),
        (Tone::Warning, 0xff_ff00),
        (Tone::Info, 0x58_65f2),
        (Tone::MainMenu, 0x2b_2d31),
        (Tone::Categories, 0x58_65f2),
        (Tone::Credits, 0xff_d700),
    ];

    /// The specification's: its page "Customization", and the signs of the original's titles and fields.
    const SIGNS: [(Icon, &str); 40] = [
        (Icon::Success, "✅"),
        (Icon::Error, "❌"),
        (Icon::Warning, "⚠️"),
        (Icon::Info, "ℹ️"),
        (Icon::Restricted, "🔒"),
        (Icon::Cooldown, "⏱️"),
        (Icon::Reload, "🔄"),
        (Icon::Stats, "📊"),
        (Icon::Settings, "⚙️"),
        (Icon::Tools, "🔧"),
        (Icon::Previous, "◀️"),
        (Icon::Next, "▶️"),
        (Icon::Home, "🏠"),
        (Icon::Help, "📚"),
        (Icon::Extensions, "📦"),
        (Icon::Database, "🗄️"),
        (Icon::Hybrid, "⚡"),
        (Icon::PrefixOnly, "🔸"),
        (Icon::Converted, "🔹"),
        (Icon::Bot, "🤖"),
        (Icon::Credits, "✨"),
        (Icon::Uptime, "⏱️"),
        (Icon::Guilds, "🌐"),
        (Icon::Users, "👥"),
        (Icon::Commands, "📝"),
        (Icon::Messages, "💬"),
        (Icon::Latency, "📡"),
        (Icon::Slash, "📋"),
        (Icon::Top, "🔥"),
        (Icon::Modules, "📌"),
        (Icon::Shards, "🔀"),
        (Icon::Search, "🔍"),
        (Icon::Cleanup, "🧹"),
        // Of no specification.
        (Icon::SlashOnly, "▫️"),
        (Icon::Bullet, "▫️"),
        (Icon::Love, "❤️"),
        (Icon::Ping, "🏓"),
        (Icon::Totals, "🗂️"),
        (Icon::Here, "📍"),
        (Icon::Backup, "💾"),
    ];

    #[test]
    fn the_usual_table_is_that_of_the_specification() {
        let usual = Theme::default();
        for (tone, colour) in TONES {
            assert_eq!(usual.colour(tone), colour, "{tone:?}");
        }
        for (icon, sign) in SIGNS {
            assert_eq!(usual.icon(icon), sign, "{icon:?}");
        }
        let listed: BTreeSet<_> = SIGNS.iter().map(|(icon, _)| format!("{icon:?}")).collect();
        let known: BTreeSet<_> = Icon::ALL.iter().map(|(icon, _)| format!("{icon:?}")).collect();
        assert_eq!(listed, known, "left: what is compared, right: what there is");
    }

    /// Each has a place of its own in `config.json`, and takes what is written there.
    #[test]
    fn every_sign_and_every_colour_can_be_set() {
        let mut keys: BTreeSet<_> =
            cogwright_config::settings().map(|it| it.key).filter(|key| key.starts_with("theme.")).collect();
        let mut settings = cogwright_config::Theme::default();
        let colours = &mut settings.colours;
        let places = [
            (&mut colours.success, "success"),
            (&mut colours.error, "error"),
            (&mut colours.warning, "warning"),
            (&mut colours.info, "info"),
            (&mut colours.main_menu, "main_menu"),
            (&mut colours.categories, "categories"),
            (&mut colours.credits, "credits"),
        ];
        for (number, (colour, key)) in places.into_iter().enumerate() {
            *colour = number as u32;
            assert!(keys.remove(format!("theme.colours.{key}").as_str()), "{key}");
        }
        settings.emoji = serde_json::from_value(
            Icon::ALL
                .iter()
                .map(|(_, place)| ((*place).to_owned(), (*place).into()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        )
        .unwrap();
        let theme = Theme::from(settings);
        for (number, (tone, _)) in TONES.into_iter().enumerate() {
            assert_eq!(theme.colour(tone), number as u32, "{tone:?}");
        }
        for (icon, place) in Icon::ALL {
            assert_eq!(theme.icon(*icon), *place);
            assert!(keys.remove(format!("theme.emoji.{place}").as_str()), "{place}");
        }
        let bars = ["theme.bar.free", "theme.bar.full", "theme.bar.kept"];
        assert_eq!(keys.into_iter().collect::<Vec<_>>(), bars, "settings of the theme that nothing reads");
    }

    #[test]
    fn settings_change_a_message() {
        let mut settings = cogwright_config::Theme::default();
        settings.colours.error = 0x12_3456;
        settings.emoji.error = "<:no:123>".to_owned();
        let embed = Theme::from(settings).embed(Tone::Error, Icon::Error, "Title", "Text", None);
        assert_eq!((embed.color, embed.title.as_deref()), (Some(0x12_3456), Some("<:no:123> Title")));
    }
}
