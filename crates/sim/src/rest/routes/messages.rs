//! Messages of a channel. See Discord docs: Message.

use cogwright_sim_world::{
    ApiError, ChannelId, MessageId,
    messages::{
        self, BulkDelete, CreateMessage, CrosspostMessage, DeleteMessage, EditMessage, HistoryPage,
        StartTyping,
    },
};

use super::{Reply, Request, Routes};
use crate::{Sim, rest::content};

pub(super) const ROUTES: Routes = &[
    ("list_messages", history),
    ("get_message", message),
    ("create_message", create),
    ("update_message", edit),
    ("delete_message", delete),
    ("bulk_delete_messages", bulk_delete),
    ("trigger_typing_indicator", typing),
    ("crosspost_message", crosspost),
];

/// Channel and message of the path.
pub(super) fn place(request: &Request) -> Result<(ChannelId, MessageId), ApiError> {
    Ok((request.id("channel_id")?, request.id("message_id")?))
}

fn history(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    let query = &request.query;
    let page = HistoryPage {
        limit: query.number("limit")?,
        around: query.id("around")?,
        before: query.id("before")?,
        after: query.id("after")?,
    };
    sim.read(|world, now| {
        let mut page = messages::history(world, actor, channel, &page, now)?;
        content::limit_to(world, actor.application, channel, &mut page);
        Ok(Reply::ok(page))
    })
}

fn message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, id)) = (request.actor()?, place(&request)?);
    sim.read(|world, now| {
        let mut message = messages::one(world, actor, channel, id, now)?;
        content::limit_to(world, actor.application, channel, &mut message);
        Ok(Reply::ok(message))
    })
}

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(CreateMessage { actor, channel, body: request.body, files: request.files }).map(Reply::ok)
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    let edit = EditMessage { actor, channel, message, body: request.body, files: request.files };
    let mut message = sim.apply(edit)?;
    // Moderators may change the flags of others' messages, which does not make them readers.
    sim.read(|world, _| content::limit_to(world, actor.application, channel, &mut message));
    Ok(Reply::ok(message))
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    sim.apply(DeleteMessage { actor, channel, message })?;
    Ok(Reply::no_content())
}

fn bulk_delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(BulkDelete { actor, channel, body: request.body })?;
    Ok(Reply::no_content())
}

fn typing(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(StartTyping { actor, channel })?;
    Ok(Reply::no_content())
}

fn crosspost(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, (channel, message)) = (request.actor()?, place(&request)?);
    let mut message = sim.apply(CrosspostMessage { actor, channel, message })?;
    sim.read(|world, _| content::limit_to(world, actor.application, channel, &mut message));
    Ok(Reply::ok(message))
}
