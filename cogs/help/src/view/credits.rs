//! The credits: who made the original, under which licence, and what it lists.

use cogwright_command::{Icon, Panel, Reply, Theme, Tone};

use crate::attribution::{
    AUTHOR, FRAMEWORK_FEATURES, OUR_FEATURES, REPOSITORY, SYSTEM_FEATURES, USER_COMMANDS,
};

pub(crate) fn credits(theme: &Theme, picture: Option<&str>) -> Reply {
    let text = "Cogwright is an independent implementation of what the Discord Bot Framework describes. The original \
                and its lists stand here beside our own.";
    Panel::new(theme, Tone::Credits, theme.with(Icon::Credits, "Credits & System Info"))
        .text(text)
        .section("Created By", created_by())
        .list("System Features", bullets(&SYSTEM_FEATURES))
        .list("Framework Features", bullets(&FRAMEWORK_FEATURES))
        .list("User Commands", bullets(&USER_COMMANDS))
        .list("Cogwright", bullets(&OUR_FEATURES))
        .section("License", license())
        .thumbnail(picture)
        .footer(&format!("Made with {} by {AUTHOR}: the original", theme.icon(Icon::Love)))
        .reply()
}

pub(super) fn created_by() -> String {
    format!(
        "**{AUTHOR}**: the original, {REPOSITORY}\n**The Cogwright developers**: this implementation, which shares \
         no code with it"
    )
}

pub(super) fn license() -> String {
    "The original: MIT License with Additional Terms, free to modify.\nCogwright: MIT or Apache-2.0."
        .to_owned()
}

pub(super) fn bullets(lines: &[&str]) -> impl Iterator<Item = String> {
    lines.iter().map(|line| format!("• {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credits_have_every_line_of_the_original() {
        let reply = credits(&Theme::default(), Some("https://cdn.discordapp.com/avatars/9/a.png?size=256"));
        let text = format!("{:?}", reply.embeds());
        for line in
            SYSTEM_FEATURES.iter().chain(&FRAMEWORK_FEATURES).chain(&USER_COMMANDS).chain(&OUR_FEATURES)
        {
            assert!(text.contains(&format!("• {line}")), "{line}");
        }
        insta::assert_json_snapshot!(reply);
    }
}
