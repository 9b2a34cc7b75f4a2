//! An embed of facts that always fits into what Discord takes.
//!
//! See Discord docs: Message / Embed Limits. Lengths are counted in UTF-16 units, the strictest way there is.

use std::fmt::Write as _;

use cogwright_config::is_invisible;
use twilight_model::channel::message::Embed;
use twilight_model::channel::message::embed::{EmbedField, EmbedFooter, EmbedThumbnail};
use twilight_util::builder::embed::EmbedBuilder;

use super::Reply;
use super::plain::one_line;
use crate::theme::{Theme, Tone};

const MAX_TITLE: usize = 256;
const MAX_TEXT: usize = 4_096;
const MAX_NAME: usize = 256;
const MAX_VALUE: usize = 1_024;
/// Ours; Discord takes 2,048.
const MAX_FOOTER: usize = 256;
const MAX_FIELDS: usize = 25;
/// All texts of an embed together; room for the footer is kept.
const MAX_TOTAL: usize = 6_000 - MAX_FOOTER;
/// Room for "… and 100000 more".
const MORE: usize = 24;

/// An embed in the making: a title, a text, facts. What is too long is cut, with a sign that it is; a list ends between
/// two lines and says how many are left out. So it is never refused for its size. Untrusted text goes through
/// [`plain`](crate::plain) first.
#[derive(Clone, Debug)]
pub struct Panel {
    embed: Embed,
    left: usize,
}

impl Panel {
    /// In the colour of the tone. An icon is part of the title.
    pub fn new(theme: &Theme, tone: Tone, title: impl AsRef<str>) -> Self {
        let mut panel =
            Self { embed: EmbedBuilder::new().color(theme.colour(tone)).build(), left: MAX_TOTAL };
        panel.embed.title = Some(panel.take(&one_line(title.as_ref()), MAX_TITLE));
        panel
    }

    /// The text under the title.
    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        self.embed.description = Some(self.take(text.as_ref(), MAX_TEXT));
        self
    }

    /// A short fact, beside others.
    pub fn fact(self, name: &str, value: impl AsRef<str>) -> Self {
        self.field(name, value.as_ref(), true)
    }

    /// A short fact in a box, beside others. The value is ours: a fence in it would end the box.
    pub fn boxed(self, name: &str, value: impl std::fmt::Display) -> Self {
        self.field(name, &format!("```\n{value}\n```"), true)
    }

    /// A fact over the whole width.
    pub fn section(self, name: &str, value: impl AsRef<str>) -> Self {
        self.field(name, value.as_ref(), false)
    }

    /// Lines over the whole width, as many as fit; then how many more there are.
    pub fn list<L: AsRef<str>>(self, name: &str, lines: impl IntoIterator<Item = L>) -> Self {
        let room = MAX_VALUE.min(self.left.saturating_sub(units(name)));
        let value = fit_items(lines, "\n", room);
        self.field(name, &value, false)
    }

    /// Short items over the whole width, with commas between them, as many as fit; then how many more there are.
    pub fn words<I: AsRef<str>>(self, name: &str, items: impl IntoIterator<Item = I>) -> Self {
        let room = MAX_VALUE.min(self.left.saturating_sub(units(name)));
        let value = fit_items(items, ", ", room);
        self.field(name, &value, false)
    }

    /// A small picture beside the title, by its address; none where there is none.
    pub fn thumbnail(mut self, url: Option<&str>) -> Self {
        self.embed.thumbnail =
            url.map(|url| EmbedThumbnail { height: None, proxy_url: None, url: url.to_owned(), width: None });
        self
    }

    /// The small text below. It knows no formatting, so marks that hide or turn text are all that is taken out.
    pub fn footer(mut self, text: &str) -> Self {
        let seen: String = one_line(text).chars().filter(|c| !is_invisible(*c)).collect();
        let footer = EmbedFooter { icon_url: None, proxy_icon_url: None, text: fit(&seen, MAX_FOOTER) };
        self.embed.footer = Some(footer);
        self
    }

    /// The small text below with a small picture before it, by its address; none where there is none.
    pub fn signed(self, text: &str, picture: Option<&str>) -> Self {
        let mut panel = self.footer(text);
        if let Some(footer) = &mut panel.embed.footer {
            footer.icon_url = picture.map(str::to_owned);
        }
        panel
    }

    /// The embed.
    pub fn build(self) -> Embed {
        self.embed
    }

    /// A message of nothing else.
    pub fn reply(self) -> Reply {
        Reply::new().embed(self.embed)
    }

    /// A 26th fact, and one for which the total leaves no room, is left out: a panel is laid out for fewer.
    fn field(mut self, name: &str, value: &str, inline: bool) -> Self {
        // Discord takes no empty values.
        let value = if value.trim().is_empty() { "–" } else { value };
        if self.embed.fields.len() < MAX_FIELDS && self.left > units(name) + MORE {
            let name = self.take(&one_line(name), MAX_NAME);
            let value = self.take(value, MAX_VALUE);
            self.embed.fields.push(EmbedField { inline, name, value });
        }
        self
    }

    fn take(&mut self, text: &str, max: usize) -> String {
        let text = fit(text, max.min(self.left));
        self.left -= units(&text);
        text
    }
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The text, cut to `max` units.
fn fit(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    // A box that is cut stays a box.
    let end = if text.starts_with("```") { "…\n```" } else { "…" };
    let room = max.saturating_sub(units(end));
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.len_utf16();
        used <= room
    });
    let mut kept: String = kept.collect();
    // A backslash that escaped what is gone would escape what follows.
    kept.truncate(kept.trim_end_matches('\\').len());
    if room > 0 {
        kept.push_str(end);
    }
    kept
}

