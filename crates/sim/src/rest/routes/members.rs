//! Members of guilds. See Discord docs: Guild / Guild Member.

use cogwright_sim_world::{ApiError, GuildId, UserId, places};
use serde_json::json;

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_members", list),
    ("search_guild_members", search),
    ("get_guild_member", member),
    ("add_guild_member", add),
    ("update_guild_member", edit),
    ("update_my_guild_member", edit_own),
    ("update_my_nick", edit_nick),
    ("add_guild_member_role", give_role),
    ("delete_guild_member_role", take_role),
    ("delete_guild_member", kick),
];

/// Guild and user of the path.
fn place(request: &Request) -> Result<(GuildId, UserId), ApiError> {
    Ok((request.id("guild_id")?, request.id("user_id")?))
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    let (limit, after) = (request.query.count("limit")?, request.query.id::<UserId>("after")?);
    read(sim, |world, now| places::guild_members(world, actor, guild, limit, after, now))
}

fn search(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    let (query, limit) = (request.query.get("query"), request.query.count("limit")?);
    read(sim, |world, now| places::search_members(world, actor, guild, query, limit, now))
}

fn member(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    read(sim, |world, now| places::guild_member(world, actor, guild, user, now))
}

/// 201 with the member; 204 if they were one already.
fn add(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    let joined = sim.apply(places::JoinByToken { actor, guild, user, body: request.body })?;
    Ok(joined.map_or_else(Reply::no_content, Reply::created))
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    sim.apply(places::PatchMember { actor, guild, user, body: request.body }).map(Reply::ok)
}

fn edit_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::PatchMyMember { actor, guild, body: request.body }).map(Reply::ok)
}

/// The deprecated route that changes the nickname alone and answers just that.
fn edit_nick(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    let body = json!({ "nick": request.body.get("nick") });
    let member = sim.apply(places::PatchMyMember { actor, guild, body })?;
    Ok(Reply::ok(json!({ "nick": member["nick"] })))
}

fn give_role(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    set_role(&request, sim, true)
}

fn take_role(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    set_role(&request, sim, false)
}

fn set_role(request: &Request, sim: &Sim, give: bool) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(request)?);
    sim.apply(places::SetMemberRole { actor, guild, user, role: request.id("role_id")?, give })?;
    Ok(Reply::no_content())
}

fn kick(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    sim.apply(places::Kick { actor, guild, user })?;
    Ok(Reply::no_content())
}
