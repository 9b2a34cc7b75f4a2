//! What can be read of places and people: each function answers the JSON of one REST route.

use serde_json::{Map, Value, json};

use crate::{
    Actor, ApiError, Channel, ChannelId, ChannelKind, GuildId, RoleId, Timestamp, UserId, World, intents,
    wire,
};

/// GET /channels/{channel}.
///
/// # Errors
/// 10003, 50001.
pub fn channel(world: &World, actor: Actor, id: ChannelId, now: Timestamp) -> Result<Value, ApiError> {
    Ok(wire::channel_for(world, world.require(actor, id, 0, now)?, actor.user))
}

/// GET /guilds/{guild}.
///
/// # Errors
/// 10004, 50001.
pub fn guild(
    world: &World,
    actor: Actor,
    id: GuildId,
    with_counts: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    Ok(wire::guild(world, world.require_guild(actor, id, 0, now)?, with_counts))
}

/// GET /guilds/{guild}/channels: those that the actor can see, without threads.
///
/// # Errors
/// 10004, 50001.
pub fn guild_channels(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    let channels = guild.channels.iter().filter_map(|c| world.channels.get(c));
    let shown = channels.filter(|c| c.thread.is_none() && world.can_view(c.id, actor.user, now));
    Ok(shown.map(|c| wire::channel(world, c)).collect())
}

/// GET /guilds/{guild}/roles.
///
/// # Errors
/// 10004, 50001.
pub fn guild_roles(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    Ok(world.require_guild(actor, id, 0, now)?.roles.values().map(wire::role).collect())
}

/// GET /guilds/{guild}/roles/{role}.
///
/// # Errors
/// 10004, 10011, 50001.
pub fn guild_role(
    world: &World,
    actor: Actor,
    id: GuildId,
    role: RoleId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    guild.roles.get(&role).map(wire::role).ok_or_else(ApiError::unknown_role)
}

/// GET /guilds/{guild}/roles/member-counts: members by role, without @everyone.
///
/// # Errors
/// 10004, 50001.
pub fn role_member_counts(
    world: &World,
    actor: Actor,
    id: GuildId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    let count = |role: &RoleId| guild.members.values().filter(|m| m.roles.contains(role)).count();
    let roles = guild.roles.keys().filter(|r| **r != guild.everyone());
    Ok(Value::Object(roles.map(|r| (r.to_string(), json!(count(r)))).collect::<Map<_, _>>()))
}

/// GET /guilds/{guild}/members: ascending by id, `limit` 1 to 1000 (1 when absent), those after `after`; ends
/// with an empty page.
///
/// # Errors
/// 10004, 50001 (not in the guild, or a bot without the privileged members intent), 50035 on `limit`.
pub fn guild_members(
    world: &World,
    actor: Actor,
    id: GuildId,
    limit: Option<u64>,
    after: Option<UserId>,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = within("limit", limit.unwrap_or(1), 1, 1000)?;
    let guild = world.require_guild(actor, id, 0, now)?;
    require_members_intent(world, actor)?;
    let after = after.map_or(0, UserId::get);
    let members = guild.members.values().filter(|m| m.user.get() > after).take(limit);
    Ok(members.map(|m| wire::member(world, guild, m)).collect())
}

