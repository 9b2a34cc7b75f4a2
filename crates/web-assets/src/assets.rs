//! Looks up an embedded file by its path in the site.

use std::borrow::Cow;

use rust_embed::RustEmbed;

use crate::content_type;

/// Embedded at compile time in every profile (feature `debug-embed`), so that a binary never
/// depends on the checkout it came from. Cargo must build without npm: a missing folder is none.
#[derive(RustEmbed)]
#[folder = "../../web/playground/dist"]
#[allow_missing = true]
struct Playground;

const INDEX: &str = "index.html";

/// A file of the site.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The body.
    pub bytes: Cow<'static, [u8]>,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// Whether the name carries a hash of the content, so that a browser may keep it for ever
    /// (`Cache-Control: public, max-age=31536000, immutable`). All else is to be asked for again.
    pub immutable: bool,
}

/// Whether this binary holds the built playground. If not, [`get`] knows the index page only, and
/// that says how to build it.
#[must_use]
pub fn is_built() -> bool {
    Playground::get(INDEX).is_some()
}

/// The file at `path`, without query; a leading `/` is ignored, and the empty path is `index.html`.
/// Names are matched exactly: there is no folder index and no way out of the site.
#[must_use]
pub fn get(path: &str) -> Option<Asset> {
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { INDEX } else { path };
    let bytes = match Playground::get(path) {
        Some(file) => file.data,
        None if path == INDEX => Cow::Borrowed(include_bytes!("not_built.html").as_slice()),
        None => return None,
    };
    Some(Asset { bytes, content_type: content_type::of(path), immutable: is_hashed(path) })
}

/// Vite writes all files with a hash in their name to `assets/`, and only those.
fn is_hashed(path: &str) -> bool {
    path.starts_with("assets/")
}

#[cfg(test)]
mod tests {
    use super::{Playground, get, is_built, is_hashed};

    #[test]
    fn index_is_there_with_and_without_a_built_page() {
        let index = get("").expect("an index page");
        assert_eq!(index.content_type, "text/html; charset=utf-8");
        assert!(!index.immutable);
        let text = String::from_utf8(index.bytes.into_owned()).unwrap();
        assert_eq!(text.contains("cargo xtask web"), !is_built());
        assert_eq!(get("/index.html").map(|a| a.bytes.len()), Some(text.len()));
    }

    #[test]
    fn unknown_paths_and_ways_out_are_not_found() {
        for path in
            ["nope.js", "assets/nope.js", "../Cargo.toml", "assets/../../Cargo.toml", "assets", "assets/"]
        {
            assert!(get(path).is_none(), "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_immutable() {
        assert!(is_hashed("assets/index-B3x9.js"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("favicon.svg"));
    }

    #[test]
    fn every_embedded_file_has_a_known_type() {
        for path in Playground::iter() {
            let asset = get(&path).expect("listed files are found");
            assert_ne!(asset.content_type, "application/octet-stream", "{path}");
        }
    }
}
