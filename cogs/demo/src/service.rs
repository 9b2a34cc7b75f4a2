//! What is said and what has happened, without a word on how it looks.

use cogwright_command::{Channel, Choice, Role, Selected, User};

/// Longest message. See Discord docs: Create Message.
const MAX_TEXT: usize = 2_000;

/// What `echo` suggests.
pub(crate) const PHRASES: [&str; 6] = [
    "Hello there",
    "Hello, world!",
    "How are you?",
    "Is this thing on?",
    "The quick brown fox jumps over the lazy dog",
    "Testing, one, two, three",
];

/// How `echo` says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Choice)]
pub(crate) enum Style {
    #[default]
    Plain,
    Loud,
    Backwards,
    #[choice(name = "In a box")]
    Box,
}

/// The text as often and in the style asked for, cut to what a message holds.
pub(crate) fn echoed(text: &str, times: u8, style: Style) -> String {
    let line = match style {
        Style::Plain => text.to_owned(),
        Style::Loud => text.to_uppercase(),
        Style::Backwards => text.chars().rev().collect(),
        // A fence inside would end the box.
        Style::Box => format!("```\n{}\n```", text.replace("```", "'''")),
    };
    let lines = vec![line; usize::from(times)].join("\n");
    lines.chars().take(MAX_TEXT).collect()
}

/// What has happened on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Board {
    pub(crate) count: u32,
    /// What was done last, in words; empty at the start.
    pub(crate) last: String,
}

/// What was chosen, in words.
pub(crate) fn chosen(select: &str, selected: &Selected) -> String {
    let users = selected.users.iter().map(User::mention);
    let roles = selected.roles.iter().map(Role::mention);
    let channels = selected.channels.iter().map(Channel::mention);
    let mut shown: Vec<String> = users.chain(roles).chain(channels).collect();
    if shown.is_empty() {
        shown = selected.values.iter().map(|value| format!("`{value}`")).collect();
    }
    let what = if shown.is_empty() { "nothing".to_owned() } else { shown.join(", ") };
    format!("You chose {what} in the {select} select.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        assert_eq!(echoed("Hi", 2, Style::Plain), "Hi\nHi");
        assert_eq!(echoed("Hi", 1, Style::Loud), "HI");
        assert_eq!(echoed("abc", 1, Style::Backwards), "cba");
        assert_eq!(echoed("a```b", 1, Style::Box), "```\na'''b\n```");
    }

    #[test]
    fn a_message_is_never_too_long() {
        // One letter may become three when it is made large.
        let text = "ΐ".repeat(300);
        assert_eq!(echoed(&text, 5, Style::Loud).chars().count(), 2_000);
    }

    #[test]
    fn choices_in_words() {
        let selected = Selected { values: vec!["a".into(), "b".into()], ..Selected::default() };
        assert_eq!(chosen("text", &selected), "You chose `a`, `b` in the text select.");
        assert_eq!(chosen("role", &Selected::default()), "You chose nothing in the role select.");
    }
}
