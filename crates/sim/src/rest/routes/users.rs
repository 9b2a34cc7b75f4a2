//! Users: oneself, others, one's guilds, direct messages. See Discord docs: User.

use cogwright_sim_world::{ApiError, UserId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_my_user", me),
    ("update_my_user", edit_me),
    ("get_user", user),
    ("list_my_guilds", my_guilds),
    ("leave_guild", leave_guild),
    ("create_dm", open_dm),
];

fn me(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    read(sim, |world, _| places::me(world, actor))
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

fn leave_guild(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::LeaveGuild { actor, guild })?;
    Ok(Reply::no_content())
}

fn open_dm(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let actor = request.actor()?;
    sim.apply(places::OpenDm { actor, body: request.body }).map(Reply::ok)
}
