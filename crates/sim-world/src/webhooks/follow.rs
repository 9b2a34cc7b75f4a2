//! Following an announcement channel: what is published there comes to the follower's channel through a webhook.
//! See Discord docs: Channel / Follow Announcement Channel.

use serde_json::{Value, json};

use super::{home, manage};
use crate::{
    Action, Actor, ApiError, ChannelId, ChannelKind, Tx, Webhook, WebhookId, WebhookKind, body,
    messages::{self, System},
    permissions::MANAGE_WEBHOOKS,
};

/// POST /channels/{channel}/followers: `webhook_channel_id`, a text or announcement channel, of any guild.
///
/// # Errors
/// 10003, 50001 (both channels), 50024 (the first is no announcement channel, the other holds no messages of its own,
/// or both are the same), 50013 (MANAGE_WEBHOOKS in the follower's channel), 30007, 30058, 50035.
#[derive(Debug)]
pub struct FollowChannel {
    /// Who.
    pub actor: Actor,
    /// What is followed.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for FollowChannel {
    /// `{channel_id, webhook_id}`.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let target: Option<ChannelId> = body::read(&self.body, |form| {
            if form.get("webhook_channel_id").is_none() {
                form.missing("webhook_channel_id");
            }
            form.id("webhook_channel_id")
        })?;
        let target = target.ok_or_else(ApiError::unknown_channel)?;
        let source = tx.world.require(self.actor, self.channel, 0, tx.now)?;
        if source.kind != ChannelKind::Announcement {
            return Err(ApiError::wrong_channel_type());
        }
        let place = tx.world.require(self.actor, target, 0, tx.now)?;
        let guild = home(place)?;
        if !matches!(place.kind, ChannelKind::Text | ChannelKind::Announcement) || target == self.channel {
            return Err(ApiError::wrong_channel_type());
        }
        tx.world.require(self.actor, target, MANAGE_WEBHOOKS, tx.now)?;
        let followed = tx.world.guild(source.guild.ok_or_else(ApiError::wrong_channel_type)?)?;
        let (from, icon) = (followed.id, followed.icon.clone());
        let name = format!("{} #{}", followed.name, source.name);
        let webhook = Webhook {
            id: WebhookId::new(0),
            channel: target,
            guild,
            kind: WebhookKind::Follower { guild: from, channel: self.channel },
            name: name.clone(),
            avatar: icon,
            creator: self.actor.user,
            application: None,
        };
        let made = manage::insert(tx, self.actor, webhook)?;
        messages::system(tx, target, self.actor.user, System::Followed(from, self.channel, name));
        Ok(json!({ "channel_id": self.channel, "webhook_id": made.id }))
    }
}
