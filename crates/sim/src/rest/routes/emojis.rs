//! Custom emojis of guilds and of applications. See Discord docs: Emoji.

use cogwright_sim_world::{ApiError, ApplicationId, EmojiId, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_emojis", list),
    ("get_guild_emoji", one),
    ("create_guild_emoji", create),
    ("update_guild_emoji", edit),
    ("delete_guild_emoji", delete),
    ("list_application_emojis", list_own),
    ("get_application_emoji", one_own),
    ("create_application_emoji", create_own),
    ("update_application_emoji", edit_own),
    ("delete_application_emoji", delete_own),
];

/// Guild and emoji of the path.
fn place(request: &Request) -> Result<(GuildId, EmojiId), ApiError> {
    Ok((request.id("guild_id")?, request.id("emoji_id")?))
}

/// Application and emoji of the path.
fn own(request: &Request) -> Result<(ApplicationId, EmojiId), ApiError> {
    Ok((request.id("application_id")?, request.id("emoji_id")?))
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::guild_emojis(world, actor, guild, now))
}

fn one(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, emoji)) = (request.actor()?, place(&request)?);
    read(sim, |world, now| places::guild_emoji(world, actor, guild, emoji, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::CreateEmoji { actor, guild, body: request.body }).map(Reply::created)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, emoji)) = (request.actor()?, place(&request)?);
    sim.apply(places::PatchEmoji { actor, guild, emoji, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, emoji)) = (request.actor()?, place(&request)?);
    sim.apply(places::DeleteEmoji { actor, guild, emoji })?;
    Ok(Reply::no_content())
}

fn list_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, application) = (request.actor()?, request.id::<ApplicationId>("application_id")?);
    read(sim, |world, _| places::application_emojis(world, actor, application))
}

fn one_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (application, emoji)) = (request.actor()?, own(&request)?);
    read(sim, |world, _| places::application_emoji(world, actor, application, emoji))
}

fn create_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, application) = (request.actor()?, request.id("application_id")?);
    let create = places::CreateApplicationEmoji { actor, application, body: request.body };
    sim.apply(create).map(Reply::created)
}

fn edit_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (application, emoji)) = (request.actor()?, own(&request)?);
    let edit = places::PatchApplicationEmoji { actor, application, emoji, body: request.body };
    sim.apply(edit).map(Reply::ok)
}

fn delete_own(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (application, emoji)) = (request.actor()?, own(&request)?);
    sim.apply(places::DeleteApplicationEmoji { actor, application, emoji })?;
    Ok(Reply::no_content())
}
