//! INTERACTION_CREATE: everything around `data`. See Discord docs: Receiving and Responding /
//! Interaction Structure.

use serde_json::{Map, Value, json};

use super::resolved::{Place, partial_channel};
use crate::{
    ApplicationId, Channel, ChannelKind, Command, Interaction, Timestamp, UserId, World,
    messages::MAX_FILE_BYTES, monetization, permissions, wire,
};

/// The payload of a stored interaction.
pub(super) fn create(world: &World, interaction: &Interaction, now: Timestamp) -> Value {
    let mut payload = json!({
        "id": interaction.id,
        "application_id": interaction.application,
        "type": interaction.kind as u8,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": interaction.channel,
        "locale": "en-US",
        "entitlements": monetization::usable(world, interaction.application, interaction.user, interaction.guild),
        "authorizing_integration_owners": interaction.owners,
        "attachment_size_limit": MAX_FILE_BYTES,
    });
    if let Ok(channel) = world.channel(interaction.channel) {
        let place =
            Place { world, channel, user: interaction.user, application: interaction.application, now };
        payload["channel"] = partial_channel(place, channel);
        payload["context"] = json!(context(channel, interaction.application));
        payload["app_permissions"] = json!(app_permissions(place).to_string());
    }
    let member = interaction.guild.and_then(|g| {
        let guild = world.guild(g).ok()?;
        Some((guild, guild.members.get(&interaction.user)?))
    });
    if let Some((guild, member)) = member {
        let mut value = wire::member(world, guild, member);
        let bits = world.channel_permissions(interaction.channel, interaction.user, now).unwrap_or(0);
        value["permissions"] = json!(bits.to_string());
        payload["member"] = value;
        payload["guild_id"] = json!(guild.id);
        payload["guild_locale"] = json!("en-US");
        payload["guild"] = json!({ "id": guild.id, "locale": "en-US", "features": guild.features });
    } else {
        payload["user"] = wire::user_by_id(world, interaction.user);
    }
    let source = interaction.message.and_then(|id| world.message(interaction.channel, id).ok());
    if let Some(message) = source {
        payload["message"] = wire::message(world, message, Some(interaction.application.into()));
    }
    payload
}

/// 0 a guild, 1 the DM with the application, 2 another DM.
fn context(channel: &Channel, application: ApplicationId) -> u8 {
    match channel.kind {
        _ if channel.guild.is_some() => 0,
        ChannelKind::Dm if channel.recipients.contains(&application.into()) => 1,
        _ => 2,
    }
}

/// What the application may do there. Where it is no member it has the few that answers need, see Discord
/// docs: Receiving and Responding / Interaction Structure.
fn app_permissions(place: Place<'_>) -> u64 {
    let bot: UserId = place.application.into();
    let anywhere = permissions::ATTACH_FILES | permissions::EMBED_LINKS | permissions::MENTION_EVERYONE;
    match place.channel.guild {
        Some(guild) if place.world.member(guild, bot).is_ok() => {
            place.world.channel_permissions(place.channel.id, bot, place.now).unwrap_or(0)
        }
        None if place.channel.recipients.contains(&bot) => anywhere | permissions::USE_EXTERNAL_EMOJIS,
        _ => anywhere,
    }
}

/// `authorizing_integration_owners`: through which installations the person reaches the application here.
/// `command` narrows it to those that the command is for.
pub(super) fn owners(
    world: &World,
    application: ApplicationId,
    user: UserId,
    channel: &Channel,
    command: Option<&Command>,
) -> Value {
    let is_for = |n: u64| {
        let types = command.and_then(|c| c.body["integration_types"].as_array());
        command.is_some_and(|c| c.guild.is_some()) && n == 0 || types.is_none_or(|t| t.contains(&json!(n)))
    };
    let bot: UserId = application.into();
    let mut owners = Map::new();
    if is_for(0) {
        match channel.guild {
            Some(guild)
                if world.member(guild, bot).is_ok()
                    || world.guild_installs.contains(&(guild, application)) =>
            {
                owners.insert("0".into(), json!(guild));
            }
            // Discord's own placeholder for the bot's DM.
            None if channel.recipients.contains(&bot) => {
                owners.insert("0".into(), json!("0"));
            }
            _ => {}
        }
    }
    if is_for(1) && world.user_installs.contains(&(user, application)) {
        owners.insert("1".into(), json!(user));
    }
    Value::Object(owners)
}
