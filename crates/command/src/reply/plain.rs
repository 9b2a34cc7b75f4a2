//! Untrusted text inside a reply: it must neither format nor ping.

/// `text` with everything escaped that Discord would format, link or ping: names, form fields, arguments that are
/// quoted back. See Discord docs: Reference / Message Formatting.
///
/// Mentions lose their effect by an escaped `<`; `@everyone` and `@here` by a zero-width space after the `@`. (Replies
/// also say in `allowed_mentions` that nobody is to be pinged; this keeps the text from looking like a ping.)
pub fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let mut line_start = true;
    for c in text.chars() {
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

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_is_left_to_format_or_ping() {
        assert_eq!(plain("Robin"), "Robin");
        assert_eq!(plain("**b** _i_ `c` ||s||"), r"\*\*b\*\* \_i\_ \`c\` \|\|s\|\|");
        assert_eq!(plain("<@1> @everyone"), "\\<@\u{200b}1\\> @\u{200b}everyone");
        assert_eq!(plain("# big\n- list #ok"), "\\# big\n\\- list #ok");
        assert_eq!(plain("https://a.example"), r"https\://a.example");
    }
}
