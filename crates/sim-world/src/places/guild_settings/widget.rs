//! The widget: what anybody may see of a guild that allows it. See Discord docs: Guild / Guild Widget Object.

use serde_json::{Value, json};

use super::{everyone_may, form::read_channel, replace};
use crate::{
    Action, Actor, ApiError, Channel, ChannelKind, Guild, GuildId, Invite, Timestamp, Tx, World, body,
    permissions::{MANAGE_GUILD, VIEW_CHANNEL},
    wire,
};

/// People that a widget lists.
const MAX_LISTED: usize = 100;
/// Default avatars: 0 to 5.
const DEFAULT_AVATARS: usize = 6;

fn settings(guild: &Guild) -> Value {
    json!({ "enabled": guild.settings.widget_enabled, "channel_id": guild.settings.widget_channel })
}

/// GET /guilds/{guild}/widget.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD).
pub fn widget_settings(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    world.require_guild(actor, id, MANAGE_GUILD, now).map(settings)
}

/// PATCH /guilds/{guild}/widget: `{enabled?, channel_id?}`. GUILD_UPDATE if anything changed.
///
/// # Errors
/// 10004, 50001, 50013 (MANAGE_GUILD), 50035.
#[derive(Debug)]
pub struct PatchWidget {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for PatchWidget {
    /// The widget's settings.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let world = &*tx.world;
        let before = world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?.clone();
        let mut guild = before.clone();
        body::read(&self.body, |form| {
            let settings = &mut guild.settings;
            settings.widget_enabled = form.boolean("enabled").unwrap_or(settings.widget_enabled);
            if form.has("channel_id") {
                settings.widget_channel = read_channel(form, "channel_id", world, self.guild, &[]);
            }
        })?;
        let answer = settings(&guild);
        replace(tx, &before, guild, self.actor.user);
        Ok(answer)
    }
}

/// A guild whose widget may be seen.
fn shown(world: &World, id: GuildId) -> Result<&Guild, ApiError> {
    let guild = world.guild(id)?;
    if guild.settings.widget_enabled { Ok(guild) } else { Err(ApiError::new(403, 50004, "Widget Disabled")) }
}

/// GET /guilds/{guild}/widget.json: voice channels that everybody sees, and up to 100 people who are online. Nobody
/// has their own id or avatar in it.
///
/// # Errors
/// 10004, 50004 when it is switched off.
pub fn widget(world: &World, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = shown(world, id)?;
    let open =
        |channel: &&Channel| channel.kind == ChannelKind::Voice && everyone_may(guild, channel, VIEW_CHANNEL);
    let channels = guild.channels.iter().filter_map(|c| world.channels.get(c)).filter(open);
    let channels = channels.map(|c| json!({ "id": c.id, "name": c.name, "position": c.position }));
    let online = wire::online(world, guild).filter_map(|member| {
        let user = world.users.get(&member.user)?;
        Some((member.nick.as_ref().or(user.global_name.as_ref()).unwrap_or(&user.username), user))
    });
    let members = online.take(MAX_LISTED).enumerate().map(|(index, (name, user))| {
        let mut value = json!({
            "id": index.to_string(),
            "username": name,
            "discriminator": "0000",
            "avatar": null,
            "status": user.status,
            "avatar_url": format!("{}/embed/avatars/{}.png", world.cdn_base, index % DEFAULT_AVATARS),
        });
        if let Some(name) = user.activities.first().and_then(|activity| activity["name"].as_str()) {
            value["activity"] = json!({ "name": name });
        }
        value
    });
    Ok(json!({
        "id": guild.id,
        "name": guild.name,
        "instant_invite": instant_invite(world, guild, now),
        "channels": channels.collect::<Vec<_>>(),
        "members": members.collect::<Vec<_>>(),
        "presence_count": wire::online(world, guild).count(),
    }))
}

/// The link of an invite to the widget's channel that is good for anybody and for ever, if there is one and invites
/// are not paused.
fn instant_invite(world: &World, guild: &Guild, now: Timestamp) -> Option<String> {
    let channel = guild.settings.widget_channel.filter(|_| !guild.invites_paused(now))?;
    let open = |i: &&Invite| i.channel == channel && i.max_age == 0 && i.max_uses == 0 && i.targets.is_none();
    let invite = world.invites.values().find(open)?;
    Some(format!("https://discord.com/invite/{}", invite.code))
}

/// The shapes of a widget's picture. See Discord docs: Guild / Widget Style Options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WidgetStyle {
    /// A narrow bar with the number of people online.
    Shield,
    /// A wide picture, 1 to 4.
    Banner(u8),
}

impl WidgetStyle {
    /// By the name in the query; absent is the shield.
    ///
    /// # Errors
    /// 50035 for any other name.
    pub fn read(name: Option<&str>) -> Result<Self, ApiError> {
        match name {
            None | Some("shield") => Ok(Self::Shield),
            Some("banner1") => Ok(Self::Banner(1)),
            Some("banner2") => Ok(Self::Banner(2)),
            Some("banner3") => Ok(Self::Banner(3)),
            Some("banner4") => Ok(Self::Banner(4)),
            Some(_) => {
                let choices = "Value must be one of ('shield', 'banner1', 'banner2', 'banner3', 'banner4').";
                Err(ApiError::form("style", "BASE_TYPE_CHOICES", choices))
            }
        }
    }
}

/// What GET /guilds/{guild}/widget.png draws: the seed of the guild's picture and how many are online.
///
/// # Errors
/// 10004, 50004 when it is switched off.
pub fn widget_picture(world: &World, id: GuildId) -> Result<(String, usize), ApiError> {
    let guild = shown(world, id)?;
    let seed = guild.icon.clone().unwrap_or_else(|| format!("guild {id}"));
    Ok((seed, wire::online(world, guild).count()))
}
