//! How rate limits look on the wire: headers on nearly every answer, and the two kinds of 429.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::{Rule, Standing};
use crate::rest::reply::Reply;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const RESET_AFTER: HeaderName = HeaderName::from_static("x-ratelimit-reset-after");
const BUCKET: HeaderName = HeaderName::from_static("x-ratelimit-bucket");
const SCOPE: HeaderName = HeaderName::from_static("x-ratelimit-scope");
const GLOBAL: HeaderName = HeaderName::from_static("x-ratelimit-global");
const RETRY_AFTER: HeaderName = HeaderName::from_static("retry-after");

fn set(headers: &mut HeaderMap, name: HeaderName, value: impl ToString) {
    if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
        headers.insert(name, value);
    }
}

/// The name of a bucket: opaque, equal for routes that share one, without major parameters.
fn bucket_name(group: &str) -> String {
    let half = |salt: &str| {
        let mut hasher = DefaultHasher::new();
        (salt, group).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", half("bucket"), half("name"))
}

/// The headers that tell how a bucket stands. `Reset` is told by the wall clock, since clients compare it with
/// theirs.
pub(crate) fn standing_headers(rule: &Rule, standing: &Standing, scope: Option<&'static str>) -> HeaderMap {
    let after = standing.reset_after.as_secs_f64();
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let mut headers = HeaderMap::new();
    set(&mut headers, LIMIT, standing.limit);
    set(&mut headers, REMAINING, standing.remaining);
    set(&mut headers, RESET, format!("{:.3}", wall + after));
    set(&mut headers, RESET_AFTER, format!("{after:.3}"));
    set(&mut headers, BUCKET, bucket_name(rule.group));
    if let Some(scope) = scope {
        set(&mut headers, SCOPE, scope);
    }
    headers
}

fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs_f64().ceil() as u64).max(1)
}

/// Milliseconds are as fine as Discord tells it; rounded up, so that waiting it out suffices.
fn precise(wait: Duration) -> f64 {
    (wait.as_secs_f64() * 1000.0).ceil().max(1.0) / 1000.0
}

/// The 429 of one caller, to be sent with [`standing_headers`]; adds its further headers.
pub(crate) fn refusal(wait: Duration, headers: &mut HeaderMap) -> Reply {
    set(headers, SCOPE, "user");
    set(headers, RETRY_AFTER, whole_seconds(wait));
    let body =
        json!({"message": "You are being rate limited.", "retry_after": precise(wait), "global": false});
    Reply::new(429, body)
}

/// The global 429: no bucket headers.
pub(crate) fn global_refusal(wait: Duration) -> (Reply, HeaderMap) {
    let mut headers = HeaderMap::new();
    set(&mut headers, RETRY_AFTER, whole_seconds(wait));
    set(&mut headers, GLOBAL, "true");
    set(&mut headers, SCOPE, "global");
    let body =
        json!({"message": "You are being rate limited.", "retry_after": precise(wait), "global": true});
    (Reply::new(429, body), headers)
}

/// A 429 that a fault asks for: the bucket of an operation seems exhausted, for one caller or for everybody
/// who uses the resource (`shared`), or everything is (`global`).
pub(crate) fn fault_limited(
    operation: &'static str,
    method: &str,
    scope: &'static str,
    wait: Duration,
) -> (Reply, HeaderMap) {
    if scope == "global" {
        return global_refusal(wait);
    }
    let rule = super::rule(operation, method, None);
    let standing = Standing { limit: rule.limit, remaining: 0, reset_after: wait, exceeded: true };
    let mut headers = standing_headers(&rule, &standing, None);
    let mut reply = refusal(wait, &mut headers);
    set(&mut headers, SCOPE, scope);
    if let Some(body) = reply.body.as_mut().filter(|_| scope == "shared") {
        body["message"] = "The resource is being rate limited.".into();
    }
    (reply, headers)
}

/// Whether a 429 concerns everybody who uses the resource.
pub(crate) fn is_shared(headers: &HeaderMap) -> bool {
    headers.get(SCOPE).is_some_and(|scope| scope == "shared")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::limits::rule;

    #[test]
    fn headers_of_a_standing_and_of_refusals() {
        let rule = rule("create_message", "POST", None);
        let reset_after = Duration::from_millis(1_250);
        let standing = Standing { limit: 5, remaining: 0, reset_after, exceeded: true };
        let mut headers = standing_headers(&rule, &standing, None);
        let reply = refusal(reset_after, &mut headers);
        assert_eq!(reply.status, 429);
        assert_eq!(reply.body.unwrap()["retry_after"], 1.25);
        let text = |h: &HeaderMap, n: &str| h.get(n).map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(text(&headers, "retry-after").as_deref(), Some("2"));
        assert_eq!(text(&headers, "x-ratelimit-reset-after").as_deref(), Some("1.250"));
        assert_eq!(text(&headers, "x-ratelimit-scope").as_deref(), Some("user"));
        assert_eq!(text(&headers, "x-ratelimit-bucket").unwrap().len(), 32);

        let (reply, headers) = global_refusal(Duration::from_micros(300));
        assert_eq!(
            reply.body.unwrap(),
            json!({"message": "You are being rate limited.", "retry_after": 0.001, "global": true})
        );
        assert_eq!(text(&headers, "x-ratelimit-global").as_deref(), Some("true"));
        assert_eq!(text(&headers, "retry-after").as_deref(), Some("1"));
        assert_eq!(text(&headers, "x-ratelimit-bucket"), None);
    }

    #[test]
    fn bucket_names_depend_on_the_group_alone() {
        assert_eq!(bucket_name("reactions"), bucket_name("reactions"));
        assert_ne!(bucket_name("reactions"), bucket_name("create_message"));
    }
}
