//! Width and height from the first bytes of PNG, GIF, JPEG and WebP files. Anything odd is simply not an
//! image: uploads are whatever people send.

/// Pixels of an image, or `None` if the bytes are none of the known kinds.
pub(crate) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = png(bytes).or_else(|| gif(bytes)).or_else(|| jpeg(bytes)).or_else(|| webp(bytes))?;
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Signature, then the IHDR chunk. See PNG specification 5.2, 11.2.1.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16)? == b"IHDR";
    head.then_some((be32(bytes, 16)?, be32(bytes, 20)?))
}

/// Signature, then the logical screen's size. See GIF89a specification, 18.
fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a");
    head.then_some((le16(bytes, 6)?, le16(bytes, 8)?))
}

/// Walks the segments to the frame header. See ITU T.81, B.2.2.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        match *bytes.get(at + 1)? {
            // Fill bytes and markers without a body.
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?));
            }
            0xD9 | 0xDA => return None,
            // The length counts its own two bytes.
            _ => at += 2 + be16(bytes, at + 2)?.max(2) as usize,
        }
    }
}

/// RIFF container with one of three chunks. See WebP container specification.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    match bytes.get(12..16)? {
        b"VP8X" => {
            let side = |at: usize| Some(le16(bytes, at)? + (u32::from(*bytes.get(at + 2)?) << 16) + 1);
            Some((side(24)?, side(27)?))
        }
        b"VP8 " => Some((le16(bytes, 26)? & 0x3FFF, le16(bytes, 28)? & 0x3FFF)),
        b"VP8L" => {
            let bits = le16(bytes, 21)? | (le16(bytes, 23)? << 16);
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_headers() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xf0\x08\x06\0\0\0";
        assert_eq!(dimensions(png), Some((320, 240)));
        assert_eq!(dimensions(b"GIF89a\x0a\x00\x14\x00\xf7\0\0"), Some((10, 20)));
        let jpeg =
            [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2][..], &[0xFF, 0xC0, 0, 11, 8, 0, 30, 0, 40, 1, 0, 0, 0]]
                .concat();
        assert_eq!(dimensions(&jpeg), Some((40, 30)));
        assert_eq!(dimensions(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0"), Some((100, 50)));
        assert_eq!(dimensions(b"hello"), None);
        assert_eq!(dimensions(&[0xFF, 0xD8, 0xFF]), None);
        assert_eq!(dimensions(b""), None);
    }
}
