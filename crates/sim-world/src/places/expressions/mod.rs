//! Custom emojis, stickers and sounds: what guilds and applications make for themselves.
//!
//! Making one needs CREATE_GUILD_EXPRESSIONS; changing and removing one's own that or MANAGE_GUILD_EXPRESSIONS,
//! others' the latter. See Discord docs: Permissions / Bitwise Permission Flags.

mod app_emoji;
mod audio;
mod emoji;
mod emoji_form;
mod sound;
mod standard;
mod sticker;
mod sticker_file;

pub use app_emoji::{
    CreateApplicationEmoji, DeleteApplicationEmoji, PatchApplicationEmoji, application_emoji,
    application_emojis,
};
pub use emoji::{CreateEmoji, DeleteEmoji, PatchEmoji, guild_emoji, guild_emojis};
pub use sound::{CreateSound, DeleteSound, PatchSound, guild_sound, guild_sounds};
pub use standard::{DEFAULT_SOUNDS, default_sounds, is_standard_sticker, sticker_pack, sticker_packs};
pub use sticker::{CreateSticker, DeleteSticker, PatchSticker, guild_sticker, guild_stickers, sticker};

pub(super) use emoji_form::read_emoji_of;
pub(crate) use standard::standard_sticker;

use std::sync::Arc;

use crate::{
    Actor, ApiError, ApplicationId, AttachmentId, Emoji, EmojiId, Guild, GuildId, SoundId, StickerFormat,
    StickerId, Timestamp, UserId, World,
    permissions::{CREATE_GUILD_EXPRESSIONS, MANAGE_GUILD_EXPRESSIONS},
};

/// Whether the actor may know who made what.
fn sees_makers(world: &World, actor: Actor, guild: GuildId, now: Timestamp) -> bool {
    let either = CREATE_GUILD_EXPRESSIONS | MANAGE_GUILD_EXPRESSIONS;
    world.guild_permissions(guild, actor.user, now) & either != 0
}

/// The guild, if the actor may change or remove what `made_by` says was made by somebody.
fn may_change(
    world: &World,
    actor: Actor,
    guild: GuildId,
    made_by: impl FnOnce(&Guild) -> Result<UserId, ApiError>,
    now: Timestamp,
) -> Result<&Guild, ApiError> {
    let found = world.require_guild(actor, guild, 0, now)?;
    let own = made_by(found)? == actor.user;
    let enough = MANAGE_GUILD_EXPRESSIONS | if own { CREATE_GUILD_EXPRESSIONS } else { 0 };
    if world.guild_permissions(guild, actor.user, now) & enough != 0 {
        Ok(found)
    } else {
        Err(ApiError::missing_permissions())
    }
}

/// Forgets the bytes of all that a guild has made, before it goes.
pub(super) fn forget(world: &mut World, guild: GuildId) {
    let Some(found) = world.guilds.get(&guild) else { return };
    let emojis = found.emojis.keys().map(|id| id.get());
    let ids = emojis.chain(found.stickers.keys().map(|id| id.get()));
    let ids: Vec<u64> = ids.chain(found.sounds.keys().map(|id| id.get())).collect();
    for id in ids {
        world.blobs.remove(&AttachmentId::new(id));
    }
}

/// Forgets what an application has made, before it goes.
pub(super) fn forget_application(world: &mut World, application: ApplicationId) {
    for id in world.application_emojis.remove(&application).unwrap_or_default().into_keys() {
        world.drop_bytes(id.get());
    }
}

impl World {
    /// A custom emoji, a guild's or an application's.
    pub(crate) fn custom_emoji(&self, id: EmojiId) -> Option<&Emoji> {
        let in_guilds = self.guilds.values().find_map(|guild| guild.emojis.get(&id));
        in_guilds.or_else(|| self.application_emojis.values().find_map(|emojis| emojis.get(&id)))
    }

    /// The bytes of a custom emoji, a guild's or an application's.
    pub fn emoji_picture(&self, id: EmojiId) -> Option<Arc<[u8]>> {
        self.custom_emoji(id)?;
        self.blob(AttachmentId::new(id.get()))
    }

    /// The bytes of a guild's sticker, and of which kind they are.
    pub fn sticker_file(&self, id: StickerId) -> Option<(StickerFormat, Arc<[u8]>)> {
        let sticker = self.guilds.values().find_map(|guild| guild.stickers.get(&id))?;
        Some((sticker.format, self.blob(AttachmentId::new(id.get()))?))
    }

    /// The bytes of a guild's sound.
    pub fn sound_file(&self, id: SoundId) -> Option<Arc<[u8]>> {
        let known = self.guilds.values().any(|guild| guild.sounds.contains_key(&id));
        known.then(|| self.blob(AttachmentId::new(id.get()))).flatten()
    }

    /// Keeps the bytes of an emoji, sticker or sound.
    fn keep(&mut self, id: u64, bytes: Vec<u8>) {
        self.blobs.insert(AttachmentId::new(id), bytes.into());
    }

    /// Forgets them.
    fn drop_bytes(&mut self, id: u64) {
        self.blobs.remove(&AttachmentId::new(id));
    }
}
