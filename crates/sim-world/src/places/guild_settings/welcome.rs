//! What a community shows to those who come. See Discord docs: Guild / Welcome Screen Object.

use serde_json::Value;

use super::{
    super::change,
    features::{self, COMMUNITY, WELCOME_SCREEN_ENABLED},
    form::read_channel,
};
use crate::{
    Action, Actor, ApiError, Guild, GuildId, Timestamp, Tx, WelcomeChannel, World,
    body::{self, Form},
    permissions::MANAGE_GUILD,
    places::expressions::read_emoji_of,
    wire,
};

/// Channels of a welcome screen.
const MAX_CHANNELS: usize = 5;

/// 10069 for a guild that can have none.
fn check(guild: &Guild) -> Result<(), ApiError> {
    if guild.has_feature(COMMUNITY) {
        Ok(())
    } else {
        Err(ApiError::new(404, 10069, "Unknown Guild Welcome Screen"))
    }
}

/// GET /guilds/{guild}/welcome-screen: for all members if it is shown.
///
/// # Errors
/// 10004, 10069 without COMMUNITY, 50001, 50013 (MANAGE_GUILD while it is not shown).
pub fn welcome_screen(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<Value, ApiError> {
    let guild = world.require_guild(actor, id, 0, now)?;
    check(guild)?;
    if !guild.has_feature(WELCOME_SCREEN_ENABLED) {
        world.require_guild(actor, id, MANAGE_GUILD, now)?;
    }
    Ok(wire::welcome_screen(&guild.community.welcome_screen))
}

/// GET /guilds/{guild}/new-member-welcome: whether the guild has a guide for new members, which is set in a client
/// alone, so here none has.
///
/// # Errors
/// 10004, 50001.
pub fn new_member_welcome(world: &World, actor: Actor, id: GuildId, now: Timestamp) -> Result<(), ApiError> {
    world.require_guild(actor, id, 0, now).map(|_| ())
}

/// PATCH /guilds/{guild}/welcome-screen: `{enabled?, welcome_channels?, description?}`. GUILD_UPDATE when it is switched.
///
/// # Errors
/// 10004, 10069 without COMMUNITY, 50001, 50013 (MANAGE_GUILD), 50035.
#[derive(Debug)]
pub struct PatchWelcomeScreen {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub guild: GuildId,
    /// The body.
    pub body: Value,
}

impl Action for PatchWelcomeScreen {
    /// The welcome screen.
    type Output = Value;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Value, ApiError> {
        let world = &*tx.world;
        let guild = world.require_guild(self.actor, self.guild, MANAGE_GUILD, tx.now)?;
        check(guild)?;
        let mut screen = guild.community.welcome_screen.clone();
        let enabled = body::read(&self.body, |form| {
            if form.has("description") {
                let text = form.string("description", 0, 140).filter(|text| !text.is_empty());
                screen.description = text.map(str::to_owned);
            }
            if form.has("welcome_channels") {
                screen.channels = read_channels(form, world, guild);
            }
            form.boolean("enabled")
        })?;
        let answer = wire::welcome_screen(&screen);
        let switched = enabled.filter(|on| *on != guild.has_feature(WELCOME_SCREEN_ENABLED));
        if let Some(guild) = tx.world.guilds.get_mut(&self.guild) {
            guild.community.welcome_screen = screen;
            if let Some(on) = switched {
                features::set(guild, WELCOME_SCREEN_ENABLED, on);
            }
        }
        if switched.is_some() {
            change::guild_updated(tx, self.guild);
        }
        Ok(answer)
    }
}

fn read_channels(form: Form<'_>, world: &World, guild: &Guild) -> Vec<WelcomeChannel> {
    let list = form.list("welcome_channels", MAX_CHANNELS).map_or(&[][..], Vec::as_slice);
    let mut channels = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let path = form.at(format_args!("welcome_channels.{index}"));
        let Some(item) = Form::new(item, &path, form.errors()) else { continue };
        for key in ["channel_id", "description"] {
            if item.get(key).is_none() {
                item.missing(key);
            }
        }
        let (emoji_id, emoji_name) = read_emoji_of(item, guild);
        let channel = read_channel(item, "channel_id", world, guild.id, &[]);
        let description = item.string("description", 1, 50);
        if let (Some(channel), Some(description)) = (channel, description) {
            let description = description.to_owned();
            channels.push(WelcomeChannel { channel, description, emoji_id, emoji_name });
        }
    }
    channels
}
