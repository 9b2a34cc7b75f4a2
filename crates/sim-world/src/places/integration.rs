//! Applications as integrations of a guild: who is told when one comes, changes or goes. See Discord docs: Gateway
//! Events / Integrations.

use serde_json::json;

use crate::{ApplicationId, Audience, EventKind, GuildId, Tx, wire};

/// INTEGRATION_CREATE or INTEGRATION_UPDATE, with the integration as it is now.
pub(super) fn announce(tx: &mut Tx<'_>, kind: EventKind, guild: GuildId, id: ApplicationId) {
    let Ok(application) = tx.world.application(id) else { return };
    let mut data = wire::integration(tx.world, guild, application);
    data["guild_id"] = json!(guild);
    tx.emit(kind, Audience::Guild(guild), data);
}

/// A member has joined: if it is an application's bot, its integration is there. `had_commands`: it was before.
pub(super) fn bot_joined(tx: &mut Tx<'_>, guild: GuildId, id: ApplicationId, had_commands: bool) {
    let kind = if had_commands { EventKind::IntegrationUpdate } else { EventKind::IntegrationCreate };
    announce(tx, kind, guild, id);
}

/// An application is gone from a guild, with what was set for its commands there.
pub(super) fn removed(tx: &mut Tx<'_>, guild: GuildId, id: ApplicationId) {
    if tx.world.application(id).is_err() {
        return;
    }
    tx.world.command_permissions.retain(|p| !(p.guild == guild && p.application == id));
    let data = json!({ "id": id, "guild_id": guild, "application_id": id });
    tx.emit(EventKind::IntegrationDelete, Audience::Guild(guild), data);
}
