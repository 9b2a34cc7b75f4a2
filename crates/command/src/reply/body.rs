//! The JSON of messages and modals as Discord takes it.

use serde::Serialize;
use serde_json::{Value, json};
use twilight_model::channel::message::{AllowedMentions, Component, Embed, MessageFlags};

use super::{Modal, Reply};

/// Whether a body makes a message or replaces what one says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create,
    /// What is not in the reply is taken away: text, embeds, components and files.
    Replace,
}

/// The text of a message.
#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    /// Says nothing about it.
    Keep,
    /// Takes it away: null.
    Clear(()),
    Set(&'a str),
}

impl Content<'_> {
    fn is_kept(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

/// A message body. Leaves keys out rather than sending null where Discord tells them apart.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    #[serde(skip_serializing_if = "Content::is_kept")]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embeds: Option<&'a [Embed]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<&'a [Component]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<MessageFlags>,
    allowed_mentions: &'a AllowedMentions,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<Value>>,
}

impl<'a> Body<'a> {
    pub(crate) fn new(reply: &'a Reply, purpose: Purpose) -> Self {
        let replace = purpose == Purpose::Replace;
        let content = match reply.content.as_str() {
            "" if replace => Content::Clear(()),
            "" => Content::Keep,
            text => Content::Set(text),
        };
        let mut flags = MessageFlags::empty();
        flags.set(MessageFlags::IS_COMPONENTS_V2, reply.v2);
        // A message cannot become ephemeral or public by an edit.
        flags.set(MessageFlags::EPHEMERAL, reply.ephemeral && !replace);
        let attachments: Vec<_> = reply
            .files
            .iter()
            .enumerate()
            .map(|(id, file)| {
                let mut entry = json!({"id": id, "filename": file.name});
                if let Some(description) = &file.description {
                    entry["description"] = json!(description);
                }
                entry
            })
            .collect();
        Self {
            content,
            embeds: some_unless(&reply.embeds, replace),
            components: some_unless(&reply.components, replace),
            flags: (!flags.is_empty()).then_some(flags),
            allowed_mentions: &reply.mentions,
            attachments: (replace || !attachments.is_empty()).then_some(attachments),
        }
    }
}

/// The list, or nothing when it is empty and need not be said.
fn some_unless<T>(list: &[T], say_empty: bool) -> Option<&[T]> {
    (say_empty || !list.is_empty()).then_some(list)
}

/// The data of a modal response.
pub(crate) fn modal_body(modal: &Modal) -> Value {
    json!({"custom_id": modal.id, "title": modal.title, "components": modal.components})
}

#[cfg(test)]
mod tests {
    use twilight_model::id::Id;

    use super::*;
    use crate::reply::ui;

    fn body(reply: &Reply, purpose: Purpose) -> Value {
        serde_json::to_value(Body::new(reply, purpose)).unwrap()
    }

    #[test]
    fn nobody_is_pinged_unless_asked() {
        let plain = body(&Reply::text("hi @everyone <@5>"), Purpose::Create);
        assert_eq!(plain, json!({"content": "hi @everyone <@5>", "allowed_mentions": {"parse": []}}));
        let pinging = body(&Reply::text("<@5>").ping_user(Id::new(5)), Purpose::Create);
        assert_eq!(pinging["allowed_mentions"], json!({"parse": [], "users": ["5"]}));
    }

    #[test]
    fn an_edit_takes_away_what_is_not_said() {
        let edit = body(&Reply::new().ephemeral(), Purpose::Replace);
        let expected = json!({
            "content": null, "embeds": [], "components": [], "attachments": [], "allowed_mentions": {"parse": []}
        });
        assert_eq!(edit, expected);
    }

    #[test]
    fn flags_and_files() {
        let reply = Reply::layout([ui::text("x").into()]).ephemeral().file("a.txt", "abc");
        let body = body(&reply, Purpose::Create);
        assert_eq!(body["flags"], json!((1 << 15) | (1 << 6)));
        assert_eq!(body["attachments"], json!([{"id": 0, "filename": "a.txt"}]));
        assert_eq!(body.get("content"), None);
    }
}
