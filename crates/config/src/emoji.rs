//! Whether a text is an emoji of Unicode.

use std::ops::RangeInclusive;

/// The longest emoji of Unicode, families and flags, are sequences of about ten characters; so many are taken.
pub(crate) const MAX_EMOJI: usize = 12;

/// Makes an emoji of a character that is also a sign of text.
const VARIATION: char = '\u{FE0F}';
/// Makes a key of a digit.
const KEYCAP: char = '\u{20E3}';
/// Joins emoji to one.
const JOINER: char = '\u{200D}';
/// Letters of which two are a flag.
const FLAG_LETTERS: RangeInclusive<char> = '\u{1F1E6}'..='\u{1F1FF}';
const SKIN_TONES: RangeInclusive<char> = '\u{1F3FB}'..='\u{1F3FF}';
/// What follows a black flag in the flags of England, Scotland and Wales.
const TAGS: RangeInclusive<char> = '\u{E0020}'..='\u{E007F}';

/// The blocks of Unicode in which emoji are. A few signs of text stand between them, and are let through.
/// See <https://www.unicode.org/reports/tr51/>.
const BLOCKS: [RangeInclusive<char>; 12] = [
    '\u{2194}'..='\u{2199}',
    '\u{21A9}'..='\u{21AA}',
    '\u{231A}'..='\u{23FA}',
    '\u{25AA}'..='\u{25FE}',
    '\u{2600}'..='\u{27BF}',
    '\u{1F300}'..='\u{1F64F}',
    '\u{1F680}'..='\u{1F6FF}',
    '\u{1F7E0}'..='\u{1F7F0}',
    '\u{1F900}'..='\u{1FAFF}',
    '\u{1F170}'..='\u{1F251}',
    '\u{2934}'..='\u{2935}',
    '\u{2B05}'..='\u{2B55}',
];

/// Emoji outside of these blocks.
const SINGLE: [char; 13] = [
    '\u{A9}',
    '\u{AE}',
    '\u{203C}',
    '\u{2049}',
    '\u{2122}',
    '\u{2139}',
    '\u{24C2}',
    '\u{3030}',
    '\u{303D}',
    '\u{3297}',
    '\u{3299}',
    '\u{1F004}',
    '\u{1F0CF}',
];

/// Whether it is one emoji as Unicode builds them. Discord refuses a whole message with a button or a menu whose emoji
/// is none (`COMPONENT_INVALID_EMOJI`), so it is found out before.
pub(crate) fn is_unicode_emoji(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() > MAX_EMOJI {
        return false;
    }
    match *chars {
        ['0'..='9' | '#' | '*', KEYCAP] | ['0'..='9' | '#' | '*', VARIATION, KEYCAP] => true,
        [first, second] if FLAG_LETTERS.contains(&first) => FLAG_LETTERS.contains(&second),
        _ => chars.split(|c| *c == JOINER).all(is_picture),
    }
}

/// A picture, how it is to look, and the tags of a flag.
fn is_picture(chars: &[char]) -> bool {
    let Some((picture, rest)) = chars.split_first() else { return false };
    let look = |c: &char| *c == VARIATION || SKIN_TONES.contains(c);
    let rest = if rest.first().is_some_and(look) { &rest[1..] } else { rest };
    (BLOCKS.iter().any(|block| block.contains(picture)) || SINGLE.contains(picture))
        && !FLAG_LETTERS.contains(picture)
        && (rest.is_empty() || *picture == '\u{1F3F4}' && rest.iter().all(|c| TAGS.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_told_from_text() {
        let good = "✅ ⚠️ ⚠ ▫️ ◀️ ▶️ ⏱️ 👍🏽 🖐🏻 1️⃣ #⃣ 🇩🇪 🏳️‍🌈 👨‍👩‍👧‍👦 ❤️‍🔥 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴 🫠 ℹ️ ©️ ⭐ ↔️ ⤴️ 🅰️ 🀄 ㊙️ 🟩 👩🏽‍❤️‍💋‍👨🏽 Ⓜ️";
        for good in good.split(' ') {
            assert!(is_unicode_emoji(good), "{good}");
        }
        let bad = [
            "",
            "1",
            "ok",
            "é",
            "→",
            "帮",
            "█",
            "ok✅",
            "✅ ok",
            "✅✅",
            "🇩",
            "🇩e",
            "✅\u{200D}",
            "\u{FE0F}",
            "🏽e",
            "✅\u{E0067}",
        ];
        for bad in bad {
            assert!(!is_unicode_emoji(bad), "{bad:?}");
        }
        assert!(!is_unicode_emoji(&["🏽"; 20].join("\u{200D}")), "it has an end");
    }
}
