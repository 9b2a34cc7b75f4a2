//! One exchange with the server: a request out, a whole answer in.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use cogwright_config::Secret;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use twilight_http::request::{Method, Request};

use super::error::RestError;
use crate::endpoint::{Endpoint, install_tls_provider};

/// Required by Discord in this form. See Discord docs: API Reference / User Agent.
const AGENT: &str = concat!("DiscordBot (cogwright, ", env!("CARGO_PKG_VERSION"), ")");

/// Bound for an answer. The largest that Discord gives, a thousand members, stays below 2 MiB.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(60);

/// Longest wait that a 429 can ask for. Discord's bans last an hour at most.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// What to wait after a 429 that does not say: it came from the firewall in front of Discord.
const UNSTATED_WAIT: Duration = Duration::from_secs(30);

/// What to wait after a ban (403) that does not say: longer than anybody waits for one request, so that it
/// fails at once. To knock again soon makes a ban longer.
const UNSTATED_BAN: Duration = Duration::from_mins(5);

/// An answer, successful or not.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn seconds(&self, name: &str) -> Option<Duration> {
        let seconds = self.header(name)?.trim().parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds.max(0.0)).ok()
    }

    /// What a 429 or a ban asks to wait. The header is rounded up and the body is exact; the longer of the
    /// two is never too early.
    pub(crate) fn wait(&self) -> Option<Duration> {
        if self.status != StatusCode::TOO_MANY_REQUESTS && !self.is_ban() {
            return None;
        }
        let body = self.limit_body().map(|body| body.retry_after.max(0.0));
        let body = body.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let header = self.seconds(RETRY_AFTER.as_str());
        let unstated = if self.status == StatusCode::FORBIDDEN { UNSTATED_BAN } else { UNSTATED_WAIT };
        let wait = body.max(header).unwrap_or(unstated);
        Some(wait.min(MAX_WAIT))
    }

    /// Whether the firewall in front of Discord has answered with a page of its own: it bans addresses with too
    /// many invalid requests, by 403 or 429. See Discord docs: Rate Limits / Invalid Request Limit.
    pub(crate) fn is_ban(&self) -> bool {
        let refused = matches!(self.status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
        let is_json = || serde_json::from_slice::<serde::de::IgnoredAny>(&self.body).is_ok();
        refused && self.header("via").is_none() && !is_json()
    }

    /// What a 429 asks to wait with everything. See Discord docs: Rate Limits / Exceeding A Rate
    /// Limit. An answer without `Via` and without Discord's body is the firewall's: it bans the
    /// address, so it stops everything too.
    pub(crate) fn global_limit(&self) -> Option<Duration> {
        let wait = self.wait()?;
        let body = self.limit_body();
        let global = self.header("x-ratelimit-global").is_some_and(|v| v != "false")
            || self.header("x-ratelimit-scope") == Some("global")
            || body.as_ref().is_some_and(|body| body.global)
            || (body.is_none() && self.header("via").is_none());
        global.then_some(wait)
    }

    fn limit_body(&self) -> Option<LimitBody> {
        serde_json::from_slice(&self.body).ok()
    }
}

#[derive(serde::Deserialize)]
struct LimitBody {
    retry_after: f64,
    #[serde(default)]
    global: bool,
}

pub(crate) enum WireError {
    /// The request never reached the server.
    NotSent(Box<dyn std::error::Error + Send + Sync>),
    /// It may have.
    Broken(Box<dyn std::error::Error + Send + Sync>),
    TimedOut,
    Malformed(http::Error),
}

/// A client for HTTP and HTTPS with connections that are kept for a minute.
pub type HttpClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// The client that this process talks HTTP with. It knows no limits and waits for ever: whoever uses it brings both.
pub fn http_client() -> HttpClient {
    install_tls_provider();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .build(connector)
}

pub(crate) struct Wire {
    client: HttpClient,
    base: String,
    authorization: Option<HeaderValue>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Wire {
    pub(crate) fn new(endpoint: &Endpoint, token: &Secret) -> Self {
        // A token that cannot stand in a header is refused by Discord like any wrong one.
        let authorization = HeaderValue::from_str(&format!("Bot {}", token.expose())).ok();
        let authorization = authorization.map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Self { client: http_client(), base: endpoint.rest_base(), authorization }
    }

    pub(crate) async fn exchange(&self, request: &Request, limit: Duration) -> Result<Answer, WireError> {
        let request = self.assemble(request).map_err(WireError::Malformed)?;
        match tokio::time::timeout(limit, self.round_trip(request)).await {
            Ok(result) => result,
            Err(_) => Err(WireError::TimedOut),
        }
    }

    async fn round_trip(&self, request: http::Request<Full<Bytes>>) -> Result<Answer, WireError> {
        let response = self.client.request(request).await.map_err(|error| {
            if error.is_connect() {
                WireError::NotSent(error.into())
            } else {
                WireError::Broken(error.into())
            }
        })?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await;
        let body = body.map_err(WireError::Broken)?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    fn assemble(&self, request: &Request) -> Result<http::Request<Full<Bytes>>, http::Error> {
        let uri = format!("{}{}", self.base, request.path());
        let mut builder = http::Request::builder()
            .method(request.method().name())
            .uri(uri)
            .header(USER_AGENT, HeaderValue::from_static(AGENT));
        if let (true, Some(value)) = (request.use_authorization_token(), &self.authorization) {
            builder = builder.header(AUTHORIZATION, value.clone());
        }
        let body = if let Some(form) = request.form() {
            builder = builder.header(CONTENT_TYPE, form.content_type());
            Bytes::from(form.clone().build())
        } else if let Some(body) = request.body() {
            let json = HeaderValue::from_static("application/json");
            builder = builder.header(CONTENT_TYPE, json);
            Bytes::copy_from_slice(body)
        } else {
            Bytes::new()
        };
        let has_length =
            !body.is_empty() || matches!(request.method(), Method::Post | Method::Put | Method::Patch);
        if has_length {
            builder = builder.header(CONTENT_LENGTH, body.len());
        }
        for (name, value) in request.headers().into_iter().flatten() {
            builder = builder.header(name, value);
        }
        builder.body(Full::new(body))
    }
}

impl From<WireError> for RestError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::NotSent(error) | WireError::Broken(error) => Self::Connection(error),
            WireError::TimedOut => Self::TimedOut,
            WireError::Malformed(error) => Self::Malformed(error),
        }
    }
}
