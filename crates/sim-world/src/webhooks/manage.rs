//! Making, reading, changing and removing webhooks. See Discord docs: Webhook / Create Webhook.

use serde_json::{Value, json};

use super::{Credentials, check_room, find, home, new_token, read_name, updated};
use crate::{
    Action, Actor, ApiError, Audit, AuditAction, ChannelId, GuildId, Timestamp, Tx, Webhook, WebhookId,
    WebhookKind, World, body, permissions::MANAGE_WEBHOOKS, places::image, wire,
};

/// How somebody reaches a webhook: as themselves, or with its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookAccess {
    /// By permission: MANAGE_WEBHOOKS in its channel.
    Actor(Actor, WebhookId),
    /// By its token alone.
    Token(Credentials),
}

impl WebhookAccess {
    /// The webhook, if it may be managed so.
    fn find<'w>(&self, world: &'w World, now: Timestamp) -> Result<&'w Webhook, ApiError> {
        match self {
            Self::Token(credentials) => credentials.find(world),
            Self::Actor(actor, id) => {
                let found = find(world, *id)?;
                world.require(*actor, found.channel, MANAGE_WEBHOOKS, now)?;
                Ok(found)
            }
        }
    }

    fn actor(&self) -> Option<Actor> {
        match self {
            Self::Actor(actor, _) => Some(*actor),
            Self::Token(_) => None,
        }
    }
}

/// GET /webhooks/{webhook} and /webhooks/{webhook}/{token}. An application may always read what it has made.
///
/// # Errors
/// 10015, 50001, 50013 (MANAGE_WEBHOOKS); 50027 for a wrong token.
pub fn webhook(world: &World, access: &WebhookAccess, now: Timestamp) -> Result<Value, ApiError> {
    let found = match access {
        WebhookAccess::Actor(actor, id) => {
            let found = find(world, *id)?;
            let own = found.application.is_some() && found.application == actor.application;
            if own { found } else { access.find(world, now)? }
        }
        WebhookAccess::Token(_) => access.find(world, now)?,
    };
    Ok(wire::webhook(world, found, access.actor()))
}

/// GET /channels/{channel}/webhooks.
///
/// # Errors
/// 10003, 50001, 50003, 50024, 50013 (MANAGE_WEBHOOKS).
pub fn channel_webhooks(
    world: &World,
    actor: Actor,
    channel: ChannelId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    home(world.require(actor, channel, 0, now)?)?;
    world.require(actor, channel, MANAGE_WEBHOOKS, now)?;
    let own = world.webhooks.values().filter(|w| w.channel == channel);
    Ok(own.map(|w| wire::webhook(world, w, Some(actor))).collect())
}

/// GET /guilds/{guild}/webhooks.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_WEBHOOKS).
pub fn guild_webhooks(
    world: &World,
    actor: Actor,
    guild: GuildId,
    now: Timestamp,
) -> Result<Value, ApiError> {
    world.require_guild(actor, guild, MANAGE_WEBHOOKS, now)?;
    let own = world.webhooks.values().filter(|w| w.guild == guild);
    Ok(own.map(|w| wire::webhook(world, w, Some(actor))).collect())
}

/// What the audit log compares. See Discord docs: Audit Log / Audit Log Change Object.
fn facts(webhook: &Webhook) -> Value {
    json!({
        "name": webhook.name,
        "type": webhook.number(),
        "channel_id": webhook.channel,
        "avatar_hash": webhook.avatar,
        "application_id": webhook.application,
    })
}

/// Writes down what became of a webhook.
pub(super) fn audit(tx: &mut Tx<'_>, actor: Option<Actor>, old: Option<&Webhook>, new: Option<&Webhook>) {
    let action = match (old, new) {
        (None, _) => AuditAction::WebhookCreate,
        (Some(_), Some(_)) => AuditAction::WebhookUpdate,
        (Some(_), None) => AuditAction::WebhookDelete,
    };
    let Some(webhook) = new.or(old) else { return };
    // Somebody with nothing but the token has no name; what they do is put down to who made the webhook.
    let user = actor.map_or(webhook.creator, |a| a.user);
    let (old, new) = (old.map_or(Value::Null, facts), new.map_or(Value::Null, facts));
    let keys = ["name", "type", "channel_id", "avatar_hash", "application_id"];
    tx.audit(webhook.guild, Audit::new(user, action).target(webhook.id.get()).diff(&old, &new, &keys));
}

