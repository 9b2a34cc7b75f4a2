//! Pinned messages: the paged routes and the deprecated three. See Discord docs: Message / Pin Message.

use cogwright_sim_world::{
    ApiError, ChannelId, Timestamp, World,
    messages::{self, Pin, PinsPage, Unpin},
};
use serde_json::Value;

use super::{Reply, Request, Routes, messages::place};
use crate::{Sim, rest::content};

pub(super) const ROUTES: Routes = &[
    ("list_pins", list),
    ("create_pin", pin),
    ("delete_pin", unpin),
    ("deprecated_list_pins", list_old),
    ("deprecated_create_pin", pin),
    ("deprecated_delete_pin", unpin),
];

fn list(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    let limit = request.query.number("limit")?;
    let before = match request.query.get("before") {
        None => None,
        Some(text) => {
            let bad = || ApiError::form("before", "DATETIME_TYPE_PARSE", "Could not parse value as ISO8601.");
            Some(Timestamp::parse_iso(text).ok_or_else(bad)?)
        }
    };
    sim.read(|world: &World, now| {
        let mut page = messages::pins(world, actor, channel, &PinsPage { limit, before }, now)?;
        for item in page["items"].as_array_mut().into_iter().flatten() {
            content::limit_to(world, actor.application, channel, &mut item["message"]);
        }
        Ok(Reply::ok(page))
    })
}

fn list_old(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id::<ChannelId>("channel_id")?);
    sim.read(|world, now| {
        let mut pins: Value = messages::pins_old(world, actor, channel, now)?;
        content::limit_to(world, actor.application, channel, &mut pins);
        Ok(Reply::ok(pins))
    })
}

fn pin(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(Pin { actor, channel, message })?;
    Ok(Reply::no_content())
}

fn unpin(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(Unpin { actor, channel, message })?;
    Ok(Reply::no_content())
}
