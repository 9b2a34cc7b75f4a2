//! Image data URIs of avatars, banners and icons. See Discord docs: Reference / Image Data.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::body::Form;

/// Bytes of an image after decoding.
const MAX_IMAGE: usize = 10 * 1024 * 1024;

/// The hash of the image a key sets: `None` if the key is absent, `Some(None)` if it is null. The bytes are not
/// kept; the CDN draws an image from the hash.
#[expect(clippy::option_option, reason = "a body tells an absent key from null, which clears")]
pub(super) fn read(form: Form<'_>, key: &str) -> Option<Option<String>> {
    match form.map().get(key)? {
        Value::Null => Some(None),
        Value::String(uri) => match hash(uri) {
            Some(hash) => Some(Some(hash)),
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

/// 32 hex digits that depend on the image alone; animated ones begin with `a_`.
fn hash(uri: &str) -> Option<String> {
    let (media, data) = uri.strip_prefix("data:")?.split_once(";base64,")?;
    if !matches!(media, "image/png" | "image/jpeg" | "image/jpg" | "image/gif" | "image/webp" | "image/avif")
    {
        return None;
    }
    let bytes = STANDARD.decode(data.trim()).ok().filter(|b| !b.is_empty() && b.len() <= MAX_IMAGE)?;
    let part = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, &bytes).hash(&mut hasher);
        hasher.finish()
    };
    let animated = if media == "image/gif" { "a_" } else { "" };
    Some(format!("{animated}{:016x}{:016x}", part(0), part(1)))
}
