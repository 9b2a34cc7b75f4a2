//! Short ways to make the components that commands use most.
//!
//! Custom ids are local to their view: any name will do, up to 60 characters, unique in a message.

use twilight_model::channel::message::component::{
    ActionRow, Button, ButtonStyle, SelectMenu, SelectMenuOption, SelectMenuType, Separator, TextDisplay,
    TextInput, TextInputStyle,
};
use twilight_model::channel::message::{Component, EmojiReactionType};
use twilight_model::id::Id;

/// A grey button.
pub fn button(id: impl Into<String>, label: impl Into<String>) -> Button {
    styled(id, label, ButtonStyle::Secondary)
}

/// The button for what one most likely wants.
pub fn primary(id: impl Into<String>, label: impl Into<String>) -> Button {
    styled(id, label, ButtonStyle::Primary)
}

/// The button that agrees.
pub fn success(id: impl Into<String>, label: impl Into<String>) -> Button {
    styled(id, label, ButtonStyle::Success)
}

/// The button for what cannot be taken back.
pub fn danger(id: impl Into<String>, label: impl Into<String>) -> Button {
    styled(id, label, ButtonStyle::Danger)
}

/// A button that opens an address.
pub fn link(url: impl Into<String>, label: impl Into<String>) -> Button {
    Button { custom_id: None, url: Some(url.into()), ..styled("", label, ButtonStyle::Link) }
}

/// The same button with an emoji before its label, as text has it: a Unicode one, or `<:name:id>`.
pub fn with_emoji(mut button: Button, emoji: impl Into<String>) -> Button {
    button.emoji = Some(self::emoji(emoji));
    button
}

/// An emoji as components take it, from how text has it: a Unicode one, or `<:name:id>`.
pub fn emoji(text: impl Into<String>) -> EmojiReactionType {
    let text = text.into();
    let custom = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).and_then(|inner| {
        let mut parts = inner.split(':');
        let (kind, name, id) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
        let id = Id::new_checked(id)?;
        Some(EmojiReactionType::Custom { animated: kind == "a", id, name: Some(name.to_owned()) })
    });
    custom.unwrap_or(EmojiReactionType::Unicode { name: text })
}

/// The same button, usable or not.
pub fn enabled(mut button: Button, enabled: bool) -> Button {
    button.disabled = !enabled;
    button
}

fn styled(id: impl Into<String>, label: impl Into<String>, style: ButtonStyle) -> Button {
    Button {
        custom_id: Some(id.into()),
        disabled: false,
        emoji: None,
        id: None,
        label: Some(label.into()),
        sku_id: None,
        style,
        url: None,
    }
}

/// A row: up to five buttons, or one select.
pub fn row(components: impl IntoIterator<Item = Component>) -> Component {
    ActionRow { components: components.into_iter().collect(), id: None }.into()
}

/// A select of texts, each with a label and a value; at most 25.
pub fn select<L: Into<String>, V: Into<String>>(
    id: impl Into<String>,
    options: impl IntoIterator<Item = (L, V)>,
) -> SelectMenu {
    let options = options.into_iter().map(|(label, value)| choice(label, value)).collect();
    SelectMenu { options: Some(options), ..menu(id, SelectMenuType::Text) }
}

/// A select of people, roles, mentionables or channels, which Discord fills.
pub fn menu(id: impl Into<String>, kind: SelectMenuType) -> SelectMenu {
    SelectMenu {
        channel_types: None,
        custom_id: id.into(),
        default_values: None,
        disabled: false,
        id: None,
        kind,
        max_values: None,
        min_values: None,
        options: None,
        placeholder: None,
        required: None,
    }
}

/// The same select with a text that shows while nothing is chosen.
pub fn placeholder(mut select: SelectMenu, text: impl Into<String>) -> SelectMenu {
    select.placeholder = Some(text.into());
    select
}

/// One entry of a select.
pub fn choice(label: impl Into<String>, value: impl Into<String>) -> SelectMenuOption {
    SelectMenuOption {
        default: false,
        description: None,
        emoji: None,
        label: label.into(),
        value: value.into(),
    }
}

/// Text among V2 components or in a modal.
pub fn text(content: impl Into<String>) -> TextDisplay {
    TextDisplay { content: content.into(), id: None }
}

/// A line between V2 components.
pub fn separator() -> Separator {
    Separator { divider: Some(true), id: None, spacing: None }
}

/// A field of one line in a modal; required unless it is changed.
pub fn short_input(id: impl Into<String>) -> TextInput {
    input(id, TextInputStyle::Short)
}

/// A field of several lines in a modal; required unless it is changed.
pub fn long_input(id: impl Into<String>) -> TextInput {
    input(id, TextInputStyle::Paragraph)
}

fn input(id: impl Into<String>, style: TextInputStyle) -> TextInput {
    #[expect(deprecated, reason = "the field exists, and a Label carries the text instead")]
    TextInput {
        custom_id: id.into(),
        id: None,
        label: None,
        max_length: None,
        min_length: None,
        placeholder: None,
        required: Some(true),
        style,
        value: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_those_of_text() {
        assert_eq!(emoji("🏠"), EmojiReactionType::Unicode { name: "🏠".into() });
        let custom = EmojiReactionType::Custom { animated: true, id: Id::new(12), name: Some("ok".into()) };
        assert_eq!(emoji("<a:ok:12>"), custom);
        assert_eq!(emoji("<:ok:0>"), EmojiReactionType::Unicode { name: "<:ok:0>".into() });
    }
}
