//! Webhooks by id and token. So far these are the applications' own: an interaction's later answers.
//! See Discord docs: Receiving and Responding / Interaction Endpoints.

use cogwright_sim_world::{
    ApiError,
    interactions::{self, AppWebhook, DeleteFollowUp, DeleteOriginal, EditFollowUp, EditOriginal, FollowUp},
};

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("execute_webhook", follow_up),
    ("get_original_webhook_message", original),
    ("update_original_webhook_message", edit_original),
    ("delete_original_webhook_message", delete_original),
    ("get_webhook_message", message),
    ("update_webhook_message", edit_message),
    ("delete_webhook_message", delete_message),
];

fn webhook(request: &Request) -> Result<AppWebhook, ApiError> {
    let token = request.text("webhook_token").to_owned();
    Ok(AppWebhook { application: request.id("webhook_id")?, token })
}

/// Answers the message with and without `wait`: follow-ups always do, and some libraries do not ask.
fn follow_up(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    request.query.flag("wait")?;
    let webhook = webhook(&request)?;
    sim.apply(FollowUp { webhook, body: request.body, files: request.files }).map(Reply::ok)
}

fn original(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let webhook = webhook(&request)?;
    read(sim, |world, now| interactions::original(world, &webhook, now))
}

fn edit_original(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let webhook = webhook(&request)?;
    sim.apply(EditOriginal { webhook, body: request.body, files: request.files }).map(Reply::ok)
}

fn delete_original(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    sim.apply(DeleteOriginal { webhook: webhook(&request)? })?;
    Ok(Reply::no_content())
}

fn message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (webhook, id) = (webhook(&request)?, request.id("message_id")?);
    read(sim, |world, now| interactions::follow_up(world, &webhook, id, now))
}

fn edit_message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (webhook, message) = (webhook(&request)?, request.id("message_id")?);
    sim.apply(EditFollowUp { webhook, message, body: request.body, files: request.files }).map(Reply::ok)
}

fn delete_message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (webhook, message) = (webhook(&request)?, request.id("message_id")?);
    sim.apply(DeleteFollowUp { webhook, message })?;
    Ok(Reply::no_content())
}