/// GET /guilds/{guild}/members/search: members whose username or nickname begins with `query`, case ignored;
/// `limit` 1 to 1000 (1 when absent).
///
/// # Errors
/// 10004, 50001, 50035 on `query` and `limit`.
pub fn search_members(
    world: &World,
    actor: Actor,
    id: GuildId,
    query: Option<&str>,
    limit: Option<u64>,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = within("limit", limit.unwrap_or(1), 1, 1000)?;
    let Some(query) = query else {
        return Err(ApiError::form("query", "BASE_TYPE_REQUIRED", "This field is required"));
    };
    if !(1..=100).contains(&query.chars().count()) {
        return Err(ApiError::form("query", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."));
    }
    let guild = world.require_guild(actor, id, 0, now)?;
    let query = query.to_lowercase();
    let begins = |name: &str| name.to_lowercase().starts_with(&query);
    let matching = guild.members.values().filter(|m| {
        m.nick.as_deref().is_some_and(begins)
            || world
                .users
                .get(&m.user)
                .is_some_and(|u| begins(&u.username) || u.global_name.as_deref().is_some_and(begins))
    });
    Ok(matching.take(limit).map(|m| wire::member(world, guild, m)).collect())
}

/// GET /guilds/{guild}/members/{user}.
///
/// # Errors
/// 10004, 10007, 10013, 50001.
pub fn guild_member(
    world: &World,
    actor: Actor,
    id: GuildId,
    user: UserId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    world.user(user)?;
    let member = guild.members.get(&user).ok_or_else(ApiError::unknown_member)?;
    Ok(wire::member(world, guild, member))
}

/// GET /users/{user}.
///
/// # Errors
/// 10013.
pub fn user(world: &World, id: UserId) -> Result<Value, ApiError> {
    world.user(id).map(wire::user)
}

/// GET /users/@me.
///
/// # Errors
/// 10013 if the actor's user was deleted meanwhile.
pub fn me(world: &World, actor: Actor) -> Result<Value, ApiError> {
    world.user(actor.user).map(wire::current_user)
}

/// GET /users/@me/guilds: ascending by id, `limit` 1 to 200 (200 when absent).
///
/// # Errors
/// 50035 on `limit`.
pub fn my_guilds(
    world: &World,
    actor: Actor,
    before: Option<GuildId>,
    after: Option<GuildId>,
    limit: Option<u64>,
    with_counts: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = within("limit", limit.unwrap_or(200), 1, 200)?;
    let fits = |id: GuildId| before.is_none_or(|b| id < b) && after.is_none_or(|a| id > a);
    let mut guilds: Vec<_> = world.guilds_of(actor.user).filter(|g| fits(g.id)).collect();
    // With `before` alone, the page is the one that ends just below it.
    if before.is_some() && after.is_none() && guilds.len() > limit {
        guilds.drain(..guilds.len() - limit);
    }
    let page = guilds.into_iter().take(limit);
    Ok(page.map(|g| wire::my_guild(world, g, actor.user, with_counts, now)).collect())
}

/// GET /applications/@me and /oauth2/applications/@me.
///
/// # Errors
/// 10002; 50001 for a person.
pub fn application(world: &World, actor: Actor) -> Result<Value, ApiError> {
    let id = actor.application.ok_or_else(ApiError::missing_access)?;
    world.application(id).map(|application| wire::application(world, application))
}

/// GET /channels/{thread}/thread-members; with the member objects if `with_member`.
///
/// # Errors
/// 10003, 50001, 50024 not a thread, 50035 on `limit` (1 to 100).
pub fn thread_members(
    world: &World,
    actor: Actor,
    id: ChannelId,
    with_member: bool,
    limit: Option<u64>,
    after: Option<UserId>,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let limit = within("limit", limit.unwrap_or(100), 1, 100)?;
    let thread = require_thread(world, actor, id, now)?;
    require_members_intent(world, actor)?;
    let Some(meta) = &thread.thread else { return Err(ApiError::wrong_channel_type()) };
    let after = after.map_or(0, UserId::get);
    let members = meta.members.iter().filter(|(user, _)| user.get() > after);
    let limit = if with_member { limit } else { meta.members.len() };
    Ok(members.take(limit).map(|(user, joined)| one(world, thread, *user, *joined, with_member)).collect())
}

/// GET /channels/{thread}/thread-members/{user}.
///
/// # Errors
/// 10003, 10007, 50001, 50024.
pub fn thread_member(
    world: &World,
    actor: Actor,
    id: ChannelId,
    user: UserId,
    with_member: bool,
    now: Timestamp,
) -> Result<Value, ApiError> {
    let thread = require_thread(world, actor, id, now)?;
    let joined = thread.thread.as_ref().and_then(|t| t.members.get(&user));
    let joined = joined.ok_or_else(ApiError::unknown_member)?;
    Ok(one(world, thread, user, *joined, with_member))
}

fn one(world: &World, thread: &Channel, user: UserId, joined: Timestamp, with_member: bool) -> Value {
    let mut value = wire::thread_member(thread, user, joined);
    let guild = thread.guild.and_then(|g| world.guilds.get(&g));
    if let (true, Some(guild)) = (with_member, guild)
        && let Some(member) = guild.members.get(&user)
    {
        value["member"] = wire::member(world, guild, member);
    }
    value
}

/// GET /guilds/{guild}/threads/active: newest first, `members` only the actor's own.
///
/// # Errors
/// 10004, 50001.
pub fn active_threads(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    let mut threads: Vec<&Channel> = guild
        .channels
        .iter()
        .filter_map(|c| world.channels.get(c))
        .filter(|c| c.thread.as_ref().is_some_and(|t| !t.archived))
        .filter(|c| world.can_view(c.id, actor.user, now))
        .collect();
    threads.sort_by_key(|c| std::cmp::Reverse(c.id));
    let own = |c: &&Channel| {
        let joined = *c.thread.as_ref()?.members.get(&actor.user)?;
        Some(wire::thread_member(c, actor.user, joined))
    };
    Ok(json!({
        "threads": threads.iter().map(|c| wire::channel_for(world, c, actor.user)).collect::<Vec<_>>(),
        "members": threads.iter().filter_map(own).collect::<Vec<_>>(),
        "has_more": false,
    }))
}

/// The thread, if the actor can see it.
pub(super) fn require_thread(
    world: &World,
    actor: Actor,
    id: ChannelId,
    now: Timestamp,
) -> Result<&Channel, ApiError> {
    let channel = world.require(actor, id, 0, now)?;
    if channel.kind.is_thread() && channel.kind != ChannelKind::Dm {
        Ok(channel)
    } else {
        Err(ApiError::wrong_channel_type())
    }
}

/// Member lists need the privileged intent switched on in the portal.
fn require_members_intent(world: &World, actor: Actor) -> Result<(), ApiError> {
    let Some(id) = actor.application else { return Ok(()) };
    if world.application(id)?.privileged_intents & intents::GUILD_MEMBERS != 0 {
        Ok(())
    } else {
        Err(ApiError::missing_access())
    }
}

/// A number of a query within its bounds, or 50035 at its name.
pub(super) fn within(key: &str, number: u64, min: u64, max: u64) -> Result<usize, ApiError> {
    if number < min {
        let message = format!("int value should be greater than or equal to {min}.");
        return Err(ApiError::form(key, "NUMBER_TYPE_MIN", message));
    }
    if number > max {
        let message = format!("int value should be less than or equal to {max}.");
        return Err(ApiError::form(key, "NUMBER_TYPE_MAX", message));
    }
    Ok(number as usize)
}
