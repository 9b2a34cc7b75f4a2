//! Files of a message that goes on in another: published to followers, or forwarded.

use serde_json::Value;

use super::attachment_url;
use crate::{Attachment, AttachmentId, ChannelId, Tx};

/// Gives a copy in channel `to` files of its own: `attachments`, which are those of a message in channel `from`, get new
/// ids and bytes that outlive it, and `shown`, the copy's embeds and components, addresses of those.
pub(super) fn copy_files(
    tx: &mut Tx<'_>,
    from: ChannelId,
    to: ChannelId,
    attachments: &mut [Attachment],
    mut shown: [&mut Vec<Value>; 2],
) {
    for attachment in attachments {
        let old = attachment.clone();
        attachment.id = AttachmentId::new(tx.mint());
        if let Some(bytes) = tx.world.blob(old.id) {
            tx.world.blobs.insert(attachment.id, bytes);
        }
        let before = attachment_url(tx.world, from, &old);
        let after = attachment_url(tx.world, to, attachment);
        for value in shown.iter_mut().flat_map(|list| list.iter_mut()) {
            replace(value, &before, &after);
        }
    }
}

/// Replaces an address wherever it stands in a value.
fn replace(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(list) => list.iter_mut().for_each(|v| replace(v, from, to)),
        Value::Object(map) => map.values_mut().for_each(|v| replace(v, from, to)),
        _ => {}
    }
}
