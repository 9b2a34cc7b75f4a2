//! Webhook objects. See Discord docs: Webhook / Webhook Object.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{Actor, ApplicationId, Webhook, WebhookKind, World};

/// A webhook as `viewer` gets it; `None` is somebody with its token alone, who does not learn who made it. The token
/// of one that an application made is shown to that application only.
pub fn webhook(world: &World, webhook: &Webhook, viewer: Option<Actor>) -> Value {
    let mut value = json!({
        "id": webhook.id,
        "type": webhook.number(),
        "name": webhook.name,
        "avatar": webhook.avatar,
        "channel_id": webhook.channel,
        "guild_id": webhook.guild,
        "application_id": webhook.application,
    });
    if viewer.is_some() {
        value["user"] = user_by_id(world, webhook.creator);
    }
    match &webhook.kind {
        WebhookKind::Incoming { token } => {
            let own = viewer.is_none_or(|v| webhook.application.is_none_or(|a| v.application == Some(a)));
            if own {
                value["token"] = json!(token);
                value["url"] = json!(address(world, webhook, token));
            }
        }
        WebhookKind::Follower { guild, channel } => {
            let reached = world.guilds.get(guild).filter(|g| g.members.contains_key(&webhook.creator));
            if let (Some(guild), Some(channel)) = (reached, world.channels.get(channel)) {
                value["source_guild"] = json!({ "id": guild.id, "name": guild.name, "icon": guild.icon });
                value["source_channel"] = json!({ "id": channel.id, "name": channel.name });
            }
        }
    }
    value
}

/// Where the webhook is executed.
fn address(world: &World, webhook: &Webhook, token: &str) -> String {
    let base = world.cdn_base.strip_suffix("/cdn").unwrap_or(&world.cdn_base);
    format!("{base}/api/webhooks/{}/{token}", webhook.id)
}

/// An application's own webhook, for which an interaction's token stands.
pub fn application_webhook(world: &World, application: ApplicationId) -> Value {
    let found = world.applications.get(&application);
    json!({
        "id": application,
        "type": 3,
        "name": found.map(|a| a.name.as_str()).unwrap_or_default(),
        "avatar": world.users.get(&application.into()).and_then(|u| u.avatar.as_deref()),
        "channel_id": null,
        "guild_id": null,
        "application_id": application,
    })
}
