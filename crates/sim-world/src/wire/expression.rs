//! Custom emojis, stickers and sounds. See Discord docs: Emoji, Sticker, Soundboard.

use serde_json::{Value, json};

use super::user_by_id;
use crate::{Emoji, Guild, GuildId, Sound, Sticker, StickerItem, UserId, World};

/// A custom emoji; with its maker for those who may know.
pub fn emoji(world: &World, emoji: &Emoji, with_user: bool) -> Value {
    let value = json!({
        "id": emoji.id,
        "name": emoji.name,
        "roles": emoji.roles,
        "require_colons": true,
        "managed": false,
        "animated": emoji.animated,
        "available": true,
    });
    made_by(world, value, emoji.user, with_user)
}

/// A guild's emojis, as the gateway shows them.
pub fn emojis(world: &World, guild: &Guild) -> Value {
    guild.emojis.values().map(|one| emoji(world, one, false)).collect()
}

/// A guild's sticker; with its maker for those who may know.
pub fn sticker(world: &World, guild: GuildId, sticker: &Sticker, with_user: bool) -> Value {
    let value = json!({
        "id": sticker.id,
        "name": sticker.name,
        "tags": sticker.tags,
        "type": 2,
        "format_type": sticker.format as u8,
        "description": sticker.description,
        "asset": "",
        "available": true,
        "guild_id": guild,
    });
    made_by(world, value, sticker.user, with_user)
}

/// A guild's stickers, as the gateway shows them.
pub fn stickers(world: &World, guild: &Guild) -> Value {
    guild.stickers.values().map(|one| sticker(world, guild.id, one, false)).collect()
}

/// A sticker on a message.
pub fn sticker_item(item: &StickerItem) -> Value {
    json!({ "id": item.id, "name": item.name, "format_type": item.format as u8 })
}

/// A guild's sound; with its maker for those who may know.
pub fn sound(world: &World, guild: GuildId, sound: &Sound, with_user: bool) -> Value {
    let value = json!({
        "name": sound.name,
        "sound_id": sound.id,
        "volume": sound.volume,
        "emoji_id": sound.emoji_id,
        "emoji_name": sound.emoji_name,
        "guild_id": guild,
        "available": true,
    });
    made_by(world, value, sound.user, with_user)
}

/// A guild's sounds, as the gateway shows them.
pub fn sounds(world: &World, guild: &Guild) -> Value {
    guild.sounds.values().map(|one| sound(world, guild.id, one, false)).collect()
}

fn made_by(world: &World, mut value: Value, user: UserId, shown: bool) -> Value {
    if shown {
        value["user"] = user_by_id(world, user);
    }
    value
}
