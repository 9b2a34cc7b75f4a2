//! Users: oneself, others, one's guilds, direct messages. See Discord docs: User.

use cogwright_sim_world::{Actor, ApiError, UserId, oauth2, places};
use serde_json::Value;

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_my_user", me),
    ("update_my_user", edit_me),
    ("get_user", user),
    ("list_my_guilds", my_guilds),
    ("get_my_guild_member", my_member),
    ("list_my_connections", connections),
    ("leave_guild", leave_guild),
    ("create_dm", open_dm),
];

fn me(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    read(sim, |world, _| match request.token() {
        Some(token) => oauth2::me(world, token),
        None => places::me(world, actor),
    })
}

fn edit_me(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    sim.apply(places::PatchMe { actor, body: request.body }).map(Reply::ok)
}

fn user(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let id: UserId = request.id("user_id")?;
    read(sim, |world, _| places::user(world, id))
}

fn my_guilds(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    let query = &request.query;
    let (before, after, limit) = (query.id("before")?, query.id("after")?, query.count("limit")?);
    let with_counts = query.flag("with_counts")?;
    read(sim, |world, now| places::my_guilds(world, actor, before, after, limit, with_counts, now))
}

/// Oneself in a guild; 10004 also where one is not.
fn my_member(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (user, guild) = (request.persons_token()?.user, request.id("guild_id")?);
    read(sim, |world, now| {
        world.member(guild, user).map_err(|_| ApiError::unknown_guild())?;
        places::guild_member(world, Actor::person(user), guild, user, now)
    })
}

/// Nobody here has an account anywhere else.
fn connections(_: Request, _: &Sim) -> Result<Reply, ApiError> {
    Ok(Reply::ok(Value::Array(Vec::new())))
}

fn leave_guild(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::LeaveGuild { actor, guild })?;
    Ok(Reply::no_content())
}

fn open_dm(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    sim.apply(places::OpenDm { actor, body: request.body }).map(Reply::ok)
}
