//! Integrations: of the kinds that Discord has, applications alone. See Discord docs: Guild / Integration Object.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{Application, GuildId, World};

/// An application in a guild. Its integration has the application's id.
pub fn integration(world: &World, guild: GuildId, application: &Application) -> Value {
    let id = application.id;
    let scopes: &[&str] = if world.member(guild, id.into()).is_ok() {
        &["applications.commands", "bot"]
    } else {
        &["applications.commands"]
    };
    json!({
        "id": id,
        "name": application.name,
        "type": "discord",
        "enabled": true,
        "account": { "id": id, "name": application.name },
        "application": {
            "id": id,
            "name": application.name,
            "icon": application.icon,
            "description": application.description,
            // Empty since years, but libraries of that time read it.
            "summary": "",
            "type": null,
            "bot": user_by_id(world, id.into()),
        },
        "scopes": scopes,
    })
}
