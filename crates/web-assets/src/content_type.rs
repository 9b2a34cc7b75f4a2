//! The `Content-Type` of an embedded file, by its extension.

/// Only what a Vite build puts into `dist` is listed; the rest downloads as bytes.
pub(crate) fn of(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn known_and_unknown_extensions() {
        assert_eq!(of("index.html"), "text/html; charset=utf-8");
        assert_eq!(of("assets/index-abc.min.js"), "text/javascript; charset=utf-8");
        assert_eq!(of("assets/x.css"), "text/css; charset=utf-8");
        assert_eq!(of("no-extension"), "application/octet-stream");
        assert_eq!(of(""), "application/octet-stream");
    }
}
