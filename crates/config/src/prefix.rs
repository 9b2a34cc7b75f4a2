//! What can be a prefix: the one rule, for config.json and for the prefix of a guild alike.

use std::fmt;

/// The longest prefix, in characters.
pub const MAX_PREFIX: usize = 10;

/// Why a text cannot be a prefix. Its text continues "A prefix".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPrefix {
    /// It has no characters, or more than [`MAX_PREFIX`]; how many.
    Length(usize),
    /// It begins with a slash.
    Slash,
    /// It holds this character; what is wrong with that one.
    Character(char, &'static str),
}

impl fmt::Display for BadPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(_) => write!(f, "has 1 to {MAX_PREFIX} characters"),
            Self::Slash => f.write_str("cannot begin with `/`: Discord reads such messages itself"),
            // By its number: what is wrong with most of them is that they cannot be shown.
            Self::Character(c, why) => write!(f, "cannot hold U+{:04X}, {why}", u32::from(*c)),
        }
    }
}

/// Whether a text can be a prefix: it has to be typed, to be shown as it is, and to be told from what Discord reads.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check_prefix(prefix: &str) -> Result<(), BadPrefix> {
    let length = prefix.chars().count();
    if length == 0 || length > MAX_PREFIX {
        return Err(BadPrefix::Length(length));
    }
    if prefix.starts_with('/') {
        return Err(BadPrefix::Slash);
    }
    let bad = prefix.chars().find_map(|c| Some(BadPrefix::Character(c, unfit(c)?)));
    bad.map_or(Ok(()), Err)
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

/// Characters that nobody sees: zero-width, direction marks, fillers, tags, variation selectors.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
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
        for good in ["!", "?", "bot!", "zb!", "§§", "bot.", "->", "é", "ü", "\\", "'", "\"", "🦀", "犬"]
        {
            assert_eq!(check_prefix(good), Ok(()), "{good}");
        }
        assert_eq!(check_prefix(""), Err(BadPrefix::Length(0)));
        assert_eq!(check_prefix("12345678901"), Err(BadPrefix::Length(11)));
        assert_eq!(check_prefix("1234567890"), Ok(()), "as long as one may be");
        assert_eq!(check_prefix("/"), Err(BadPrefix::Slash));
        for bad in ["<@1>", "a b", " ", "`", "a\n", "a\u{0}", "\u{200b}", "!\u{202e}"] {
            assert!(matches!(check_prefix(bad), Err(BadPrefix::Character(..))), "{bad:?}");
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
            let text = check_prefix(bad).unwrap_err().to_string();
            assert!(text.starts_with("cannot hold ") && text.contains(named), "{bad:?}: {text}");
        }
    }
}
