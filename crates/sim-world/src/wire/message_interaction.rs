//! What a message says about the interaction it answers.
//! See Discord docs: Message / Message Interaction Metadata Object.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{InteractionMeta, World};

/// `interaction_metadata`; keys of other interaction types are left out.
pub(super) fn metadata(world: &World, meta: &InteractionMeta) -> Value {
    let mut value = json!({
        "id": meta.id,
        "type": meta.kind,
        "user": user_by_id(world, meta.user),
        "authorizing_integration_owners": meta.owners,
    });
    if let Some(name) = &meta.name {
        value["name"] = json!(name);
    }
    if let Some(id) = meta.original_response {
        value["original_response_message_id"] = json!(id);
    }
    if let Some(id) = meta.interacted_message {
        value["interacted_message_id"] = json!(id);
    }
    if let Some(id) = meta.target_user {
        value["target_user"] = user_by_id(world, id);
    }
    if let Some(id) = meta.target_message {
        value["target_message_id"] = json!(id);
    }
    if let Some(triggering) = &meta.triggering {
        value["triggering_interaction_metadata"] = metadata(world, triggering);
    }
    value
}

/// The deprecated `interaction` of answers to commands.
pub(super) fn deprecated(world: &World, meta: &InteractionMeta) -> Option<Value> {
    let name = meta.name.as_ref().filter(|_| meta.kind == 2)?;
    Some(json!({ "id": meta.id, "type": meta.kind, "name": name, "user": user_by_id(world, meta.user) }))
}
