//! What a community shows to those who come: the welcome screen, onboarding. See Discord docs: Guild.

use cogwright_sim_world::{ApiError, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("get_guild_welcome_screen", welcome_screen),
    ("update_guild_welcome_screen", edit_welcome_screen),
    ("get_guild_new_member_welcome", new_member_welcome),
    ("get_guilds_onboarding", onboarding),
    ("put_guilds_onboarding", put_onboarding),
];

fn welcome_screen(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::welcome_screen(world, actor, guild, now))
}

fn edit_welcome_screen(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::PatchWelcomeScreen { actor, guild, body: request.body }).map(Reply::ok)
}

fn new_member_welcome(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    sim.read(|world, now| places::new_member_welcome(world, actor, guild, now))?;
    Ok(Reply::no_content())
}

fn onboarding(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::onboarding(world, actor, guild, now))
}

fn put_onboarding(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::PutOnboarding { actor, guild, body: request.body }).map(Reply::ok)
}
