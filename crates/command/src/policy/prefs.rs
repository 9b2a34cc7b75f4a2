//! The prefix of a guild, and whether a mention of the bot works there.

use futures_util::future::BoxFuture;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::{By, PolicyError};
use crate::reply::is_invisible;

/// Longest prefix, in characters.
pub const MAX_PREFIX: usize = 10;

/// What a guild has set of its own. `None` follows the bot's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// What prefix commands begin with.
    pub prefix: Option<String>,
    /// Whether a mention of the bot works like the prefix.
    pub mention_prefix: Option<bool>,
}

/// A change of a guild's settings, with all that an audit wants to know but the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefsChange {
    /// Where.
    pub guild: Id<GuildMarker>,
    /// By whom, and from which channel.
    pub by: By,
    /// From what.
    pub before: Prefs,
    /// To what.
    pub after: Prefs,
}

/// Keeps the prefixes of guilds. The runtime implements it over its database. What it answers is remembered by
/// [`Policies`](super::Policies), which also sees to it that nothing of one guild is read while it is being changed.
pub trait GuildPrefs: Send + Sync + 'static {
    /// What the guild has set; the default when nothing.
    fn load(&self, guild: Id<GuildMarker>) -> BoxFuture<'_, Result<Prefs, PolicyError>>;

    /// Keeps `after`, and writes down the change. Has to end by itself within seconds, either way.
    fn save<'a>(&'a self, change: &'a PrefsChange) -> BoxFuture<'a, Result<(), PolicyError>>;
}

/// Where a value in force comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The guild has set it.
    Guild,
    /// The bot's settings, for all guilds that have not.
    Settings,
}

/// What is in force in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePrefs {
    /// What prefix commands begin with.
    pub prefix: String,
    /// Who says so.
    pub prefix_origin: Origin,
    /// Whether a mention of the bot works like the prefix.
    pub mention: bool,
    /// Who says so.
    pub mention_origin: Origin,
}

impl EffectivePrefs {
    pub(crate) fn new(own: &Prefs, prefix: &str, mention: bool) -> Self {
        let origin = |own: bool| if own { Origin::Guild } else { Origin::Settings };
        Self {
            prefix: own.prefix.clone().unwrap_or_else(|| prefix.to_owned()),
            prefix_origin: origin(own.prefix.is_some()),
            mention: own.mention_prefix.unwrap_or(mention),
            mention_origin: origin(own.mention_prefix.is_some()),
        }
    }
}

/// Whether a prefix can be used: it has to be typed, to be shown as it is, and to be told from what Discord reads.
pub(crate) fn check_prefix(prefix: &str) -> Result<(), PolicyError> {
    let refuse = |text: String| Err(PolicyError::Refused(text));
    let length = prefix.chars().count();
    if length == 0 || length > MAX_PREFIX {
        return refuse(format!("A prefix has 1 to {MAX_PREFIX} characters."));
    }
    if prefix.starts_with('/') {
        return refuse("A prefix cannot begin with `/`: Discord reads such messages itself.".to_owned());
    }
    match prefix.chars().find_map(|c| Some((c, unfit(c)?))) {
        // By its number: what is wrong with most of them is that they cannot be shown.
        Some((c, why)) => refuse(format!("A prefix cannot hold U+{:04X}, {why}.", u32::from(c))),
        None => Ok(()),
    }
}

/// What is wrong with a character in a prefix, if anything.
fn unfit(c: char) -> Option<&'static str> {
    let why = match c {
        '@' => "the at sign, with which mentions begin (`@everyone` too)",
        '<' => "the less-than sign, with which mentions begin",
        '`' => "a backtick, which would end the code that prefixes are shown as",
        _ if c.is_whitespace() => "a blank",
        _ if c.is_control() => "a control character",
        _ if is_invisible(c) => "a character that nobody sees",
        _ if is_right_to_left(c) => {
            "a character of a script that is written from right to left: it would turn what follows"
        }
        // Rust's own table of what cannot stand by itself or be shown; these two can.
        '\\' | '\'' | '"' => return None,
        _ if c.escape_debug().len() > 1 => {
            "a mark that is drawn over the character before it, or no character at all"
        }
        _ => return None,
    };
    Some(why)
}

/// See Unicode, DerivedBidiClass: the blocks whose characters are R or AL.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_can_be_typed_and_shown() {
        for good in ["!", "?", "zb!", "§§", "bot.", "->", "é", "\\", "'", "\"", "🦀", "犬"] {
            assert_eq!(check_prefix(good), Ok(()), "{good}");
        }
        for bad in ["", "/", "<@1>", "a b", " ", "`", "a\n", "\u{200b}", "!\u{202e}", "12345678901"] {
            assert!(matches!(check_prefix(bad), Err(PolicyError::Refused(_))), "{bad:?}");
        }
    }

    #[test]
    fn the_character_that_is_refused_is_named() {
        for (bad, named) in [
            ("@everyone", "U+0040, the at sign"),
            ("!@here", "U+0040"),
            ("!<#1>", "U+003C"),
            ("<@1>", "U+003C"),
            ("e\u{301}!", "U+0301, a mark that is drawn over"),
            ("\u{20e3}", "U+20E3, a mark"),
            ("!\u{202e}", "U+202E, a character that nobody sees"),
            ("\u{2066}", "U+2066"),
            ("א!", "U+05D0, a character of a script that is written from right to left"),
            ("م", "U+0645"),
            ("!\u{fe0f}", "U+FE0F"),
            ("\u{e000}", "U+E000"),
            ("a b", "U+0020, a blank"),
            ("\u{7}", "U+0007, a control character"),
        ] {
            let Err(PolicyError::Refused(text)) = check_prefix(bad) else { panic!("{bad:?}") };
            assert!(text.contains(named), "{bad:?}: {text}");
        }
    }
}
