//! Scheduled events. See Discord docs: Guild Scheduled Event.

use cogwright_sim_world::{ApiError, GuildId, ScheduledEventId, UserId, scheduled_events as events};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("list_guild_scheduled_events", list),
    ("get_guild_scheduled_event", one),
    ("create_guild_scheduled_event", create),
    ("update_guild_scheduled_event", edit),
    ("delete_guild_scheduled_event", delete),
    ("list_guild_scheduled_event_users", users),
    ("list_guild_scheduled_event_exception_users", users_of_occurrence),
    ("count_guild_scheduled_event_users", counts),
    ("create_guild_scheduled_event_exception", create_exception),
    ("update_guild_scheduled_event_exception", edit_exception),
    ("delete_guild_scheduled_event_exception", delete_exception),
];

/// Guild and event of the path.
fn place(request: &Request) -> Result<(GuildId, ScheduledEventId), ApiError> {
    Ok((request.id("guild_id")?, request.id("guild_scheduled_event_id")?))
}

/// An occurrence's id, which is a snowflake of its start.
fn occurrence(request: &Request, name: &str) -> Result<u64, ApiError> {
    request.id::<ScheduledEventId>(name).map(ScheduledEventId::get)
}

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    let with_count = request.query.flag("with_user_count")?;
    read(sim, |world, now| events::scheduled_events(world, actor, guild, with_count, now))
}

fn one(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    let with_count = request.query.flag("with_user_count")?;
    read(sim, |world, now| events::scheduled_event(world, actor, guild, event, with_count, now))
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    sim.apply(events::CreateScheduledEvent { actor, guild, body: request.body }).map(Reply::ok)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    sim.apply(events::PatchScheduledEvent { actor, guild, event, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    sim.apply(events::DeleteScheduledEvent { actor, guild, event })?;
    Ok(Reply::no_content())
}

fn users(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    page(&request, sim, None)
}

fn users_of_occurrence(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let occurrence = occurrence(&request, "guild_scheduled_event_exception_id")?;
    page(&request, sim, Some(occurrence))
}

fn page(request: &Request, sim: &Sim, occurrence: Option<u64>) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(request)?);
    let query = &request.query;
    let page = events::UserPage {
        limit: query.number("limit")?,
        before: query.id::<UserId>("before")?,
        after: query.id::<UserId>("after")?,
        with_member: query.flag("with_member")?,
    };
    read(sim, |world, now| events::event_users(world, actor, guild, event, occurrence, page, now))
}

fn counts(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    const KEY: &str = "guild_scheduled_event_exception_ids";
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    let bad = |_| ApiError::form(KEY, "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    let ids = request.query.list(KEY).map(|id| id.parse().map(ScheduledEventId::get).map_err(bad));
    let ids: Vec<u64> = ids.collect::<Result<_, _>>()?;
    read(sim, |world, now| events::user_counts(world, actor, guild, event, &ids, now))
}

fn create_exception(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    sim.apply(events::CreateEventException { actor, guild, event, body: request.body }).map(Reply::ok)
}

fn edit_exception(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    let exception = occurrence(&request, "exception_id")?;
    let body = request.body;
    sim.apply(events::PatchEventException { actor, guild, event, exception, body }).map(Reply::ok)
}

fn delete_exception(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (guild, event)) = (request.actor()?, place(&request)?);
    let exception = occurrence(&request, "exception_id")?;
    sim.apply(events::DeleteEventException { actor, guild, event, exception })?;
    Ok(Reply::no_content())
}
