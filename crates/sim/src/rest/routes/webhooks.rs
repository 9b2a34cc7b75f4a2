//! Webhooks by id, and by id and token. See Discord docs: Webhook.
//!
//! Where the id is an application's, the token is an interaction's and the messages are its later answers. See Discord
//! docs: Receiving and Responding / Interaction Endpoints.

use cogwright_sim_world::{
    ApiError, ChannelId, MessageId, WebhookId,
    interactions::{self, AppWebhook, DeleteFollowUp, DeleteOriginal, EditFollowUp, EditOriginal, FollowUp},
    webhooks::{
        self, Credentials, DeleteWebhookMessage, EditWebhookMessage, ExecuteWebhook, WebhookAccess,
        WebhookPlace,
    },
};
use serde_json::Value;

use super::{Reply, Request, Routes, read};
use crate::Sim;

pub(super) const ROUTES: Routes = &[
    ("create_webhook", create),
    ("list_channel_webhooks", of_channel),
    ("get_guild_webhooks", of_guild),
    ("get_webhook", webhook),
    ("update_webhook", edit),
    ("delete_webhook", delete),
    ("get_webhook_by_token", webhook_by_token),
    ("update_webhook_by_token", edit_by_token),
    ("delete_webhook_by_token", delete_by_token),
    ("execute_webhook", execute),
    ("execute_slack_compatible_webhook", execute_slack),
    ("execute_github_compatible_webhook", execute_github),
    ("get_original_webhook_message", original),
    ("update_original_webhook_message", edit_original),
    ("delete_original_webhook_message", delete_original),
    ("get_webhook_message", message),
    ("update_webhook_message", edit_message),
    ("delete_webhook_message", delete_message),
];

fn create(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    sim.apply(webhooks::CreateWebhook { actor, channel, body: request.body }).map(Reply::ok)
}

fn of_channel(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, channel) = (request.actor()?, request.id("channel_id")?);
    read(sim, |world, now| webhooks::channel_webhooks(world, actor, channel, now))
}

fn of_guild(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let (actor, guild) = (request.actor()?, request.id("guild_id")?);
    read(sim, |world, now| webhooks::guild_webhooks(world, actor, guild, now))
}

fn by_actor(request: &Request) -> Result<WebhookAccess, ApiError> {
    Ok(WebhookAccess::Actor(request.actor()?, request.id("webhook_id")?))
}

fn webhook(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let access = by_actor(&request)?;
    read(sim, |world, now| webhooks::webhook(world, &access, now))
}

fn edit(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let access = by_actor(&request)?;
    sim.apply(webhooks::PatchWebhook { access, body: request.body }).map(Reply::ok)
}

fn delete(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    sim.apply(webhooks::DeleteWebhook { access: by_actor(&request)? })?;
    Ok(Reply::no_content())
}

/// What id and token of a path stand for.
enum Hook {
    /// A channel's webhook.
    Channel(Credentials),
    /// An interaction of an application.
    Application(AppWebhook),
}

fn hook(request: &Request, sim: &Sim) -> Result<Hook, ApiError> {
    let webhook: WebhookId = request.id("webhook_id")?;
    let token = request.text("webhook_token").to_owned();
    if sim.read(|world, _| webhooks::exists(world, webhook)) {
        return Ok(Hook::Channel(Credentials { webhook, token }));
    }
    Ok(Hook::Application(AppWebhook { application: request.id("webhook_id")?, token }))
}

/// A channel's webhook; 10015 for anything else.
fn credentials(request: &Request) -> Result<Credentials, ApiError> {
    let token = request.text("webhook_token").to_owned();
    Ok(Credentials { webhook: request.id("webhook_id")?, token })
}

fn webhook_by_token(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let hook = hook(&request, sim)?;
    read(sim, |world, now| match hook {
        Hook::Channel(credentials) => webhooks::webhook(world, &WebhookAccess::Token(credentials), now),
        Hook::Application(webhook) => interactions::application_webhook(world, &webhook, now),
    })
}

fn edit_by_token(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let access = WebhookAccess::Token(credentials(&request)?);
    sim.apply(webhooks::PatchWebhook { access, body: request.body }).map(Reply::ok)
}

