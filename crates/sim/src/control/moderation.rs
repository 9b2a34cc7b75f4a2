//! `/view/{user}/guilds/{guild}`: what a moderator reads of a guild, by the same rules as a bot.

use cogwright_sim_world::{
    Actor, GuildId, Timestamp, UserId, World,
    invites::guild_invites,
    places::moderation::{AuditPage, BansPage, audit_log, bans},
    webhooks::guild_webhooks,
};
use serde_json::Value;

use super::{
    endpoint::{Answer, Call, Endpoint},
    error::ControlError,
};

pub(crate) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get(
            "/view/{user}/guilds/{guild}/bans",
            "Bans by user id, for who may ban: ?limit=1000&before=ID&after=ID",
            |call| {
                let page = BansPage {
                    limit: call.query("limit")?,
                    before: call.query("before")?,
                    after: call.query("after")?,
                };
                read(&call, |world, actor, guild, now| Ok(bans(world, actor, guild, &page, now)?))
            },
        ),
        Endpoint::get(
            "/view/{user}/guilds/{guild}/invites",
            "Invites, for holders of MANAGE_GUILD or VIEW_AUDIT_LOG",
            |call| read(&call, |world, actor, guild, now| Ok(guild_invites(world, actor, guild, now)?)),
        ),
        Endpoint::get(
            "/view/{user}/guilds/{guild}/webhooks",
            "Webhooks with their addresses, for holders of MANAGE_WEBHOOKS",
            |call| read(&call, |world, actor, guild, now| Ok(guild_webhooks(world, actor, guild, now)?)),
        ),
        Endpoint::get(
            "/view/{user}/guilds/{guild}/audit_log",
            "Audit log, newest first unless `after` is given, for who may read it: \
             ?limit=50&before=ID&after=ID&user_id=ID&target_id=ID&action_type=N",
            |call| {
                let id = |name| call.query::<UserId>(name).map(|id| id.map(UserId::get));
                let page = AuditPage {
                    limit: call.query("limit")?,
                    before: id("before")?,
                    after: id("after")?,
                    user: call.query("user_id")?,
                    target: id("target_id")?,
                    action: call.query("action_type")?,
                };
                read(&call, |world, actor, guild, now| Ok(audit_log(world, actor, guild, &page, now)?))
            },
        ),
    ]
}

/// Reads as the person of the path in the guild of the path.
fn read(
    call: &Call<Value>,
    read: impl FnOnce(&World, Actor, GuildId, Timestamp) -> Answer,
) -> Result<Value, ControlError> {
    let (user, guild) = (call.id("user")?, call.id("guild")?);
    call.sim.read(|world, now| {
        world.user(user)?;
        read(world, Actor::person(user), guild, now)
    })
}
