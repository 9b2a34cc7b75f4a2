//! The credits: who made the original, under which licence, and what it lists.

use cogwright_command::embed::{EmbedBuilder, EmbedFieldBuilder, EmbedFooterBuilder};
use cogwright_command::{Reply, Theme, Tone};

use crate::attribution::{
    AUTHOR, FRAMEWORK_FEATURES, OUR_FEATURES, REPOSITORY, SYSTEM_FEATURES, USER_COMMANDS,
};

pub(crate) fn credits(theme: &Theme) -> Reply {
    let text = "Cogwright is an independent implementation of what the Discord Bot Framework describes. The original \
                and its lists stand here beside our own.";
    let field = |name: &str, value: String| EmbedFieldBuilder::new(name, value);
    let embed = EmbedBuilder::new()
        .title("✨ Credits & System Info")
        .description(text)
        .color(theme.colour(Tone::Credits))
        .field(field("Created By", created_by()))
        .field(field("System Features", bullets(&SYSTEM_FEATURES)))
        .field(field("Framework Features", bullets(&FRAMEWORK_FEATURES)))
        .field(field("User Commands", bullets(&USER_COMMANDS)))
        .field(field("Cogwright", bullets(&OUR_FEATURES)))
        .field(field("License", license()))
        .footer(EmbedFooterBuilder::new(format!("Made with ❤️ by {AUTHOR}: the original")));
    Reply::new().embed(embed.build())
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

pub(super) fn bullets(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("• {line}")).collect::<Vec<_>>().join("\n")
}

/// The characters of an embed that count. See Discord docs: Message / Embed Limits.
#[cfg(test)]
pub(super) fn length(reply: &Reply) -> usize {
    let embed = &reply.embeds()[0];
    let text = |text: &Option<String>| text.as_deref().map_or(0, |text| text.chars().count());
    let fields = embed.fields.iter().map(|field| {
        assert!(field.value.chars().count() <= 1_024, "{}", field.name);
        field.name.chars().count() + field.value.chars().count()
    });
    let footer = embed.footer.as_ref().map_or(0, |footer| footer.text.chars().count());
    text(&embed.title) + text(&embed.description) + footer + fields.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credits() {
        let reply = credits(&Theme::default());
        assert!(length(&reply) <= 6_000);
        insta::assert_json_snapshot!(reply);
    }
}
