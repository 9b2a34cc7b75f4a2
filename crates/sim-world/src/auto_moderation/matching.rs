//! Finding words, phrases and patterns in a text, whatever their case. See Discord docs: Auto Moderation / Keyword
//! Matching Strategies.

use std::ops::Range;

use crate::Filter;

/// A text prepared for looking for many words in it.
pub(super) struct Text<'t> {
    text: &'t str,
    /// Each character in lower case, with the byte at which it begins.
    characters: Vec<(usize, char)>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The keyword or pattern as the rule has it.
    pub(super) keyword: String,
    /// The part of the text.
    pub(super) content: String,
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

/// A keyword without its stars, and at which ends it had one.
fn strategy(keyword: &str) -> (&str, bool, bool) {
    let core = keyword.strip_prefix('*').unwrap_or(keyword);
    let open_before = core.len() != keyword.len();
    let bare = core.strip_suffix('*').unwrap_or(core);
    (bare, open_before, bare.len() != core.len())
}

impl<'t> Text<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, characters: text.char_indices().map(|(at, c)| (at, lower(c))).collect() }
    }

    fn is_word(&self, index: usize) -> bool {
        self.characters.get(index).is_some_and(|(_, c)| c.is_alphanumeric())
    }

    /// Where a keyword stands: the characters it takes, and the same with the rest of its words at open ends.
    fn places(&self, keyword: &str) -> Vec<(Range<usize>, Range<usize>)> {
        let (core, open_before, open_after) = strategy(keyword);
        let wanted: Vec<char> = core.chars().map(lower).collect();
        let mut places = Vec::new();
        if wanted.is_empty() || wanted.len() > self.characters.len() {
            return places;
        }
        for start in 0..=self.characters.len() - wanted.len() {
            let end = start + wanted.len();
            if self.characters[start..end].iter().zip(&wanted).any(|((_, c), w)| c != w) {
                continue;
            }
            // A closed end is the end of a word: the text does not go on there with letters or digits.
            let goes_on_before = start > 0 && self.is_word(start - 1) && self.is_word(start);
            let goes_on_after = self.is_word(end) && self.is_word(end - 1);
            if (goes_on_before && !open_before) || (goes_on_after && !open_after) {
                continue;
            }
            let mut whole = start..end;
            while open_before && whole.start > 0 && self.is_word(whole.start - 1) {
                whole.start -= 1;
            }
            while open_after && self.is_word(whole.end) {
                whole.end += 1;
            }
            places.push((start..end, whole));
        }
        places
    }

    fn byte(&self, index: usize) -> usize {
        self.characters.get(index).map_or(self.text.len(), |(at, _)| *at)
    }

    fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        self.byte(range.start)..self.byte(range.end)
    }

    /// The first match of a word of `keywords`, or of a pattern, that is not part of an allowed one.
    pub(super) fn find<'k>(
        &self,
        keywords: impl IntoIterator<Item = &'k str>,
        filter: &Filter,
    ) -> Option<Found> {
        let allowed: Vec<Range<usize>> = filter
            .allowed
            .iter()
            .flat_map(|word| self.places(word))
            .map(|(_, whole)| self.bytes(&whole))
            .collect();
        let is_allowed = |part: &Range<usize>| {
            allowed.iter().any(|range| range.start <= part.start && part.end <= range.end)
        };
        let found = |keyword: &str, part: Range<usize>| Found {
            keyword: keyword.to_owned(),
            content: self.text.get(part).unwrap_or_default().to_owned(),
        };
        for keyword in keywords {
            let mut places = self.places(keyword).into_iter();
            if let Some((part, _)) = places.find(|(_, whole)| !is_allowed(&self.bytes(whole))) {
                return Some(found(keyword, self.bytes(&part)));
            }
        }
        for pattern in &filter.patterns {
            let Some(regex) = pattern.regex() else { continue };
            let mut matches = regex.find_iter(self.text).map(|m| m.range());
            if let Some(part) = matches.find(|part| !is_allowed(part)) {
                return Some(found(pattern.text(), part));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(keyword: &str, text: &str) -> Option<String> {
        Text::new(text).find([keyword], &Filter::default()).map(|found| found.content)
    }

    #[test]
    fn stars_say_where_a_word_may_go_on() {
        // The examples of Discord's documentation.
        for (keyword, texts) in [
            ("cat*", &["catch", "Catapult", "CAttLE"][..]),
            ("the mat*", &["see the matrix"]),
            ("*cat", &["wildcat", "copyCat"]),
            ("*the mat", &["breathe mat"]),
            ("*cat*", &["location", "eduCation"]),
            ("*the mat*", &["breathe matter"]),
            ("cat", &["cat", "a CAT!", "(cat)"]),
            ("the mat", &["on the mat"]),
        ] {
            for text in texts {
                assert!(find(keyword, text).is_some(), "{keyword} in {text}");
            }
        }
        for (keyword, text) in [
            ("cat*", "wildcat"),
            ("*cat", "catch"),
            ("cat", "cats"),
            ("cat", "concat"),
            ("cat", "location"),
            ("the mat", "the matrix"),
            ("*", "anything"),
            ("**", "anything"),
        ] {
            assert_eq!(find(keyword, text), None, "{keyword} in {text}");
        }
        assert_eq!(find("STRASSE*", "die Straße und die Strassenbahn").as_deref(), Some("Strasse"));
        assert_eq!(find("ärger", "Das ist ÄRGER.").as_deref(), Some("ÄRGER"));
        assert_eq!(find("c++", "i like c++").as_deref(), Some("c++"));
    }

    #[test]
    fn what_is_allowed_is_no_match_but_the_same_word_elsewhere_is() {
        let filter = Filter { allowed: vec!["catalog".into()], ..Filter::default() };
        let text = |text| Text::new(text).find(["cat*"], &filter).map(|found| found.content);
        assert_eq!(text("a catalog"), None);
        assert_eq!(text("a catalog of cats").as_deref(), Some("cat"));
        let patterns = vec!["[ck]at[a-z]*".to_owned().into()];
        let filter = Filter { patterns, ..filter };
        let text = |text| Text::new(text).find([], &filter).map(|found| found.content);
        assert_eq!(text("a Catalog"), None);
        assert_eq!(text("a catalog of KATS").as_deref(), Some("KATS"));
    }

    #[test]
    fn a_pattern_that_would_take_too_much_is_none() {
        let pattern = |text: &str| crate::Pattern::from(text.to_owned());
        assert!(pattern("(b|c)at").regex().is_some());
        assert!(pattern(r"^\p{Cyrillic}+\b").regex().is_some());
        assert!(pattern("(").regex().is_none());
        assert!(pattern(r"(\w{100}){100}").regex().is_none());
        // Backtracking engines would never come to an end here.
        assert!(pattern("(a*)*b").regex().is_some_and(|regex| !regex.is_match(&"a".repeat(2000))));
    }
}
