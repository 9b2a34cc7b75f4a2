//! The one table of colours and emoji. Whatever the bot says takes them from here; settings change them by name.

use twilight_model::channel::message::Embed;
use twilight_util::builder::embed::{EmbedBuilder, EmbedFooterBuilder};

/// Longest emoji that is taken, in bytes: a custom one is `<a:name:id>`, with 32 characters of name.
const MAX_EMOJI: usize = 64;

macro_rules! table {
    ($(#[$doc:meta])* $name:ident: $value:ty; $($(#[$about:meta])* $variant:ident = $key:literal, $default:expr;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$about])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in settings.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }

            /// Its value unless settings say otherwise.
            pub fn default_value(self) -> $value {
                match self { $(Self::$variant => $default),* }
            }
        }
    };
}

table! {
    /// What a message is about, which gives its colour.
    Tone: u32;
    /// Something was done.
    Success = "success", 0x00_ff00;
    /// Something was refused or failed.
    Error = "error", 0xff_0000;
    /// Something is under way or wants care.
    Warning = "warning", 0xff_ff00;
    /// Something to know.
    Info = "info", 0x58_65f2;
    /// The help menu.
    MainMenu = "main_menu", 0x2b_2d31;
    /// The credits.
    Credits = "credits", 0xff_d700;
}

table! {
    /// A sign before a title or on a button.
    Icon: &'static str;
    /// Done.
    Success = "success", "✅";
    /// Failed.
    Error = "error", "❌";
    /// Take care.
    Warning = "warning", "⚠️";
    /// To know.
    Info = "info", "ℹ️";
    /// Not for everybody.
    Restricted = "restricted", "🔒";
    /// Not yet.
    Cooldown = "cooldown", "⏱️";
    /// Loading anew.
    Reload = "reload", "🔄";
    /// Figures.
    Stats = "stats", "📊";
    /// What can be set.
    Settings = "settings", "⚙️";
    /// Maintenance.
    Tools = "tools", "🔧";
    /// One page back.
    Previous = "previous", "◀️";
    /// One page on.
    Next = "next", "▶️";
    /// To the beginning.
    Home = "home", "🏠";
    /// The help menu.
    Help = "help", "📚";
    /// Extensions.
    Extensions = "extensions", "📦";
    /// Storage.
    Database = "database", "🗄️";
}

/// Why a theme's entry was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ThemeProblem(String);

/// Colours and emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    colours: Vec<u32>,
    icons: Vec<String>,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            colours: Tone::ALL.iter().map(|tone| tone.default_value()).collect(),
            icons: Icon::ALL.iter().map(|icon| icon.default_value().to_owned()).collect(),
        }
    }
}

impl Theme {
    /// The colour of a tone, `0xRRGGBB`.
    pub fn colour(&self, tone: Tone) -> u32 {
        self.colours.get(tone as usize).copied().unwrap_or_else(|| tone.default_value())
    }

    /// The emoji of an icon.
    pub fn icon(&self, icon: Icon) -> &str {
        self.icons.get(icon as usize).map_or_else(|| icon.default_value(), String::as_str)
    }

    /// Changes a colour by its name in settings (`theme.colors.success`).
    ///
    /// # Errors
    /// When there is no such name or it is no colour.
    pub fn set_colour(&mut self, key: &str, colour: u32) -> Result<(), ThemeProblem> {
        let Some(place) = Tone::ALL.iter().position(|tone| tone.key() == key) else {
            return Err(unknown("colour", key, Tone::ALL.iter().map(|tone| tone.key())));
        };
        if colour > 0xff_ffff {
            return Err(ThemeProblem(format!("{colour:#x} is no colour; the greatest is 0xffffff")));
        }
        self.colours[place] = colour;
        Ok(())
    }

    /// Changes an emoji by its name in settings (`theme.emoji.success`): a Unicode emoji, or `<:name:id>`.
    ///
    /// # Errors
    /// When there is no such name or it is no emoji.
    pub fn set_icon(&mut self, key: &str, emoji: &str) -> Result<(), ThemeProblem> {
        let Some(place) = Icon::ALL.iter().position(|icon| icon.key() == key) else {
            return Err(unknown("emoji", key, Icon::ALL.iter().map(|icon| icon.key())));
        };
        let emoji = emoji.trim();
        if emoji.is_empty() || emoji.len() > MAX_EMOJI || emoji.contains(char::is_whitespace) {
            return Err(ThemeProblem(format!("the emoji `{key}` has to be one emoji, without blanks")));
        }
        emoji.clone_into(&mut self.icons[place]);
        Ok(())
    }

    /// A small message: a title with its icon before it, a text, the colour of the tone. Either may be empty. What
    /// stands in it must be made harmless before, see [`plain`](crate::plain).
    pub fn embed(&self, tone: Tone, icon: Icon, title: &str, text: &str, footer: Option<&str>) -> Embed {
        let mut embed = EmbedBuilder::new().color(self.colour(tone));
        if !title.is_empty() {
            embed = embed.title(format!("{} {title}", self.icon(icon)));
        }
        if !text.is_empty() {
            embed = embed.description(text);
        }
        if let Some(footer) = footer {
            embed = embed.footer(EmbedFooterBuilder::new(footer));
        }
        embed.build()
    }
}

fn unknown(what: &str, key: &str, known: impl Iterator<Item = &'static str>) -> ThemeProblem {
    ThemeProblem(format!("there is no {what} `{key}`; there are {}", known.collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_changed_by_name() {
        let mut theme = Theme::default();
        assert_eq!((theme.colour(Tone::Credits), theme.icon(Icon::Success)), (0xff_d700, "✅"));
        theme.set_colour("credits", 0x12_3456).unwrap();
        theme.set_icon("success", " <:ok:123> ").unwrap();
        assert_eq!((theme.colour(Tone::Credits), theme.icon(Icon::Success)), (0x12_3456, "<:ok:123>"));
        assert!(theme.set_colour("succes", 1).unwrap_err().to_string().contains("success, error"));
        assert!(theme.set_colour("success", 0x100_0000).is_err());
        assert!(theme.set_icon("home", "a b").is_err() && theme.set_icon("home", "").is_err());
    }

    #[test]
    fn names_are_unique() {
        let mut keys: Vec<_> = Icon::ALL.iter().map(|icon| icon.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Icon::ALL.len());
    }
}
