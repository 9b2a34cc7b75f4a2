//! Attachments: bytes that somebody uploaded, served so that a browser cannot be made to run them.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use cogwright_sim_world::{ApiError, AttachmentId, ChannelId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{headers, refuse};
use crate::Sim;

/// Image types without script; SVG is not among them.
const IMAGES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];
/// Types that browsers would show as a document of our origin; they go out as bytes.
const DOCUMENTS: [&str; 4] = ["html", "xml", "svg", "script"];

/// The media type to send and whether a browser may show it in place.
fn disposition(declared: Option<&str>) -> (HeaderValue, bool) {
    let bytes = (HeaderValue::from_static("application/octet-stream"), false);
    let Some(declared) = declared else { return bytes };
    let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Ok(value) = HeaderValue::from_str(&kind) else { return bytes };
    let media = kind.starts_with("audio/") || kind.starts_with("video/") || IMAGES.contains(&kind.as_str());
    match kind.as_str() {
        "text/plain" => (HeaderValue::from_static("text/plain; charset=utf-8"), true),
        _ if DOCUMENTS.iter().any(|d| kind.contains(d)) || !kind.contains('/') => bytes,
        _ => (value, media),
    }
}

/// One range of a file, as players of audio and video ask for it; anything else gets the whole.
fn range(headers: &HeaderMap, length: usize) -> Option<(usize, usize)> {
    let text = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (from, to) = text.split_once('-')?;
    let last = length.checked_sub(1)?;
    let (from, to) = match (from, to) {
        ("", tail) => (length.saturating_sub(tail.parse().ok()?), last),
        (from, "") => (from.parse().ok()?, last),
        (from, to) => (from.parse().ok()?, to.parse::<usize>().ok()?.min(last)),
    };
    (from <= to).then_some((from, to))
}

pub(super) async fn attachment(
    State(sim): State<Sim>,
    Path((channel, attachment, filename)): Path<(String, String, String)>,
    request: HeaderMap,
) -> Response<Body> {
    let ids = channel.parse::<ChannelId>().ok().zip(attachment.parse::<AttachmentId>().ok());
    let found = sim.read(|world, _| {
        let (channel, id) = ids?;
        world.uploaded(channel, id, &filename)
    });
    let Some((bytes, declared)) = found else { return refuse(&ApiError::not_found()) };
    let (content_type, inline) = disposition(declared.as_deref());
    let mut headers = headers(content_type);
    if !inline {
        let name = utf8_percent_encode(&filename, NON_ALPHANUMERIC);
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let mut status = StatusCode::OK;
    let mut body = bytes.to_vec();
    if let Some((from, to)) = range(&request, bytes.len()) {
        status = StatusCode::PARTIAL_CONTENT;
        body = bytes[from..=to].to_vec();
        if let Ok(value) = HeaderValue::from_str(&format!("bytes {from}-{to}/{}", bytes.len())) {
            headers.insert(header::CONTENT_RANGE, value);
        }
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_media_are_shown_in_place() {
        let inline = |kind| disposition(Some(kind)).1;
        for kind in ["image/png", "video/mp4", "audio/ogg; codecs=opus", "text/plain", "TEXT/PLAIN"] {
            assert!(inline(kind), "{kind}");
        }
        for kind in
            ["text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml", "text/css", "", "x"]
        {
            assert!(!inline(kind), "{kind}");
        }
        for kind in ["text/html", "image/svg+xml", "text/javascript", "not a type", "a\r\nb"] {
            assert_eq!(disposition(Some(kind)).0, "application/octet-stream", "{kind}");
        }
    }

    #[test]
    fn ranges() {
        let read = |text: &str, length| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_str(text).unwrap());
            range(&headers, length)
        };
        assert_eq!(read("bytes=0-", 10), Some((0, 9)));
        assert_eq!(read("bytes=2-4", 10), Some((2, 4)));
        assert_eq!(read("bytes=-3", 10), Some((7, 9)));
        assert_eq!(read("bytes=5-99", 10), Some((5, 9)));
        assert_eq!(read("bytes=10-", 10), None);
        assert_eq!(read("bytes=4-2", 10), None);
        assert_eq!(read("bytes=0-0", 0), None);
        assert_eq!(read("items=0-1", 10), None);
    }
}
