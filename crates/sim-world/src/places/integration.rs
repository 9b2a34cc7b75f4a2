//! Applications as integrations of a guild: the list of them, and who is told when one comes, changes or goes. See
//! Discord docs: Guild / Get Guild Integrations, Gateway Events / Integrations.

use serde_json::{Value, json};

use crate::{
    Actor, ApiError, ApplicationId, Audience, EventKind, GuildId, Timestamp, Tx, World,
    permissions::MANAGE_GUILD, wire,
};

/// Integrations that are listed at the most, as on Discord. See Discord docs: Guild / Get Guild Integrations.
const MAX_LISTED: usize = 50;

/// GET /guilds/{guild}/integrations, with MANAGE_GUILD: the applications in it, 50 at the most.
///
/// # Errors
/// 10004, 50001, 50013.
pub fn guild_integrations(
    world: &World,
    actor: Actor,
    id: GuildId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, MANAGE_GUILD, now)?;
    let is_there = |app: ApplicationId| {
        guild.members.contains_key(&app.into()) || world.guild_installs.contains(&(id, app))
    };
    let there = world.applications().filter(|a| is_there(a.id)).take(MAX_LISTED);
    Ok(there.map(|a| wire::integration(world, id, a)).collect())
}

/// GUILD_INTEGRATIONS_UPDATE: something about them is different, without saying what.
fn updated(tx: &mut Tx<'_>, guild: GuildId) {
    tx.emit(EventKind::GuildIntegrationsUpdate, Audience::Guild(guild), json!({ "guild_id": guild }));
}

/// INTEGRATION_CREATE or INTEGRATION_UPDATE, with the integration as it is now, after GUILD_INTEGRATIONS_UPDATE.
pub(super) fn announce(tx: &mut Tx<'_>, kind: EventKind, guild: GuildId, id: ApplicationId) {
    let Ok(application) = tx.world.application(id) else { return };
    let mut data = wire::integration(tx.world, guild, application);
    data["guild_id"] = json!(guild);
    updated(tx, guild);
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
    updated(tx, guild);
    let data = json!({ "id": id, "guild_id": guild, "application_id": id });
    tx.emit(EventKind::IntegrationDelete, Audience::Guild(guild), data);
}
