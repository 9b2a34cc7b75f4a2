//! What faults do to a REST exchange: the wait, the answer instead, the page of a ban.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use cogwright_sim_world::ApiError;
use serde_json::{Value, json};

use super::{
    ban::Bans,
    matching::RestCall,
    plan::{FaultId, Instead},
    spec::LimitScope,
};
use crate::{
    RateLimitMode, Sim,
    rest::{Reply, fault_limited},
};

/// What came of asking the plan about a request.
#[derive(Debug, Default)]
pub(crate) struct Struck {
    /// The faults that touched it, for the journal.
    pub(crate) faults: Vec<FaultId>,
    /// The answer, if it is not to be carried out.
    pub(crate) instead: Option<(Reply, HeaderMap)>,
    /// Whether that answer is a page and not Discord's own.
    pub(crate) is_page: bool,
    /// Once carried out, answered with this instead.
    pub(crate) lose_answer: Option<Reply>,
}

/// How interaction tokens begin; those of other webhooks do not.
const INTERACTION_TOKEN: &str = "aW50ZXJhY3Rpb246";

impl<'a> RestCall<'a> {
    /// The token among path parameters, if it is an interaction's.
    pub(crate) fn interaction_of(parameters: &'a [(&'static str, String)]) -> Option<&'a str> {
        let named = |n: &str| n == "interaction_token" || n == "webhook_token";
        let token = parameters.iter().find(|(n, _)| named(n)).map(|(_, v)| v.as_str());
        token.filter(|t| t.starts_with(INTERACTION_TOKEN))
    }
}

impl Sim {
    /// Asks the plan about a request, and waits as long as it says.
    pub(crate) async fn strike_request(&self, call: &RestCall<'_>, enforce: bool) -> Struck {
        let now = self.clock().now();
        if enforce && let Some(left) = self.faults_state().bans().left(call.application, now) {
            return Struck { instead: Some(banned(429, left)), is_page: true, ..Struck::default() };
        }
        let Some(strike) = self.faults_state().ask(|plan| Some(plan.rest(call, now))) else {
            return Struck::default();
        };
        if !strike.delay.is_zero() {
            self.clock().sleep_until_line(self.clock().line() + strike.delay).await;
        }
        Struck {
            faults: strike.faults,
            is_page: matches!(strike.instead, Some(Instead::Banned(..))),
            instead: strike.instead.map(|instead| match instead {
                Instead::Limited(scope, wait) => limited(call, scope, wait),
                Instead::Broken(status) => (broken(status), HeaderMap::new()),
                Instead::Banned(status, left) => banned(status, left),
                Instead::Expired => (expired(call), HeaderMap::new()),
            }),
            lose_answer: strike.lose_answer.map(broken),
        }
    }

    /// Notes how a request was answered: too many invalid ones are a ban. `shared`: the scope of a 429.
    pub(crate) fn note_answer(&self, call: &RestCall<'_>, mode: RateLimitMode, status: u16, shared: bool) {
        if !Bans::is_invalid(status, shared) {
            return;
        }
        let now = self.clock().now();
        if mode == RateLimitMode::Enforce {
            self.faults_state().bans().count(call.application, now);
        }
        self.faults_state().ask(|plan| {
            plan.invalid(call, now);
            Some(())
        });
    }
}

fn limited(call: &RestCall<'_>, scope: LimitScope, wait: Duration) -> (Reply, HeaderMap) {
    let scope = match scope {
        LimitScope::User => "user",
        LimitScope::Global => "global",
        LimitScope::Shared => "shared",
    };
    fault_limited(call.operation, call.method, scope, wait)
}

fn broken(status: u16) -> Reply {
    let reason =
        StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Server Error");
    Reply::new(status, json!({ "message": format!("{status}: {reason}"), "code": 0 }))
}

fn expired(call: &RestCall<'_>) -> Reply {
    let callback = call.operation == "create_interaction_response";
    Reply::error(&if callback { ApiError::unknown_interaction() } else { ApiError::invalid_webhook_token() })
}

/// As the firewall in front of Discord answers: a page, and none of Discord's headers.
fn banned(status: u16, left: Duration) -> (Reply, HeaderMap) {
    let page = "<!DOCTYPE html>\n<html><head><title>Access denied</title></head><body>\
        <h1>You are being rate limited</h1><p>This address has made too many invalid requests and is banned \
        for a while.</p></body></html>\n";
    let mut headers = HeaderMap::new();
    if status == 429 {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(left.as_secs_f64().ceil() as u64));
    }
    (Reply::new(status, page), headers)
}

/// The response of a ban: HTML, without `Via`.
pub(crate) fn page(reply: &Reply, headers: HeaderMap) -> Response<Body> {
    let text = reply.body.as_ref().and_then(Value::as_str).unwrap_or_default();
    let mut response = Response::new(Body::from(text.to_owned()));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::FORBIDDEN);
    *response.headers_mut() = headers;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
    response
}