/// As many items as fit into `max` units, with this between them, then how many more there are.
fn fit_items<L: AsRef<str>>(items: impl IntoIterator<Item = L>, between: &str, max: usize) -> String {
    let lines: Vec<L> = items.into_iter().collect();
    let gap = units(between);
    let whole: usize = lines.iter().map(|line| units(line.as_ref()) + gap).sum();
    let room = if whole <= max + gap { max + gap } else { max.saturating_sub(MORE) };
    let mut text = String::new();
    let mut used = 0;
    for (done, line) in lines.iter().enumerate() {
        let line = fit(line.as_ref(), MAX_NAME);
        used += units(&line) + gap;
        if used > room {
            let _ = write!(text, "… and {} more", lines.len() - done);
            return text;
        }
        text.push_str(&line);
        if done + 1 < lines.len() {
            text.push_str(between);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(embed: &Embed) -> usize {
        let fields = embed.fields.iter().map(|field| units(&field.name) + units(&field.value));
        let texts = [&embed.title, &embed.description].into_iter().flatten().map(|text| units(text));
        let footer = embed.footer.iter().map(|footer| units(&footer.text));
        fields.chain(texts).chain(footer).sum()
    }

    #[test]
    fn whatever_goes_in_discord_takes_it() {
        let long = "🦀é\\".repeat(5_000);
        let mut panel = Panel::new(&Theme::default(), Tone::Info, &long).text(&long);
        for _ in 0..40 {
            panel =
                panel.fact(&long, &long).section("s", &long).list("l", vec![long.as_str(); 50]).fact("f", "");
        }
        let embed = panel.footer(&long).build();
        assert!(embed.fields.len() <= 25 && total(&embed) <= 6_000, "{}", total(&embed));
        for field in &embed.fields {
            assert!(!field.value.is_empty() && units(&field.value) <= 1_024 && units(&field.name) <= 256);
        }
        assert!(units(embed.title.as_deref().unwrap()) <= 256 && embed.footer.unwrap().text.ends_with('…'));
    }

    #[test]
    fn short_facts_are_kept_as_they_are() {
        let panel = Panel::new(&Theme::default(), Tone::Info, "Title").boxed("n", 5).list("l", ["a", "b"]);
        let embed = panel.footer("x\u{202e}y").build();
        let values: Vec<_> = embed.fields.iter().map(|field| (field.value.as_str(), field.inline)).collect();
        assert_eq!(values, [("```\n5\n```", true), ("a\nb", false)]);
        assert_eq!(embed.footer.unwrap().text, "xy");
    }

    #[test]
    fn lists_end_between_lines_and_tell_the_rest() {
        let lines: Vec<_> = (0..200).map(|n| format!("command number {n}")).collect();
        let text = fit_items(&lines, "\n", 1_024);
        let shown = text.lines().count() - 1;
        assert!(
            text.ends_with(&format!("command number {}\n… and {} more", shown - 1, 200 - shown)),
            "{text}"
        );
        assert!(units(&text) <= 1_024 && shown > 40);
        // To the last unit.
        assert_eq!(fit_items(["a".repeat(100), "b".repeat(99)], "\n", 200).lines().count(), 2);
        assert_eq!(
            fit_items(["a".repeat(100), "b".repeat(100)], "\n", 200).lines().last(),
            Some("… and 1 more")
        );
        assert_eq!(fit_items(["a", "b"], ", ", 4), "a, b");
        assert_eq!(
            fit_items(["a".repeat(100), "b".repeat(99)], ", ", 200).split(", ").last(),
            Some("… and 1 more")
        );
    }

    #[test]
    fn what_is_cut_breaks_nothing() {
        assert_eq!(fit("ab\\\\cd", 4), "ab…");
        assert_eq!(fit("```\nabcdefgh\n```", 12), "```\nabc…\n```");
    }
}