fn delete_by_token(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    sim.apply(webhooks::DeleteWebhook { access: WebhookAccess::Token(credentials(&request)?) })?;
    Ok(Reply::no_content())
}

/// Follow-ups always answer the message, with and without `wait`: some libraries do not ask. Others answer 204 unless
/// they are waited for.
fn execute(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let wait = request.query.flag("wait")?;
    match hook(&request, sim)? {
        Hook::Application(webhook) => {
            sim.apply(FollowUp { webhook, body: request.body, files: request.files }).map(Reply::ok)
        }
        Hook::Channel(credentials) => {
            let body = request.body.clone();
            let message = write(&request, sim, credentials, body)?;
            Ok(if wait { Reply::ok(message) } else { Reply::no_content() })
        }
    }
}

fn write(request: &Request, sim: &Sim, credentials: Credentials, body: Value) -> Result<Value, ApiError> {
    sim.apply(ExecuteWebhook {
        credentials,
        thread: request.query.id("thread_id")?,
        with_components: request.query.flag("with_components")?,
        body,
        files: request.files.clone(),
    })
}

/// Slack's servers answer "ok".
fn execute_slack(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let body = webhooks::from_slack(&request.body);
    write(&request, sim, credentials(&request)?, body)?;
    Ok(Reply::ok("ok"))
}

/// Events that nothing is told of are taken all the same.
fn execute_github(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let credentials = credentials(&request)?;
    match webhooks::from_github(&request.body) {
        Some(body) => drop(write(&request, sim, credentials, body)?),
        None => {
            let access = WebhookAccess::Token(credentials);
            sim.read(|world, now| webhooks::webhook(world, &access, now))?;
        }
    }
    Ok(Reply::no_content())
}

/// The interaction behind `@original`; a channel's webhook has no such message.
fn app_webhook(request: &Request, sim: &Sim) -> Result<AppWebhook, ApiError> {
    match hook(request, sim)? {
        Hook::Application(webhook) => Ok(webhook),
        Hook::Channel(credentials) => {
            let access = WebhookAccess::Token(credentials);
            sim.read(|world, now| webhooks::webhook(world, &access, now))?;
            Err(ApiError::unknown_message())
        }
    }
}

fn original(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let webhook = app_webhook(&request, sim)?;
    read(sim, |world, now| interactions::original(world, &webhook, now))
}

fn edit_original(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let webhook = app_webhook(&request, sim)?;
    sim.apply(EditOriginal { webhook, body: request.body, files: request.files }).map(Reply::ok)
}

fn delete_original(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    sim.apply(DeleteOriginal { webhook: app_webhook(&request, sim)? })?;
    Ok(Reply::no_content())
}

fn place(request: &Request, credentials: Credentials, message: MessageId) -> Result<WebhookPlace, ApiError> {
    let thread: Option<ChannelId> = request.query.id("thread_id")?;
    Ok(WebhookPlace { credentials, thread, message })
}

fn message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let id = request.id("message_id")?;
    match hook(&request, sim)? {
        Hook::Application(webhook) => {
            read(sim, |world, now| interactions::follow_up(world, &webhook, id, now))
        }
        Hook::Channel(credentials) => {
            let place = place(&request, credentials, id)?;
            read(sim, |world, _| webhooks::webhook_message(world, &place))
        }
    }
}

fn edit_message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let message = request.id("message_id")?;
    let edited = match hook(&request, sim)? {
        Hook::Application(webhook) => {
            sim.apply(EditFollowUp { webhook, message, body: request.body, files: request.files })
        }
        Hook::Channel(credentials) => sim.apply(EditWebhookMessage {
            place: place(&request, credentials, message)?,
            with_components: request.query.flag("with_components")?,
            body: request.body,
            files: request.files,
        }),
    };
    edited.map(Reply::ok)
}

fn delete_message(request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let message = request.id("message_id")?;
    match hook(&request, sim)? {
        Hook::Application(webhook) => sim.apply(DeleteFollowUp { webhook, message })?,
        Hook::Channel(credentials) => {
            sim.apply(DeleteWebhookMessage { place: place(&request, credentials, message)? })?;
        }
    }
    Ok(Reply::no_content())
}
