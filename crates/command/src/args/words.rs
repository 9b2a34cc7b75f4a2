//! Cuts a line of chat into words and quoted phrases.

/// Opening quotes that are understood and what closes them. Phones turn `"` into the curly ones.
const QUOTES: [(char, char); 3] = [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{201e}', '\u{201c}')];

/// What is still to be read of a line.
#[derive(Clone, Debug)]
pub(crate) struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    pub(crate) fn new(line: &'a str) -> Self {
        Self { rest: line.trim() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Everything that is left, as it stands.
    pub(crate) fn remainder(&mut self) -> &'a str {
        std::mem::take(&mut self.rest)
    }

    /// The next word or phrase. A quote that is never closed is an ordinary character: `5" disk`.
    pub(crate) fn word(&mut self) -> Option<String> {
        let first = self.rest.chars().next()?;
        let phrase = QUOTES.iter().find(|(open, _)| *open == first);
        if let Some((text, after)) =
            phrase.and_then(|(open, close)| quoted(&self.rest[open.len_utf8()..], *close))
        {
            self.rest = after.trim_start();
            return Some(text);
        }
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        self.rest = after.trim_start();
        Some(word.to_owned())
    }

    /// If `find` knows the next word, in lower case and not quoted: what it answers, with the line moved on past it.
    pub(crate) fn bare<T>(&mut self, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        let found = find(&word.to_lowercase())?;
        self.rest = after.trim_start();
        Some(found)
    }

    /// If the line goes on with `name:value`, and `find` knows the lower-case name: what it
    /// answers, with the line moved on to the value. A colon with a blank after it is ordinary text.
    pub(crate) fn named<T>(&mut self, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let colon = self.rest.find([':', ' ', '\n']).filter(|at| self.rest[*at..].starts_with(':'))?;
        let value = &self.rest[colon + 1..];
        if value.chars().next().is_none_or(char::is_whitespace) {
            return None;
        }
        let found = find(&self.rest[..colon].to_lowercase())?;
        self.rest = value;
        Some(found)
    }
}

/// Splits what follows an opening quote at its closing one, which a blank or the end must follow.
/// A backslash takes the next character as it is.
fn quoted(line: &str, close: char) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, next)) if next == close || next == '\\' => text.push(next),
                Some((_, next)) => text.extend(['\\', next]),
                None => text.push('\\'),
            },
            c if c == close => {
                let after = &line[at + c.len_utf8()..];
                let ends = after.chars().next().is_none_or(char::is_whitespace);
                return ends.then_some((text, after));
            }
            c => text.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(line: &str) -> Vec<String> {
        let mut words = Words::new(line);
        std::iter::from_fn(|| words.word()).collect()
    }

    #[test]
    fn words_and_phrases() {
        assert_eq!(all("  a  b\tc\n"), ["a", "b", "c"]);
        assert_eq!(all(r#"one "two three" four"#), ["one", "two three", "four"]);
        assert_eq!(all("\u{201c}on a phone\u{201d} x"), ["on a phone", "x"]);
        assert_eq!(all(r#""say \"hi\"" "" \n"#), [r#"say "hi""#, "", r"\n"]);
        assert!(all(" \u{3000} ").is_empty());
    }

    #[test]
    fn lonely_quotes_are_text() {
        assert_eq!(all(r#"a 5" disk"#), ["a", "5\"", "disk"]);
        assert_eq!(all(r#""never closed"#), ["\"never", "closed"]);
        assert_eq!(all(r#""glued"on"#), ["\"glued\"on"]);
    }

    #[test]
    fn named_values() {
        let find = |name: &str| ["times", "style"].iter().position(|known| *known == name);
        let mut words = Words::new(r#"Style:"very loud" times: 3"#);
        assert_eq!(words.named(find), Some(1));
        assert_eq!(words.word().as_deref(), Some("very loud"));
        assert_eq!(words.named(find), None, "a blank after the colon is text");
        assert_eq!(words.remainder(), "times: 3");
        assert_eq!(Words::new("https://x").named(find), None);
    }
}
