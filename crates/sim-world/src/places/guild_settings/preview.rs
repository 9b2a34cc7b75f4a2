//! What somebody outside may see of a guild.

use serde_json::{Map, Value};

use super::features::DISCOVERABLE;
use crate::{Actor, ApiError, GuildId, World, wire};

/// Keys of a preview. See Discord docs: Guild / Guild Preview Object.
const KEYS: [&str; 12] = [
    "id",
    "name",
    "icon",
    "splash",
    "discovery_splash",
    "home_header",
    "description",
    "features",
    "emojis",
    "stickers",
    "approximate_member_count",
    "approximate_presence_count",
];

/// GET /guilds/{guild}/preview: for members, and for everybody if the guild is discoverable.
///
/// # Errors
/// 10004.
pub fn guild_preview(world: &World, actor: Actor, id: GuildId) -> Result<Value, ApiError> {
    let guild = world.guild(id)?;
    if !guild.members.contains_key(&actor.user) && !guild.has_feature(DISCOVERABLE) {
        return Err(ApiError::unknown_guild());
    }
    let mut whole = wire::guild(world, guild, true);
    let pairs = KEYS.into_iter().map(|key| (key.to_owned(), whole[key].take()));
    Ok(Value::Object(pairs.collect::<Map<_, _>>()))
}
