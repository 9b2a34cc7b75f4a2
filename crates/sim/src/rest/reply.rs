//! What a handler answers, and how any answer becomes an HTTP response.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use cogwright_sim_world::ApiError;
use serde_json::{Value, json};

use crate::json;

/// A status and, unless it is 204, a JSON body or a document of another sort.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reply {
    /// HTTP status.
    pub(crate) status: u16,
    /// JSON body.
    pub(crate) body: Option<Value>,
    /// Media type and bytes of what is sent instead of it.
    pub(crate) document: Option<(&'static str, Vec<u8>)>,
    /// Headers beside those of every answer.
    pub(crate) headers: HeaderMap,
}

impl Reply {
    /// A status with a body.
    pub(crate) fn new(status: u16, body: impl Into<Value>) -> Self {
        Self { status, body: Some(body.into()), ..Self::default() }
    }

    /// 200 with a body.
    pub(crate) fn ok(body: impl Into<Value>) -> Self {
        Self::new(200, body)
    }

    /// 200 with a picture.
    pub(crate) fn png(bytes: Vec<u8>) -> Self {
        Self { status: 200, document: Some(("image/png", bytes)), ..Self::default() }
    }

    /// 200 with a table.
    pub(crate) fn csv(text: String) -> Self {
        Self { status: 200, document: Some(("text/csv", text.into_bytes())), ..Self::default() }
    }

    /// 201 with a body.
    pub(crate) fn created(body: impl Into<Value>) -> Self {
        Self::new(201, body)
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self { status: 204, ..Self::default() }
    }

    /// 302 to an address of this server.
    pub(crate) fn redirect(location: &str) -> Self {
        let mut reply = Self { status: 302, ..Self::default() };
        // What is no header value is no address either.
        if let Ok(location) = HeaderValue::from_str(location) {
            reply.headers.insert(header::LOCATION, location);
        }
        reply
    }

    /// The same, which nobody may keep: it holds secrets.
    pub(crate) fn not_kept(mut self) -> Self {
        self.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self
    }

    /// A refusal.
    pub(crate) fn error(error: &ApiError) -> Self {
        let mut body = error.body();
        if error.status == 429 {
            body["global"] = json!(false);
        }
        Self::new(error.status, body)
    }
}

/// The proxy header that discord.py takes as the sign that an answer is Discord's own and not a ban page of
/// whatever stands in front of it.
const VIA: HeaderValue = HeaderValue::from_static("1.1 cogwright");
/// Exactly this: discord.py treats `application/json; charset=utf-8` as text and fails at login.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The HTTP response for a reply with these further headers.
pub(crate) fn response(reply: &Reply, headers: HeaderMap) -> Response<Body> {
    let (body, kind) = match (&reply.body, &reply.document) {
        (Some(value), _) => (Body::from(json::text(value)), Some(JSON)),
        (None, Some((kind, bytes))) => (Body::from(bytes.clone()), Some(HeaderValue::from_static(kind))),
        (None, None) => (Body::empty(), None),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response.headers_mut().extend(reply.headers.clone());
    response.headers_mut().insert(header::VIA, VIA);
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}
