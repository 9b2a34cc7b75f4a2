//! Reading invites. See Discord docs: Invite / Get Invite.

use serde_json::{Value, json};

use super::find;
use crate::{
    Actor, ApiError, ChannelId, GuildId, Invite, ScheduledEventId, Timestamp, World,
    permissions::{MANAGE_CHANNELS, MANAGE_GUILD, VIEW_AUDIT_LOG},
    scheduled_events, wire,
};

/// GET /invites/{code}, for anybody; with a scheduled event of its guild that is not over, if one is asked for.
///
/// # Errors
/// 10006.
pub fn invite(
    world: &World,
    code: &str,
    with_counts: bool,
    event: Option<ScheduledEventId>,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let found = find(world, code, now)?;
    let mut value = wire::invite(world, found, with_counts);
    if let Some(event) = event.and_then(|id| scheduled_events::for_invite(world, found.guild, id)) {
        value["guild_scheduled_event"] = event;
    }
    Ok(value)
}

fn good(world: &World, now: Timestamp) -> impl Iterator<Item = &Invite> {
    world.invites.values().filter(move |i| i.is_good(now))
}

/// GET /channels/{channel}/invites, with metadata.
///
/// # Errors
/// 10003, 50001, 50003 for a DM, 50013 (MANAGE_CHANNELS).
pub fn channel_invites(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    world.require(actor, channel, 0, now)?.guild.ok_or_else(ApiError::dm_forbidden)?;
    world.require(actor, channel, MANAGE_CHANNELS, now)?;
    let own = good(world, now).filter(|i| i.channel == channel);
    Ok(own.map(|i| wire::invite_with_metadata(world, i)).collect())
}

/// GET /guilds/{guild}/invites; with metadata for holders of MANAGE_GUILD.
///
/// # Errors
/// 10004, 50001, 50013 (neither MANAGE_GUILD nor VIEW_AUDIT_LOG).
pub fn guild_invites(world: &World, actor: Actor, guild: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    world.require_guild(actor, guild, 0, now)?;
    let held = world.guild_permissions(guild, actor.user, now);
    if held & (MANAGE_GUILD | VIEW_AUDIT_LOG) == 0 {
        return Err(ApiError::missing_permissions());
    }
    let own = good(world, now).filter(|i| i.guild == guild);
    let shown = own.map(|i| {
        if held & MANAGE_GUILD != 0 {
            wire::invite_with_metadata(world, i)
        } else {
            wire::invite(world, i, false)
        }
    });
    Ok(shown.collect())
}

/// GET /guilds/{guild}/vanity-url. Guilds of the local Discord have no such code, which is `{code: null, uses: 0}`.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD).
pub fn vanity_url(world: &World, actor: Actor, guild: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    world.require_guild(actor, guild, MANAGE_GUILD, now)?;
    Ok(json!({ "code": null, "uses": 0 }))
}
