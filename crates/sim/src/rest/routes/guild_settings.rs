//! What can be set about a guild as a whole, its widget and its preview. See Discord docs: Guild / Modify Guild.

use cogwright_sim_world::{ApiError, GuildId, places};

use super::{Reply, Request, Routes, read};
use crate::{Sim, cdn};

pub(super) const ROUTES: Routes = &[
    ("update_guild", update),
    ("update_guild_incident_actions", incident_actions),
    ("get_guild_preview", preview),
    ("get_guild_widget_settings", widget_settings),
    ("update_guild_widget_settings", edit_widget),
    ("get_guild_widget", widget),
    ("get_guild_widget_png", widget_picture),
];

fn update(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::PatchGuild { actor, guild, body: request.body }).map(Reply::ok)
}

fn incident_actions(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::SetIncidentActions { actor, guild, body: request.body }).map(Reply::ok)
}

fn preview(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, _| places::guild_preview(world, actor, guild))
}

fn widget_settings(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| places::widget_settings(world, actor, guild, now))
}

fn edit_widget(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(places::PatchWidget { actor, guild, body: request.body }).map(Reply::ok)
}

fn widget(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let guild = request.id::<GuildId>("guild_id")?;
    read(sim, |world, now| places::widget(world, guild, now))
}

fn widget_picture(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let guild = request.id::<GuildId>("guild_id")?;
    let style = places::WidgetStyle::read(request.query.get("style"))?;
    let (seed, online) = sim.read(|world, _| places::widget_picture(world, guild))?;
    Ok(Reply::png(cdn::widget(style, &seed, online)))
}
