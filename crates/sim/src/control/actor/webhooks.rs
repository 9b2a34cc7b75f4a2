//! A person makes and removes webhooks, follows announcement channels and publishes, under the same rules as a bot.

use cogwright_sim_world::{
    Actor, ChannelId, MessageId, UserId, WebhookId,
    messages::CrosspostMessage,
    webhooks::{self, WebhookAccess},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{messages::find, moderation::because};
use crate::control::endpoint::{Answer, Call, Endpoint};

/// Body of `create_webhook`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CreateWebhook {
    /// Who; needs MANAGE_WEBHOOKS there.
    #[schemars(with = "String")]
    user: UserId,
    /// Where it writes.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// The name that it writes under, 1 to 80 characters.
    name: String,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `delete_webhook`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DeleteWebhook {
    /// Who; needs MANAGE_WEBHOOKS in its channel.
    #[schemars(with = "String")]
    user: UserId,
    /// Which.
    #[schemars(with = "String")]
    webhook: WebhookId,
    /// Why; the audit log says so.
    reason: Option<String>,
}

/// Body of `follow_channel`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FollowChannel {
    /// Who; needs MANAGE_WEBHOOKS where the messages go.
    #[schemars(with = "String")]
    user: UserId,
    /// The announcement channel.
    #[schemars(with = "String")]
    channel: ChannelId,
    /// Where its messages go, in any guild.
    #[schemars(with = "String")]
    into: ChannelId,
}

/// Body of `publish`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Publish {
    /// Who; needs MANAGE_MESSAGES for what somebody else has written.
    #[schemars(with = "String")]
    user: UserId,
    /// A message of an announcement channel.
    #[schemars(with = "String")]
    message_id: MessageId,
}

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::post(
            "/actor/create_webhook",
            "Makes a webhook; answers it with its address, to which anything can post",
            |call: Call<CreateWebhook>| {
                let CreateWebhook { user, channel, name, reason } = call.body;
                let (actor, body) = (Actor::person(user), json!({ "name": name }));
                let create = webhooks::CreateWebhook { actor, channel, body };
                Ok(because(&call.sim, reason)?.apply(create)?)
            },
        ),
        Endpoint::post("/actor/delete_webhook", "Removes a webhook", |call: Call<DeleteWebhook>| {
            let DeleteWebhook { user, webhook, reason } = call.body;
            let access = WebhookAccess::Actor(Actor::person(user), webhook);
            because(&call.sim, reason)?.apply(webhooks::DeleteWebhook { access })?;
            Ok(json!({}))
        }),
        Endpoint::post(
            "/actor/follow_channel",
            "Lets a channel get what is published in an announcement channel; answers {channel_id, webhook_id}",
            |call: Call<FollowChannel>| {
                let FollowChannel { user, channel, into } = call.body;
                let (actor, body) = (Actor::person(user), json!({ "webhook_channel_id": into }));
                Ok(call.sim.apply(webhooks::FollowChannel { actor, channel, body })?)
            },
        ),
        Endpoint::post(
            "/actor/publish",
            "Publishes a message of an announcement channel to those that follow it; answers it",
            publish,
        ),
    ]
}

fn publish(call: Call<Publish>) -> Answer {
    let Publish { user, message_id: message } = call.body;
    let channel = call.sim.read(|world, now| find(world, now, user, message))?;
    Ok(call.sim.apply(CrosspostMessage { actor: Actor::person(user), channel, message })?)
}
