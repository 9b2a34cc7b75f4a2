//! Pictures that become part of the page.

use base64::{Engine, engine::general_purpose::STANDARD};

/// The largest picture that is put into the page.
const MAX_PICTURE: usize = 1 << 20;
/// What all pictures of one page may weigh together.
pub(super) const MAX_PICTURES: usize = 8 << 20;

/// A `data:` address for bytes that are a picture and small enough. The declared type is not believed:
/// an SVG document could hold a script.
pub(super) fn address(bytes: &[u8]) -> Option<String> {
    if bytes.len() > MAX_PICTURE {
        return None;
    }
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xFF, 0xD8, 0xFF, ..] => "jpeg",
        [b'G', b'I', b'F', b'8', ..] => "gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        _ => return None,
    };
    Some(format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_a_harmless_kind_are_embedded() {
        assert_eq!(address(b"\x89PNG").as_deref(), Some("data:image/png;base64,iVBORw=="));
        assert_eq!(address(b"<svg onload='x()'/>"), None);
        let mut large = b"GIF8".to_vec();
        large.resize(MAX_PICTURE + 1, 0);
        assert_eq!(address(&large), None);
    }
}
