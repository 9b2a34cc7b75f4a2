//! Reading a request's body: bounded in size, depth and time.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use cogwright_sim_world::{ApiError, Upload};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::{multipart, query::Query};

/// Discord's limit for a request, files and all, with slack for part headers and `payload_json`. See Discord docs:
/// Reference / Uploading Files.
pub(crate) const MAX_BODY: usize = (25 << 20) + (1 << 20);
/// How much of an oversized body is read and thrown away, so that the client gets to read the 413; after
/// that the connection is cut.
const MAX_DRAIN: usize = 64 << 20;
/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// A body that was read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// JSON; an empty object when there was none.
    pub(crate) json: Value,
    /// Files.
    pub(crate) files: Vec<Upload>,
}

impl Read {
    fn of(json: Value) -> Self {
        Self { json, files: Vec::new() }
    }
}

/// 413/40005. See Discord docs: Opcodes and Status Codes / JSON.
pub(crate) fn too_large() -> ApiError {
    ApiError::new(413, 40005, "Request entity too large")
}

/// Reads the whole body.
pub(crate) async fn collect(body: Body) -> Result<Vec<u8>, ApiError> {
    let late = |_| ApiError::new(408, 0, "408: Request Timeout");
    tokio::time::timeout(BODY_TIMEOUT, collect_bounded(body)).await.map_err(late)?
}

async fn collect_bounded(body: Body) -> Result<Vec<u8>, ApiError> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(400, 0, "400: Bad Request"))?;
        seen += chunk.len();
        if seen > MAX_DRAIN {
            break;
        }
        if seen <= MAX_BODY {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    if seen > MAX_BODY { Err(too_large()) } else { Ok(bytes) }
}

/// Understands the bytes by their content type.
pub(crate) async fn parse(method: &str, headers: &HeaderMap, bytes: Vec<u8>) -> Result<Read, ApiError> {
    // Nothing that is fetched has a body; serenity sends an empty one, some send garbage.
    if bytes.is_empty() || method == "GET" {
        return Ok(Read::of(Value::Object(Map::new())));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = content_type.unwrap_or("application/json").split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "application/json" => json(&bytes).map(Read::of),
        "application/x-www-form-urlencoded" => url_encoded(&bytes).map(Read::of),
        "multipart/form-data" => multipart::parse(content_type.unwrap_or_default(), bytes).await,
        _ => Err(ApiError::form(
            "",
            "CONTENT_TYPE_INVALID",
            "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.",
        )),
    }
}

/// Fields as in a multipart body without files: py-cord and nextcord write every interaction answer so, since their
/// HTTP library turns a form of one plain field (`payload_json`) into this type. Discord reads it.
fn url_encoded(bytes: &[u8]) -> Result<Value, ApiError> {
    let mut fields = Map::new();
    for (name, value) in Query::parse(&String::from_utf8_lossy(bytes)).pairs() {
        if name == "payload_json" {
            return json(value.as_bytes());
        }
        fields.entry(name).or_insert(Value::String(value));
    }
    Ok(Value::Object(fields))
}

/// Parses JSON. Nesting is bounded by the parser (128 levels). A body of `null` is no body.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, ApiError> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Null) => Ok(Value::Object(Map::new())),
        Ok(value) => Ok(value),
        Err(_) => Err(ApiError::invalid_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_bounded_in_depth() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(json(deep.as_bytes()), Err(ApiError::invalid_json()));
        assert_eq!(json(b"{\"a\":"), Err(ApiError::invalid_json()));
        assert_eq!(json(b"\xff"), Err(ApiError::invalid_json()));
        assert_eq!(
            json(b"{\"id\":9007199254740993}").map(|v| v["id"].as_u64()),
            Ok(Some(9_007_199_254_740_993))
        );
    }

    #[tokio::test]
    async fn size_is_bounded() {
        let fits = collect(Body::from(vec![b' '; MAX_BODY])).await;
        assert_eq!(fits.map(|b| b.len()), Ok(MAX_BODY));
        let large = collect(Body::from(vec![b' '; MAX_BODY + 1])).await;
        assert_eq!(large.map_err(|e| (e.status, e.code)), Err((413, 40005)));
    }

    #[tokio::test]
    async fn a_form_without_files_may_be_url_encoded() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static("application/x-www-form-urlencoded"));
        let read = async |text: &str| parse("POST", &headers, text.as_bytes().to_vec()).await.map(|r| r.json);
        let payload =
            "payload_json=%7B%22type%22%3A+4%2C+%22data%22%3A+%7B%22content%22%3A+%22a%26b%2Bc%22%7D%7D";
        assert_eq!(read(payload).await, Ok(serde_json::json!({ "type": 4, "data": { "content": "a&b+c" } })));
        assert_eq!(
            read("content=a+b&tts=false").await,
            Ok(serde_json::json!({ "content": "a b", "tts": "false" }))
        );
        assert_eq!(read("payload_json=%7B").await, Err(ApiError::invalid_json()));
    }

    #[tokio::test]
    async fn a_bodiless_put_may_claim_any_type() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", http::HeaderValue::from_static("application/octet-stream"));
        let read = parse("PUT", &headers, Vec::new()).await.unwrap();
        assert_eq!(read.json, serde_json::json!({}));
        let refused = parse("POST", &headers, b"x".to_vec()).await;
        assert_eq!(refused.map_err(|e| e.code).map(|_| ()), Err(50035));
    }
}
