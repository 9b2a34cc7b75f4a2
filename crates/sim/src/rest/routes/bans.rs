//! Bans of a guild. See Discord docs: Guild / Get Guild Bans and following.

use cogwright_sim_world::{
    ApiError, GuildId, UserId,
    places::moderation::{self, BanUser, BansPage, BulkBan, Unban},
};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_bans", list),
    ("get_guild_ban", one),
    ("ban_user_from_guild", ban),
    ("unban_user_from_guild", unban),
    ("bulk_ban_users_from_guild", bulk),
];

/// Guild and user of the path.
fn place(request: &Request) -> Result<(GuildId, UserId), ApiError> {
    Ok((request.id("guild_id")?, request.id("user_id")?))
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    let query = &request.query;
    let page =
        BansPage { limit: query.number("limit")?, before: query.id("before")?, after: query.id("after")? };
    read(sim, |world, now| moderation::bans(world, actor, guild, &page, now))
}

fn one(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    read(sim, |world, now| moderation::ban(world, actor, guild, user, now))
}

/// Some clients say in the query which messages are to be deleted; the body wins.
fn ban(mut request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    if let Some(body) = request.body.as_object_mut() {
        for key in ["delete_message_seconds", "delete_message_days"] {
            if let Some(value) = request.query.get(key).filter(|_| !body.contains_key(key)) {
                body.insert(key.to_owned(), value.into());
            }
        }
    }
    sim.apply(BanUser { actor, guild, user, body: request.body })?;
    Ok(Reply::no_content())
}

fn unban(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, user)) = (request.actor()?, place(&request)?);
    sim.apply(Unban { actor, guild, user })?;
    Ok(Reply::no_content())
}

fn bulk(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(BulkBan { actor, guild, body: request.body }).map(Reply::ok)
}
