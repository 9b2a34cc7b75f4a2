//! A person plans, changes and removes scheduled events, and is interested in them.

use cogwright_sim_world::{Actor, GuildId, ScheduledEventId, UserId, scheduled_events as events};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::moderation::because;
use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `create_event`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateEvent {
    /// Who; needs CREATE_EVENTS, and what the event's channel asks for.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// What it is to be: the keys of Discord's POST /guilds/{guild}/scheduled-events.
    set: Map<String, Value>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `edit_event`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EditEvent {
    /// Who; needs CREATE_EVENTS for their own, MANAGE_EVENTS for any.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Which.
    #[schemars(with = "String")]
    event: ScheduledEventId,
    /// What changes: the keys of Discord's PATCH /guilds/{guild}/scheduled-events/{event}; with `status` it is started
    /// (2), ended (3) or called off (4).
    set: Map<String, Value>,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `delete_event`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeleteEvent {
    /// Who; needs CREATE_EVENTS for their own, MANAGE_EVENTS for any.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Which.
    #[schemars(with = "String")]
    event: ScheduledEventId,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `event_interest`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Interest {
    /// Who.
    #[schemars(with = "String")]
    user: UserId,
    /// Where.
    #[schemars(with = "String")]
    guild: GuildId,
    /// Which event.
    #[schemars(with = "String")]
    event: ScheduledEventId,
    /// Only the occurrence of this id; of all of a recurring event if absent.
    #[schemars(with = "Option<String>")]
    occurrence: Option<ScheduledEventId>,
    /// Not interested, or no longer.
    #[serde(default)]
    remove: bool,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post("/actor/create_event", "Plans a scheduled event; answers it", create),
        Endpoint::post(
            "/actor/edit_event",
            "Changes, starts, ends or calls off a scheduled event; answers it",
            edit,
        ),
        Endpoint::post("/actor/delete_event", "Removes a scheduled event", delete),
        Endpoint::post("/actor/event_interest", "Is interested in a scheduled event, or no longer", interest),
    ]
}

fn create(call: Call<CreateEvent>) -> Answer {
    let CreateEvent { user, guild, set, reason } = call.body;
    let create = events::CreateScheduledEvent { actor: Actor::person(user), guild, body: Value::Object(set) };
    Ok(because(&call.sim, reason)?.apply(create)?)
}

fn edit(call: Call<EditEvent>) -> Answer {
    let EditEvent { user, guild, event, set, reason } = call.body;
    let (actor, body) = (Actor::person(user), Value::Object(set));
    Ok(because(&call.sim, reason)?.apply(events::PatchScheduledEvent { actor, guild, event, body })?)
}

fn delete(call: Call<DeleteEvent>) -> Answer {
    let DeleteEvent { user, guild, event, reason } = call.body;
    let delete = events::DeleteScheduledEvent { actor: Actor::person(user), guild, event };
    because(&call.sim, reason)?.apply(delete)?;
    Ok(json!({}))
}

fn interest(call: Call<Interest>) -> Answer {
    let Interest { user, guild, event, occurrence, remove } = call.body;
    let occurrence = occurrence.map(ScheduledEventId::get);
    call.sim.apply(events::SetInterest { user, guild, event, occurrence, interested: !remove })?;
    Ok(json!({}))
}
