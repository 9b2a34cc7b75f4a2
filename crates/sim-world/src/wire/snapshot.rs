//! What a forward shows of the message that it forwards. See Discord docs: Message / Message Snapshot Object.

use serde_json::{Value, json};

use super::{attachment, id, object, sticker_item, user_by_id};
use crate::{Message, Snapshot, Timestamp, World};

/// `message_snapshots`: of a forward a list of one.
pub(super) fn snapshots(world: &World, message: &Message) -> Option<Value> {
    message.snapshot.as_ref().map(|taken| json!([{ "message": snapshot(world, message, taken) }]))
}

fn snapshot(world: &World, forward: &Message, taken: &Snapshot) -> Value {
    let hidden = |a: &&crate::Attachment| !super::shows_attachment(&taken.embeds, &taken.components, a);
    let attachments = taken.attachments.iter().filter(hidden);
    let mut value = object(
        1,
        [
            ("type", taken.kind.into()),
            ("content", taken.content.as_str().into()),
            ("mentions", taken.mentions.iter().map(|user| user_by_id(world, *user)).collect()),
            ("mention_roles", taken.mention_roles.iter().copied().map(id).collect()),
            ("attachments", attachments.map(|a| attachment(world, forward.channel, a, false)).collect()),
            ("embeds", taken.embeds.as_slice().into()),
            ("timestamp", taken.sent.iso().into()),
            ("edited_timestamp", taken.edited.map(Timestamp::iso).into()),
            ("flags", taken.flags.into()),
            ("components", taken.components.as_slice().into()),
        ],
    );
    if !taken.stickers.is_empty() {
        value["sticker_items"] = taken.stickers.iter().map(sticker_item).collect();
    }
    value
}
