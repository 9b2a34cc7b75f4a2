//! Threads: opening them and their members. See Discord docs: Threads.

use cogwright_sim_world::{ApiError, ChannelId, GuildId, UserId, places};

use super::{Reply, Request, Routes, messages::place, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("create_thread", create),
    ("create_thread_from_message", create_from_message),
    ("get_active_guild_threads", active),
    ("list_thread_members", members),
    ("get_thread_member", member),
    ("join_thread", join),
    ("join_thread_by_post", join),
    ("leave_thread", leave),
    ("add_thread_member", add),
    ("delete_thread_member", remove),
];

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    let thread = places::CreateThread { actor, channel, body: request.body, files: request.files };
    sim.apply(thread).map(Reply::created)
}

fn create_from_message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(places::CreateThreadFromMessage { actor, channel, message, body: request.body })
        .map(Reply::created)
}

fn active(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::active_threads(world, actor, guild, now))
}

fn members(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, thread) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    let query = &request.query;
    let with_member = query.flag("with_member")?;
    let (limit, after) = (query.count("limit")?, query.id::<UserId>("after")?);
    read(sim, |world, now| places::thread_members(world, actor, thread, with_member, limit, after, now))
}

/// `@me` names the bot itself.
fn user(request: &Request) -> Result<UserId, ApiError> {
    if request.text("user_id") == "@me" { Ok(request.application()?.into()) } else { request.id("user_id") }
}

fn member(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, thread, user) = (request.actor()?, request.id::<ChannelId>("channel_id")?, user(&request)?);
    let with_member = request.query.flag("with_member")?;
    read(sim, |world, now| places::thread_member(world, actor, thread, user, with_member, now))
}

fn join(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(places::AddThreadMember { actor, channel, user: actor.user })?;
    Ok(Reply::no_content())
}

fn leave(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(places::RemoveThreadMember { actor, channel, user: actor.user })?;
    Ok(Reply::no_content())
}

fn add(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel, user) = (request.actor()?, request.id("channel_id")?, request.id("user_id")?);
    sim.apply(places::AddThreadMember { actor, channel, user })?;
    Ok(Reply::no_content())
}

fn remove(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel, user) = (request.actor()?, request.id("channel_id")?, request.id("user_id")?);
    sim.apply(places::RemoveThreadMember { actor, channel, user })?;
    Ok(Reply::no_content())
}
