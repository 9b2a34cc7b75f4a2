//! Role objects. See Discord docs: Permissions / Role Object.

use serde_json::{Value, json};

use crate::Role;

/// A role.
pub fn role(role: &Role) -> Value {
    let mut value = json!({
        "id": role.id,
        "name": role.name,
        "description": null,
        "permissions": role.permissions.to_string(),
        "position": role.position,
        "color": role.color,
        "colors": { "primary_color": role.color, "secondary_color": null, "tertiary_color": null },
        "hoist": role.hoist,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    });
    if let Some(application) = role.bot {
        value["tags"] = json!({ "bot_id": application });
    }
    value
}
