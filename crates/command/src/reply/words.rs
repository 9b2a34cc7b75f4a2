//! Embeds in words, for channels where the bot may not embed: what they say stays, their looks go.

use std::fmt::Write as _;

use twilight_model::channel::message::Embed;

use super::{Reply, plain};

/// Longest text of a message, in characters. See Discord docs: Create Message.
const MAX: usize = 2_000;
/// Room for the end of a text that is cut.
const END: usize = 12;

impl Reply {
    /// The same with the text of its embeds in the place of them. What does not fit is cut between two lines.
    pub(crate) fn in_words(mut self) -> Self {
        let mut text = self.content.clone();
        for embed in &self.embeds {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&words(embed));
        }
        // An empty message would be refused as well; there the refusal of the embed says more.
        if !text.trim().is_empty() || !self.components.is_empty() || !self.files.is_empty() {
            self.content = cut(text.trim_end());
            self.embeds.clear();
        }
        self
    }
}

fn words(embed: &Embed) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    // In an embed these two format nothing, so names come here as people chose them.
    if let Some(author) = &embed.author {
        let _ = writeln!(text, "{}", plain(&author.name));
    }
    if let Some(title) = &embed.title {
        let _ = writeln!(text, "**{title}**");
    }
    if let Some(description) = &embed.description {
        let _ = writeln!(text, "{description}");
    }
    for field in &embed.fields {
        // A short value in a box stands in its line.
        let value = field.value.trim();
        let inner = value.strip_prefix("```").and_then(|value| value.strip_suffix("```")).map(str::trim);
        match inner.unwrap_or(value) {
            line if !line.contains('\n') => {
                let _ = writeln!(text, "**{}**: {line}", field.name);
            }
            _ => {
                let _ = writeln!(text, "**{}**\n{value}", field.name);
            }
        }
    }
    if let Some(image) = &embed.image {
        let _ = writeln!(text, "{}", image.url);
    }
    if let Some(footer) = &embed.footer {
        let _ = writeln!(text, "-# {}", plain(&footer.text));
    }
    text
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut count = 0;
    for line in text.lines() {
        let length = line.chars().count() + 1;
        if count + length > MAX - END {
            break;
        }
        count += length;
        kept.push_str(line);
        kept.push('\n');
    }
    // A single line may be too long by itself.
    if kept.is_empty() {
        kept = text.chars().take(MAX - END).collect();
    }
    // A box that is cut stays a box.
    if kept.matches("```").count() % 2 == 1 {
        kept.push_str("```\n");
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use twilight_model::channel::message::embed::EmbedAuthor;

    use super::*;
    use crate::reply::{Panel, ui};
    use crate::theme::{Theme, Tone};

    #[test]
    fn everything_that_an_embed_says_is_said() {
        let reply = Panel::new(&Theme::default(), Tone::Info, "Title")
            .text("Text")
            .boxed("Short", 5)
            .section("Long", "```\na\nb\n```")
            .fact("Fact", "yes")
            .footer("Small")
            .reply()
            .component(ui::row([ui::button("b", "B").into()]))
            .in_words();
        assert_eq!(
            reply.content(),
            "**Title**\nText\n**Short**: 5\n**Long**\n```\na\nb\n```\n**Fact**: yes\n-# Small"
        );
        assert!(reply.embeds().is_empty() && reply.components().len() == 1);
        let both = Reply::text("before").embed(Panel::new(&Theme::default(), Tone::Info, "T").build());
        assert_eq!(both.in_words().content(), "before\n\n**T**");
    }

    #[test]
    fn names_that_an_embed_does_not_format_are_not_formatted_in_words() {
        let name = "[nitro](https://evil.tld) <@&5> @everyone";
        let mut embed = Panel::new(&Theme::default(), Tone::Info, "T").footer(&format!("By {name}")).build();
        embed.author =
            Some(EmbedAuthor { icon_url: None, name: name.into(), proxy_icon_url: None, url: None });
        let safe = "\\[nitro\\]\\(https\\://evil.tld\\) \\<@\u{200b}&5\\> @\u{200b}everyone";
        let words = Reply::new().embed(embed).in_words();
        assert_eq!(words.content(), format!("{safe}\n**T**\n-# By {safe}"));
    }

    #[test]
    fn what_is_long_is_cut_between_lines_and_boxes_are_closed() {
        let many = Panel::new(&Theme::default(), Tone::Info, "T").text("ü".repeat(99).repeat(30)).reply();
        let text = many.in_words().content().to_owned();
        assert!(text.chars().count() <= MAX && text.ends_with('…'), "{}", text.chars().count());
        let boxed = format!("```\n{}\n```", "line\n".repeat(600));
        let text = Panel::new(&Theme::default(), Tone::Info, "T").text(boxed).reply().in_words();
        let text = text.content();
        assert!(text.chars().count() <= MAX && text.matches("```").count() == 2, "{text}");
    }
}
