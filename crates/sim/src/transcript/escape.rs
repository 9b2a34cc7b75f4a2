//! Making what people wrote harmless: for a terminal and for an HTML document.

use std::fmt::Write as _;

/// Text without control characters and without those that turn the direction of writing: both could make a
/// report show what was never said. Line feeds stay.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push(c),
            '\t' => out.push(' '),
            '\r' => {}
            c if c.is_control() || turns_direction(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// [`plain`], on one line.
pub(super) fn line(text: &str) -> String {
    plain(text).replace('\n', " ")
}

/// [`plain`], safe as the text of an element and as a quoted attribute.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The beginning of a text on one line.
pub(super) fn excerpt(text: &str, chars: usize) -> String {
    let one = line(text);
    if one.chars().count() <= chars { one } else { one.chars().take(chars).chain(['…']).collect() }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_written_becomes_markup_or_a_terminal_command() {
        assert_eq!(html(r#"<b a='x'>"&"#), "&lt;b a=&#39;x&#39;&gt;&quot;&amp;");
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\r\n"), "a\\u{1b}[2Jb\\u{202e}c\n");
        assert_eq!(line("a\nb"), "a b");
        assert_eq!(excerpt("abcdef", 3), "abc…");
        assert_eq!(excerpt("abc", 3), "abc");
    }
}
