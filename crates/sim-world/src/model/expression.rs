//! Custom emojis, stickers and sounds. Their bytes are in the world's blob store under their ids.

use serde::{Deserialize, Serialize};

use crate::{EmojiId, RoleId, SoundId, StickerId, UserId};

/// A custom emoji of a guild or an application. See Discord docs: Emoji / Emoji Object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emoji {
    /// Id.
    pub id: EmojiId,
    /// Name, 2 to 32 letters, digits and underscores.
    pub name: String,
    /// Whether it moves.
    pub animated: bool,
    /// Who may use it; nobody named is everybody. Empty for an application's.
    pub roles: Vec<RoleId>,
    /// Who made it.
    pub user: UserId,
}

/// A sticker of a guild. See Discord docs: Sticker / Sticker Object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    /// Id.
    pub id: StickerId,
    /// Name, 2 to 30 characters.
    pub name: String,
    /// Description, 2 to 100 characters.
    pub description: Option<String>,
    /// Words for suggestions, up to 200 characters; clients put an emoji here.
    pub tags: String,
    /// What kind of file it is.
    pub format: StickerFormat,
    /// Who made it.
    pub user: UserId,
}

/// Kind of a sticker's file, by Discord's number. See Discord docs: Sticker / Sticker Format Types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StickerFormat {
    /// PNG.
    Png = 1,
    /// Animated PNG.
    Apng = 2,
    /// Lottie, which is JSON.
    Lottie = 3,
    /// GIF.
    Gif = 4,
}

/// What a message keeps of a sticker; it stays when the sticker is deleted.
/// See Discord docs: Sticker / Sticker Item Object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickerItem {
    /// Which.
    pub id: StickerId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub format: StickerFormat,
}

/// A sound of a guild's soundboard. See Discord docs: Soundboard / Soundboard Sound Object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sound {
    /// Id.
    pub id: SoundId,
    /// Name, 2 to 32 characters.
    pub name: String,
    /// 0 to 1.
    pub volume: f64,
    /// Its custom emoji.
    pub emoji_id: Option<EmojiId>,
    /// Its Unicode emoji.
    pub emoji_name: Option<String>,
    /// Who made it.
    pub user: UserId,
}
