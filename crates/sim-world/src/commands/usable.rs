//! Which commands a person may use in a channel. See Discord docs: Application Commands / Permissions, Contexts.

use serde_json::{Value, json};

use super::permissions::permitted;
use crate::{
    ApiError, Application, Channel, ChannelId, ChannelKind, Command, GuildId, Timestamp, UserId, World,
    permissions, wire,
};

/// Where an interaction happens, as commands' `contexts` name it.
/// See Discord docs: Application Commands / Interaction Contexts.
const GUILD: u64 = 0;
const BOT_DM: u64 = 1;
const PRIVATE_CHANNEL: u64 = 2;

/// How an application got to where a person uses it; the key of `authorizing_integration_owners`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Install {
    /// It is in the guild (or, in its own DM, may be used because it shares a guild).
    Guild,
    /// The person has installed it for themselves.
    User,
}

/// The commands that `user` may use in `channel`, of all applications that can be reached there. A global and
/// a guild command of the same name are both there.
///
/// # Errors
/// 10003 for an unknown channel, 50001 where the user cannot see it.
pub fn usable(
    world: &World,
    user: UserId,
    channel: ChannelId,
    now: Timestamp,
) -> Result<Vec<&Command>, ApiError> {
    let place = world.channel(channel)?;
    if !world.can_view(channel, user, now) {
        return Err(ApiError::missing_access());
    }
    let bits = world.channel_permissions(channel, user, now)?;
    let commands = world.commands.values().filter(|c| {
        c.guild.is_none_or(|g| place.guild == Some(g))
            && install_of(world, c, user, place).is_some()
            && place
                .guild
                .and_then(|g| world.guild(g).ok())
                .is_none_or(|g| permitted(world, c, g, Some(place), user, bits))
            && (c.body["nsfw"] != true || place.guild.is_none() || age_restricted(world, place))
    });
    Ok(commands.collect())
}

/// [`usable`] as the picker shows it: each command with `application {id, name, icon, bot}`.
///
/// # Errors
/// As [`usable`].
pub fn picker(
    world: &World,
    user: UserId,
    channel: ChannelId,
    now: Timestamp,
) -> Result<Vec<Value>, ApiError> {
    let commands = usable(world, user, channel, now)?;
    let rendered = commands.into_iter().filter_map(|c| {
        let application: &Application = world.application(c.application).ok()?;
        let bot = world.user(c.application.into()).ok()?;
        let mut body = c.body.clone();
        body["application"] =
            json!({ "id": application.id, "name": application.name, "icon": application.icon, "bot": wire::user(bot) });
        Some(body)
    });
    Ok(rendered.collect())
}

/// Through which installation a command can be reached from a place, if any.
pub(crate) fn install_of(world: &World, command: &Command, user: UserId, place: &Channel) -> Option<Install> {
    let app = command.application;
    let types = |n: u64| command.body["integration_types"].as_array().is_some_and(|l| l.contains(&json!(n)));
    let context = match (place.guild, place.kind) {
        (Some(_), _) => GUILD,
        (None, ChannelKind::Dm) if place.recipients.contains(&app.into()) => BOT_DM,
        _ => PRIVATE_CHANNEL,
    };
    if !in_context(command, context) {
        return None;
    }
    let is_there = |guild: GuildId| {
        world.member(guild, app.into()).is_ok() || world.guild_installs.contains(&(guild, app))
    };
    let guild_reach = match context {
        GUILD => place.guild.is_some_and(is_there),
        BOT_DM => true,
        _ => false,
    };
    if guild_reach && (command.guild.is_some() || types(0)) {
        return Some(Install::Guild);
    }
    (types(1) && world.user_installs.contains(&(user, app))).then_some(Install::User)
}

/// `contexts` where given, else `dm_permission`; guild commands are for guilds.
fn in_context(command: &Command, context: u64) -> bool {
    if command.guild.is_some() {
        return context == GUILD;
    }
    match command.body["contexts"].as_array() {
        Some(list) => list.contains(&json!(context)),
        None if context == BOT_DM => command.body["dm_permission"] != false,
        None => true,
    }
}

/// USE_APPLICATION_COMMANDS and all of `default_member_permissions`; "0" leaves administrators only.
pub(super) fn permitted_by_default(command: &Command, bits: u64) -> bool {
    if bits & permissions::ADMINISTRATOR != 0 {
        return true;
    }
    let needed = command.body["default_member_permissions"].as_str().and_then(|p| p.parse::<u64>().ok());
    bits & permissions::USE_APPLICATION_COMMANDS != 0
        && needed.is_none_or(|needed| needed != 0 && bits & needed == needed)
}

/// Threads are as their channel.
pub(crate) fn age_restricted(world: &World, place: &Channel) -> bool {
    let parent = place.parent.filter(|_| place.kind.is_thread()).and_then(|p| world.channel(p).ok());
    parent.unwrap_or(place).nsfw
}
