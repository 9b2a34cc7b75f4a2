//! Rules of auto moderation. See Discord docs: Auto Moderation.

use cogwright_sim_world::{ApiError, GuildId, auto_moderation as rules};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_auto_moderation_rules", list),
    ("get_auto_moderation_rule", one),
    ("create_auto_moderation_rule", create),
    ("update_auto_moderation_rule", edit),
    ("delete_auto_moderation_rule", delete),
];

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id::<GuildId>("guild_id")?);
    read(sim, |world, now| rules::rules(world, actor, guild, now))
}

fn one(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, rule) = (request.actor()?, request.id("guild_id")?, request.id("rule_id")?);
    read(sim, |world, now| rules::rule(world, actor, guild, rule, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(rules::CreateRule { actor, guild, body: request.body }).map(Reply::ok)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, rule) = (request.actor()?, request.id("guild_id")?, request.id("rule_id")?);
    sim.apply(rules::PatchRule { actor, guild, rule, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild, rule) = (request.actor()?, request.id("guild_id")?, request.id("rule_id")?);
    sim.apply(rules::DeleteRule { actor, guild, rule })?;
    Ok(Reply::no_content())
}
