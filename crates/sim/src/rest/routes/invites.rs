//! Invites. See Discord docs: Invite.

use cogwright_sim_world::{ApiError, ChannelId, GuildId, invites};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("create_channel_invite", create),
    ("list_channel_invites", of_channel),
    ("list_guild_invites", of_guild),
    ("invite_resolve", resolve),
    ("invite_revoke", revoke),
    ("get_invite_target_users", target_users),
    ("update_invite_target_users", set_target_users),
    ("get_invite_target_users_job_status", target_users_job),
    ("get_guild_vanity_url", vanity_url),
];

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    let create = invites::CreateInvite { actor, channel, body: request.body, files: request.files };
    sim.apply(create).map(Reply::ok)
}

fn of_channel(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    read(sim, |world, now| invites::channel_invites(world, actor, channel, now))
}

fn of_guild(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| invites::guild_invites(world, actor, guild, now))
}

fn code(request: &Request) -> String {
    request.text("code").to_owned()
}

/// `with_expiration` is of old versions: the end is always told.
fn resolve(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (code, with_counts) = (code(&request), request.query.flag("with_counts")?);
    request.query.flag("with_expiration")?;
    let event = request.query.id("guild_scheduled_event_id")?;
    read(sim, |world, now| invites::invite(world, &code, with_counts, event, now))
}

fn revoke(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, code) = (request.actor()?, code(&request));
    sim.apply(invites::RevokeInvite { actor, code }).map(Reply::ok)
}

fn target_users(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, code) = (request.actor()?, code(&request));
    let csv = sim.read(|world, now| invites::target_users(world, actor, &code, now))?;
    Ok(Reply::csv(csv))
}

fn set_target_users(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, code) = (request.actor()?, code(&request));
    sim.apply(invites::SetTargetUsers { actor, code, files: request.files })?;
    Ok(Reply::no_content())
}

fn target_users_job(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, code) = (request.actor()?, code(&request));
    read(sim, |world, now| invites::target_users_job(world, actor, &code, now))
}

fn vanity_url(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| invites::vanity_url(world, actor, guild, now))
}