/// POST /channels/{channel}/webhooks: `name`, `avatar`.
///
/// # Errors
/// 10003, 50001, 50003 for a DM, 50024 (category, thread), 50013 (MANAGE_WEBHOOKS), 30007, 30058, 50035.
#[derive(Debug)]
pub struct CreateWebhook {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub channel: ChannelId,
    /// The body.
    pub body: Value,
}

impl Action for CreateWebhook {
    /// The webhook object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let guild = home(tx.world.require(self.actor, self.channel, 0, tx.now)?)?;
        tx.world.require(self.actor, self.channel, MANAGE_WEBHOOKS, tx.now)?;
        let (name, avatar) = body::read(&self.body, |form| {
            if form.get("name").is_none() {
                form.missing("name");
            }
            (read_name(form, "name"), image::read(form, "avatar").flatten())
        })?;
        let webhook = Webhook {
            id: WebhookId::new(0),
            channel: self.channel,
            guild,
            kind: WebhookKind::Incoming { token: new_token() },
            name: name.unwrap_or_default(),
            avatar,
            creator: self.actor.user,
            application: self.actor.application,
        };
        let made = insert(tx, self.actor, webhook)?;
        Ok(wire::webhook(tx.world, &made, Some(self.actor)))
    }
}

/// Adds a webhook under an id of its own, if there is room; tells the channel and the audit log.
pub(super) fn insert(tx: &mut Tx<'_>, actor: Actor, mut webhook: Webhook) -> Result<Webhook, ApiError> {
    check_room(tx.world, webhook.guild, webhook.channel)?;
    webhook.id = WebhookId::new(tx.mint());
    tx.world.webhooks.insert(webhook.id, webhook.clone());
    updated(tx, webhook.guild, webhook.channel);
    audit(tx, Some(actor), None, Some(&webhook));
    Ok(webhook)
}

/// PATCH /webhooks/{webhook} and /webhooks/{webhook}/{token}: `name`, `avatar` and, without a token, `channel_id` in
/// the same guild.
///
/// # Errors
/// 10015, 50001, 50013 (MANAGE_WEBHOOKS in both channels), 50027, 50024, 30007, 50035.
#[derive(Debug)]
pub struct PatchWebhook {
    /// Who, and which.
    pub access: WebhookAccess,
    /// The body.
    pub body: Value,
}

impl Action for PatchWebhook {
    /// The webhook object.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let before = self.access.find(tx.world, tx.now)?.clone();
        let actor = self.access.actor();
        let mut webhook = before.clone();
        body::read(&self.body, |form| {
            if let Some(name) = read_name(form, "name") {
                webhook.name = name;
            }
            if let Some(avatar) = image::read(form, "avatar") {
                webhook.avatar = avatar;
            }
            if let Some(channel) = actor.and_then(|_| form.id("channel_id")) {
                webhook.channel = channel;
                if tx.world.channels.get(&channel).is_none_or(|c| c.guild != Some(webhook.guild)) {
                    form.error("channel_id", "CHANNEL_NOT_IN_GUILD", "The channel is not in this guild.");
                }
            }
        })?;
        let moved = webhook.channel != before.channel;
        if let Some(actor) = actor.filter(|_| moved) {
            home(tx.world.require(actor, webhook.channel, MANAGE_WEBHOOKS, tx.now)?)?;
            check_channel_room(tx.world, &webhook)?;
        }
        if facts(&before) != facts(&webhook) {
            tx.world.webhooks.insert(webhook.id, webhook.clone());
            updated(tx, webhook.guild, webhook.channel);
            if moved {
                updated(tx, webhook.guild, before.channel);
            }
            audit(tx, actor, Some(&before), Some(&webhook));
        }
        Ok(wire::webhook(tx.world, &webhook, actor))
    }
}

/// Room in the channel that a webhook moves to; the guild's does not change.
fn check_channel_room(world: &World, webhook: &Webhook) -> Result<(), ApiError> {
    match check_room(world, webhook.guild, webhook.channel) {
        Err(error) if error.code == 30058 => Ok(()),
        other => other,
    }
}

/// DELETE /webhooks/{webhook} and /webhooks/{webhook}/{token}. What it has written stays.
///
/// # Errors
/// 10015, 50001, 50013 (MANAGE_WEBHOOKS), 50027.
#[derive(Debug)]
pub struct DeleteWebhook {
    /// Who, and which.
    pub access: WebhookAccess,
}

impl Action for DeleteWebhook {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<(), ApiError> {
        let webhook = self.access.find(tx.world, tx.now)?.clone();
        tx.world.webhooks.remove(&webhook.id);
        updated(tx, webhook.guild, webhook.channel);
        audit(tx, self.access.actor(), Some(&webhook), None);
        Ok(())
    }
}
