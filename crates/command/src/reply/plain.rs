//! Untrusted text inside a reply: it must neither format nor ping.

/// `text` with everything escaped that Discord would format, link or ping: names, form fields, arguments that are
/// quoted back. See Discord docs: Reference / Message Formatting.
///
/// Mentions lose their effect by an escaped `<`; `@everyone` and `@here` by a zero-width space after the `@`. (Replies
/// also say in `allowed_mentions` that nobody is to be pinged; this keeps the text from looking like a ping.) Marks that
/// turn the direction of what follows are left out: they would turn our own text.
pub fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut line_start = true;
    for c in text.chars().filter(|c| !turns_text(*c) && (matches!(c, '\n' | '\t') || !c.is_control())) {
        let marks_line = line_start && matches!(c, '#' | '-' | '+');
        if marks_line
            || matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '(' | ')' | ':')
        {
            safe.push('\\');
        }
        safe.push(c);
        if c == '@' {
            safe.push('\u{200b}');
        }
        line_start = c == '\n' || (line_start && c == ' ');
    }
    safe
}

/// `text` as a title, a heading or a footer shows it, which know no formatting: in one line, without control characters
/// and without what turns the direction of text, so that nothing beside it is moved. Emoji stay whole.
pub fn one_line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => clean.push(' '),
            '\u{61c}' | '\u{200e}' | '\u{200f}' => {}
            c if c.is_control() || turns_text(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

/// Overrides, embeddings and isolates of the direction of text.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{one_line, plain};

    #[test]
    fn titles_are_one_line_that_nothing_turns() {
        assert_eq!(one_line("a\u{202e}b\u{2067}c\u{200f}\u{7}\nd\u{2028}e"), "abc d e");
        assert_eq!(one_line("⚙️ 👩‍🚀 Zoë"), "⚙️ 👩‍🚀 Zoë", "joiners and selectors belong to emoji");
        assert_eq!(plain("a\u{7}b\u{0}\nc"), "ab\nc");
    }

    #[test]
    fn nothing_is_left_to_format_or_ping() {
        assert_eq!(plain("Robin"), "Robin");
        assert_eq!(plain("**b** _i_ `c` ||s||"), r"\*\*b\*\* \_i\_ \`c\` \|\|s\|\|");
        assert_eq!(plain("<@1> @everyone"), "\\<@\u{200b}1\\> @\u{200b}everyone");
        assert_eq!(plain("a\u{202e}b\u{2066}"), "ab");
        assert_eq!(plain("# big\n- list #ok"), "\\# big\n\\- list #ok");
        assert_eq!(plain("https://a.example"), r"https\://a.example");
    }
}
