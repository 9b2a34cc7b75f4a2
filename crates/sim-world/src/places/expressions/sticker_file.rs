//! What a sticker's file must be: PNG, APNG, GIF or Lottie, small enough and no larger than 320 pixels.
//! See Discord docs: Sticker / Create Guild Sticker.

use serde_json::Value;

use crate::{ApiError, Guild, StickerFormat, Upload, messages::dimensions, places::image::media_type};

/// Bytes of a sticker's file (50045 above it).
const MAX_BYTES: usize = 512 * 1024;
/// Pixels of its sides.
const MAX_SIDE: u32 = 320;
/// Features of guilds that may have Lottie stickers.
const LOTTIE: [&str; 2] = ["VERIFIED", "PARTNERED"];

/// The file's kind.
///
/// # Errors
/// 50045 above 512 KiB, 50046 for another kind of file or one that is too large.
pub(super) fn check(file: &Upload, guild: &Guild) -> Result<StickerFormat, ApiError> {
    if file.bytes.len() > MAX_BYTES {
        return Err(ApiError::file_too_large());
    }
    let invalid = || ApiError::new(400, 50046, "Invalid Asset");
    let format = match media_type(&file.bytes) {
        Some("image/png") if is_animated_png(&file.bytes) => StickerFormat::Apng,
        Some("image/png") => StickerFormat::Png,
        Some("image/gif") => StickerFormat::Gif,
        None if is_lottie(&file.bytes) && LOTTIE.iter().any(|feature| guild.has_feature(feature)) => {
            return Ok(StickerFormat::Lottie);
        }
        _ => return Err(invalid()),
    };
    let (width, height) = dimensions(&file.bytes).ok_or_else(invalid)?;
    if width > MAX_SIDE || height > MAX_SIDE { Err(invalid()) } else { Ok(format) }
}

/// Whether there is an `acTL` chunk before the first `IDAT`. See PNG specification, Animation information.
fn is_animated_png(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        match &head[4..] {
            b"acTL" => return true,
            b"IDAT" => return false,
            _ => {}
        }
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        // Length, name and checksum are four bytes each.
        at = at.saturating_add(length).saturating_add(12);
    }
    false
}

/// A JSON object with the keys that every Lottie animation has.
fn is_lottie(bytes: &[u8]) -> bool {
    let parsed: Option<Value> = serde_json::from_slice(bytes).ok();
    parsed.is_some_and(|json| ["v", "w", "h", "layers"].iter().all(|key| json.get(key).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_animated_png_is_told_by_its_chunks() {
        let chunk = |name: &[u8; 4], length: usize| {
            let size = u32::try_from(length).unwrap().to_be_bytes();
            [&size[..], name, &vec![0; length + 4]].concat()
        };
        let png = |chunks: &[Vec<u8>]| [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat();
        let head = chunk(b"IHDR", 13);
        assert!(is_animated_png(&png(&[head.clone(), chunk(b"acTL", 8), chunk(b"IDAT", 3)])));
        assert!(!is_animated_png(&png(&[head.clone(), chunk(b"IDAT", 3), chunk(b"acTL", 8)])));
        assert!(!is_animated_png(&png(&[head])));
        let endless = [&b"\x89PNG\r\n\x1a\n"[..], &[0xFF; 8]].concat();
        assert!(!is_animated_png(&endless));
    }
}
