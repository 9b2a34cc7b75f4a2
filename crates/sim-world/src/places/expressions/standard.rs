//! Stickers and sounds that everybody has: a small pack and a few sounds of the local Discord's own.

use serde_json::{Value, json};

use crate::{ApiError, SoundId, StickerFormat, StickerId, StickerItem};

/// The one pack.
const PACK: StickerId = StickerId::new(100_000_000_000_000_010);
/// Its stickers: id, name, description and the emoji they suggest themselves for.
const STICKERS: [(StickerId, &str, &str, &str); 3] = [
    (StickerId::new(100_000_000_000_000_011), "Hello", "A petal that waves", "👋"),
    (StickerId::new(100_000_000_000_000_012), "Well done", "A petal in full bloom", "🎉"),
    (StickerId::new(100_000_000_000_000_013), "Good night", "A petal that closes", "😴"),
];

/// Sounds that everybody may play: id, name and emoji. The CDN makes a short tone for each.
pub const DEFAULT_SOUNDS: [(SoundId, &str, &str); 4] = [
    (SoundId::new(1), "knock", "🚪"),
    (SoundId::new(2), "bell", "🔔"),
    (SoundId::new(3), "hammer", "🔨"),
    (SoundId::new(4), "done", "✅"),
];

/// GET /soundboard-default-sounds.
pub fn default_sounds() -> Value {
    let sound = |(id, name, emoji): &(SoundId, &str, &str)| {
        json!({
            "name": name,
            "sound_id": id,
            "volume": 1.0,
            "emoji_id": null,
            "emoji_name": emoji,
            "available": true,
        })
    };
    DEFAULT_SOUNDS.iter().map(sound).collect()
}

fn shown(index: usize) -> Value {
    let (id, name, description, tags) = STICKERS[index];
    json!({
        "id": id,
        "name": name,
        "tags": tags,
        "type": 1,
        "format_type": StickerFormat::Png as u8,
        "description": description,
        "asset": "",
        "pack_id": PACK,
        "sort_value": index + 1,
    })
}

fn pack() -> Value {
    json!({
        "id": PACK,
        "sku_id": PACK,
        "name": "Petals",
        "description": "Stickers of the local Discord.",
        "stickers": (0..STICKERS.len()).map(shown).collect::<Vec<_>>(),
        "cover_sticker_id": STICKERS[0].0,
    })
}

/// GET /sticker-packs.
pub fn sticker_packs() -> Value {
    json!({ "sticker_packs": [pack()] })
}

/// GET /sticker-packs/{pack}.
///
/// # Errors
/// 10061.
pub fn sticker_pack(id: StickerId) -> Result<Value, ApiError> {
    if id == PACK { Ok(pack()) } else { Err(ApiError::new(404, 10061, "Unknown sticker pack")) }
}

/// A sticker of the pack as GET /stickers/{sticker} answers it.
pub(super) fn standard(id: StickerId) -> Option<Value> {
    STICKERS.iter().position(|(known, ..)| *known == id).map(shown)
}

/// A sticker of the pack as a message keeps it.
pub(crate) fn standard_sticker(id: StickerId) -> Option<StickerItem> {
    let (id, name, ..) = STICKERS.iter().find(|(known, ..)| *known == id)?;
    Some(StickerItem { id: *id, name: (*name).into(), format: StickerFormat::Png })
}

/// Whether the CDN draws it.
pub fn is_standard_sticker(id: StickerId) -> bool {
    standard_sticker(id).is_some()
}
