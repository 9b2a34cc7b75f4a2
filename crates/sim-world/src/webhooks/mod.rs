//! Webhooks of channels: making and managing them, writing through them, following announcement channels.
//! See Discord docs: Webhook.
//!
//! An application's own webhook, for which an interaction's token stands, is in [`interactions`](crate::interactions).

mod execute;
mod follow;
mod github;
mod manage;
mod messages;
mod slack;

pub use execute::ExecuteWebhook;
pub use follow::FollowChannel;
pub use github::from_github;
pub use manage::{
    CreateWebhook, DeleteWebhook, PatchWebhook, WebhookAccess, channel_webhooks, guild_webhooks, webhook,
};
pub use messages::{DeleteWebhookMessage, EditWebhookMessage, WebhookPlace, webhook_message};
pub use slack::from_slack;

use serde_json::json;

use crate::{
    ApiError, ApplicationId, Audience, Channel, ChannelId, ChannelKind, EventKind, GuildId, Tx, Webhook,
    WebhookId, WebhookKind, World, body::Form,
};

/// Webhooks of one channel (30007 above it).
const MAX_PER_CHANNEL: usize = 15;
/// Webhooks of one guild (30058 above it).
const MAX_PER_GUILD: usize = 1000;
/// Characters of a name.
const MAX_NAME: usize = 80;
/// What no name may contain, in any case.
const FORBIDDEN: [&str; 2] = ["clyde", "discord"];
/// Characters of a new token; several clients' patterns for addresses ask for 60 to 68.
const TOKEN_LENGTH: usize = 68;

/// Id and token of a route; the token stands in for all permissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Which webhook.
    pub webhook: WebhookId,
    /// Its token.
    pub token: String,
}

impl Credentials {
    /// The webhook.
    ///
    /// # Errors
    /// 404/10015 unknown, 401/50027 for another token; those that follow a channel have none.
    pub(crate) fn find<'w>(&self, world: &'w World) -> Result<&'w Webhook, ApiError> {
        let found = find(world, self.webhook)?;
        match &found.kind {
            WebhookKind::Incoming { token } if *token == self.token => Ok(found),
            _ => Err(ApiError::invalid_webhook_token()),
        }
    }
}

/// Whether a channel has a webhook of this id. Other ids in webhook routes are applications'.
pub fn exists(world: &World, id: WebhookId) -> bool {
    world.webhooks.contains_key(&id)
}

fn find(world: &World, id: WebhookId) -> Result<&Webhook, ApiError> {
    world.webhooks.get(&id).ok_or_else(ApiError::unknown_webhook)
}

/// A name of 1 to 80 characters under a key.
fn read_name(form: Form<'_>, key: &str) -> Option<String> {
    let name = form.name(key, 1, MAX_NAME)?;
    let lower = name.to_lowercase();
    for word in FORBIDDEN.into_iter().filter(|word| lower.contains(word)) {
        form.error(key, "USERNAME_INVALID_CONTAINS", format!("Username cannot contain \"{word}\""));
    }
    Some(name)
}

fn new_token() -> String {
    (0..TOKEN_LENGTH).map(|_| fastrand::alphanumeric()).collect()
}

/// The guild of a channel that can have webhooks.
fn home(channel: &Channel) -> Result<GuildId, ApiError> {
    let guild = channel.guild.ok_or_else(ApiError::dm_forbidden)?;
    if channel.kind == ChannelKind::Category || channel.kind.is_thread() {
        return Err(ApiError::wrong_channel_type());
    }
    Ok(guild)
}

/// Whether one more fits into the channel and the guild.
fn check_room(world: &World, guild: GuildId, channel: ChannelId) -> Result<(), ApiError> {
    let count = |fits: &dyn Fn(&Webhook) -> bool| world.webhooks.values().filter(|w| fits(w)).count();
    if count(&|w| w.channel == channel) >= MAX_PER_CHANNEL {
        return Err(ApiError::new(400, 30007, "Maximum number of webhooks reached (15)"));
    }
    if count(&|w| w.guild == guild) >= MAX_PER_GUILD {
        return Err(ApiError::new(400, 30058, "Maximum number of webhooks per guild reached (1000)"));
    }
    Ok(())
}

/// WEBHOOKS_UPDATE: something about a channel's webhooks is different, without saying what.
fn updated(tx: &mut Tx<'_>, guild: GuildId, channel: ChannelId) {
    let data = json!({ "guild_id": guild, "channel_id": channel });
    tx.emit(EventKind::WebhooksUpdate, Audience::Channel { guild: Some(guild), channel }, data);
}

/// The webhooks that bring what is published in an announcement channel.
pub(crate) fn followers(world: &World, channel: ChannelId) -> Vec<Webhook> {
    world.webhooks.values().filter(|w| w.followed() == Some(channel)).cloned().collect()
}

/// Takes away the webhooks of an application that goes, from everywhere or from one guild.
pub(crate) fn forget_application(tx: &mut Tx<'_>, application: ApplicationId, guild: Option<GuildId>) {
    let of_it =
        |w: &&Webhook| w.application == Some(application) && guild.is_none_or(|guild| w.guild == guild);
    let gone: Vec<Webhook> = tx.world.webhooks.values().filter(of_it).cloned().collect();
    for webhook in gone {
        tx.world.webhooks.remove(&webhook.id);
        updated(tx, webhook.guild, webhook.channel);
    }
}
