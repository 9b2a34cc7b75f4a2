//! Emoji of reactions: one Unicode emoji, or a custom one as `name:id`.
//!
//! There is no full list of Unicode emoji here: a sequence counts as one if it is built like one (Unicode Technical
//! Standard 51). A custom one must be there: one of a guild that whoever reacts is in, or of their own application. In
//! a message's text any is taken, as on Discord, which shows those that it does not know by their name.

use crate::{Actor, ApiError, EmojiId, GuildId, Reaction, World, permissions::USE_EXTERNAL_EMOJIS};

/// Code points of the longest sequences (families, flags of regions) with room to spare.
const MAX_CODE_POINTS: usize = 24;
const VARIATION: char = '\u{FE0F}';
const JOINER: char = '\u{200D}';
const KEYCAP: char = '\u{20E3}';

/// An emoji that somebody wants to react with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Emoji {
    pub(super) id: Option<EmojiId>,
    pub(super) name: String,
    /// Whether it is a custom one that moves.
    pub(super) animated: bool,
}

impl Emoji {
    /// Reads the decoded path segment; anything else is 10014.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        // Clients write animated ones as `a:name:id`, and some paste the whole `<:name:id>`.
        let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).unwrap_or(text);
        if let Some((name, id)) = inner.rsplit_once(':') {
            let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
            let id = id.parse().map_err(|_| ApiError::unknown_emoji())?;
            let word = |c: char| c.is_alphanumeric() || c == '_';
            return if !name.is_empty() && name.chars().count() <= 32 && name.chars().all(word) {
                Ok(Self { id: Some(id), name: name.to_owned(), animated: false })
            } else {
                Err(ApiError::unknown_emoji())
            };
        }
        if is_unicode_emoji(text) {
            Ok(Self { id: None, name: text.to_owned(), animated: false })
        } else {
            Err(ApiError::unknown_emoji())
        }
    }

    /// Looks a custom emoji up for somebody who holds `bits` in a channel of `place`, and takes its name.
    ///
    /// # Errors
    /// 10014 for one that they cannot use, 50013 for another guild's without USE_EXTERNAL_EMOJIS.
    pub(super) fn look_up(
        &mut self,
        world: &World,
        actor: Actor,
        place: Option<GuildId>,
        bits: u64,
    ) -> Result<(), ApiError> {
        let Some(id) = self.id else { return Ok(()) };
        let own = actor.application.and_then(|id| world.application_emojis.get(&id));
        let found = match own.and_then(|emojis| emojis.get(&id)) {
            Some(emoji) => emoji,
            None => {
                let mut guilds = world.guilds_of(actor.user);
                let (guild, emoji) = guilds
                    .find_map(|guild| Some((guild.id, guild.emojis.get(&id)?)))
                    .ok_or_else(ApiError::unknown_emoji)?;
                if Some(guild) != place && bits & USE_EXTERNAL_EMOJIS == 0 {
                    return Err(ApiError::missing_permissions());
                }
                emoji
            }
        };
        (self.name, self.animated) = (found.name.clone(), found.animated);
        Ok(())
    }

    /// Whether a reaction is of this emoji: custom ones go by id, others regardless of the variation selector
    /// that some keyboards add.
    pub(super) fn is(&self, reaction: &Reaction) -> bool {
        match (self.id, reaction.emoji_id) {
            (None, None) => bare(&self.name) == bare(&reaction.emoji_name),
            (own, other) => own == other,
        }
    }
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| *c != VARIATION).collect()
}

/// Whether a text is one emoji, built as Unicode builds them.
pub(crate) fn is_unicode_emoji(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if chars.is_empty() || chars.len() > MAX_CODE_POINTS {
        return false;
    }
    match chars.as_slice() {
        ['0'..='9' | '#' | '*', KEYCAP] | ['0'..='9' | '#' | '*', VARIATION, KEYCAP] => true,
        [a, b] if is_regional(*a) && is_regional(*b) => true,
        _ => chars.split(|c| *c == JOINER).all(is_element),
    }
}

/// A base, then a variation selector or skin tone, then perhaps the tags of a region's flag.
fn is_element(chars: &[char]) -> bool {
    let Some((base, mut rest)) = chars.split_first() else { return false };
    if !is_base(*base) {
        return false;
    }
    if let [VARIATION | '\u{1F3FB}'..='\u{1F3FF}', tail @ ..] = rest {
        rest = tail;
    }
    rest.is_empty() || (*base == '\u{1F3F4}' && rest.iter().all(|c| ('\u{E0020}'..='\u{E007F}').contains(c)))
}

fn is_regional(c: char) -> bool {
    ('\u{1F1E6}'..='\u{1F1FF}').contains(&c)
}

/// The blocks that hold emoji.
fn is_base(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2194}'..='\u{21AA}' | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}'
        | '\u{2600}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F004}' | '\u{1F0CF}' | '\u{1F170}'..='\u{1F251}' | '\u{1F300}'..='\u{1FAFF}')
        && !is_regional(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_emoji_from_text() {
        for good in ["👍", "❤️", "❤", "👍🏽", "1️⃣", "🇩🇪", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "✅", "⭐", "🫠", "▶️", "⏪"]
        {
            assert_eq!(Emoji::parse(good).map(|e| e.name), Ok(good.to_owned()), "{good}");
        }
        for bad in ["", "a", "👍👍", "thumbsup", "1", "ab:cd", ":1", "x y:123", "\u{FE0F}", "\u{200D}"] {
            assert_eq!(Emoji::parse(bad), Err(ApiError::unknown_emoji()), "{bad}");
        }
    }

    #[test]
    fn custom_emoji_go_by_id() {
        let parsed = |text| Emoji::parse(text).map(|e| (e.id.map(EmojiId::get), e.name));
        assert_eq!(parsed("blob:123"), Ok((Some(123), "blob".into())));
        assert_eq!(parsed("a:blob:123"), Ok((Some(123), "blob".into())));
        assert_eq!(parsed("<:blob:123>"), Ok((Some(123), "blob".into())));
    }
}
