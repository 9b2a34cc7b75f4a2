//! Image data URIs of avatars, banners and icons. See Discord docs: Reference / Image Data.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::body::Form;

/// Bytes of an avatar, icon or banner after decoding.
const MAX_IMAGE: usize = 10 * 1024 * 1024;

/// The hash of the image a key sets: `None` if the key is absent, `Some(None)` if it is null; that of a moving one
/// begins with `a_`. The bytes are not kept; the CDN draws an image from the hash.
#[expect(clippy::option_option, reason = "a body tells an absent key from null, which clears")]
pub(crate) fn read(form: Form<'_>, key: &str) -> Option<Option<String>> {
    read_whole(form, key).map(|image| image.map(|(hash, _)| hash))
}

/// In the same way the image a key sets: its hash, and its bytes for whoever keeps them.
#[expect(clippy::option_option, reason = "a body tells an absent key from null, which clears")]
pub(crate) fn read_whole(form: Form<'_>, key: &str) -> Option<Option<(String, Arc<[u8]>)>> {
    match form.map().get(key)? {
        Value::Null => Some(None),
        Value::String(uri) => match decode(uri) {
            Some(bytes) if bytes.len() > MAX_IMAGE => {
                form.error(key, "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 10240.0 kb.");
                None
            }
            Some(bytes) => {
                let animated = if uri.starts_with("data:image/gif;") { "a_" } else { "" };
                Some(Some((format!("{animated}{}", hash_of(&bytes)), bytes.into())))
            }
            None => {
                form.error(key, "IMAGE_INVALID", "Invalid image data");
                None
            }
        },
        _ => {
            form.error(key, "STRING_TYPE_CONVERT", "Could not interpret value as string.");
            None
        }
    }
}

/// The bytes of an image's data URI; how many they may be is for the caller to say.
pub(super) fn decode(uri: &str) -> Option<Vec<u8>> {
    let (media, data) = uri.strip_prefix("data:")?.split_once(";base64,")?;
    if !matches!(media, "image/png" | "image/jpeg" | "image/jpg" | "image/gif" | "image/webp" | "image/avif")
    {
        return None;
    }
    STANDARD.decode(data.trim()).ok().filter(|b| !b.is_empty())
}

/// The media type of an image by its first bytes: PNG, JPEG, GIF, WebP or AVIF.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, text: &[u8]| bytes.get(from..from + text.len()) == Some(text);
    [
        (at(0, b"\x89PNG\r\n\x1a\n"), "image/png"),
        (at(0, &[0xFF, 0xD8, 0xFF]), "image/jpeg"),
        (at(0, b"GIF87a") || at(0, b"GIF89a"), "image/gif"),
        (at(0, b"RIFF") && at(8, b"WEBP"), "image/webp"),
        (at(4, b"ftypavif") || at(4, b"ftypavis"), "image/avif"),
    ]
    .into_iter()
    .find_map(|(fits, kind)| fits.then_some(kind))
}

/// Whether an image moves: GIF, WebP whose header says so, and AVIF sequences. PNG counts as still, as emojis take it.
pub(super) fn is_animated(bytes: &[u8]) -> bool {
    /// Bit of the flags in a VP8X chunk. See WebP container specification, Extended File Format.
    const ANIMATION: u8 = 1 << 1;
    match media_type(bytes) {
        Some("image/gif") => true,
        Some("image/webp") => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & ANIMATION != 0)
        }
        Some("image/avif") => bytes.get(4..12) == Some(b"ftypavis"),
        _ => false,
    }
}

/// 32 hex digits that depend on the bytes alone.
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    let part = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, bytes).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", part(0), part(1))
}
