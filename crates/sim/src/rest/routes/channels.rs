//! Channels as such; what is in them has files of its own. See Discord docs: Channel.

use cogwright_sim_world::{ApiError, GuildId, places, webhooks};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_channel", channel),
    ("update_channel", edit),
    ("delete_channel", delete),
    ("list_guild_channels", of_guild),
    ("create_guild_channel", create),
    ("bulk_update_guild_channels", reorder),
    ("follow_channel", follow),
];

fn channel(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, id) = (request.actor()?, request.id("channel_id")?);
    read(sim, |world, now| places::channel(world, actor, id, now))
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(places::PatchChannel { actor, channel, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(places::DeleteChannel { actor, channel }).map(Reply::ok)
}

fn of_guild(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_channels(world, actor, guild, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::CreateChannel { actor, guild, body: request.body }).map(Reply::created)
}

fn follow(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(webhooks::FollowChannel { actor, channel, body: request.body }).map(Reply::ok)
}

fn reorder(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::MoveChannels { actor, guild, body: request.body })?;
    Ok(Reply::no_content())
}
