//! One exchange from the first byte to the journal.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{Request as HttpRequest, State},
    http::{HeaderMap, Response, request::Parts},
};
use cogwright_sim_world::{ApiError, ChannelId, MessageId};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{
    auth::{self, Caller, ClientRequest},
    body,
    limits::{Age, Rule, Verdict, Who, global_refusal, is_shared, refusal, rule, standing_headers},
    query::Query,
    record::Record,
    reply::{Reply, response},
    request::Request,
    routes::{Handler, handler},
    table::{Access, Found, Operation, TABLE},
};
use crate::{
    RateLimitMode, Sim,
    faults::{RestCall, page},
};

/// API versions that are served; no version means 10.
const VERSIONS: [&str; 2] = ["v9", "v10"];

/// Characters an audit log reason may have. See Discord docs: Audit Log.
const MAX_REASON: usize = 512;

/// Serves any request below `/api`.
pub(super) async fn serve(State(sim): State<Sim>, request: HttpRequest) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let mut record = Record::default();
    // Read whatever the answer will be: a client that is still sending would not get to see a refusal.
    let bytes = body::collect(body).await;
    let reply = match answer(&sim, &parts, bytes, &mut record).await {
        Ok(reply) => reply,
        Err(error) => {
            if let Some(seconds) = error.retry_after.filter(|_| error.status == 429) {
                let wait = Duration::try_from_secs_f64(seconds).unwrap_or_default();
                drop(refusal(wait, &mut record.headers));
            }
            Reply::error(&error)
        }
    };
    let reply = record.lost.take().unwrap_or(reply);
    record.write_down(&sim, &parts, &reply, started.elapsed());
    if record.is_page { page(&reply, record.headers) } else { response(&reply, record.headers) }
}

/// Version and decoded segments of a path; 50041 for versions that are not served.
fn segments(path: &str) -> Result<Vec<String>, ApiError> {
    let rest = path.strip_prefix("/api").unwrap_or(path);
    let mut raw = rest.split('/').skip(1).peekable();
    let is_version = |s: &&&str| {
        s.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    if let Some(version) = raw.peek().filter(is_version) {
        if !VERSIONS.contains(version) {
            return Err(ApiError::new(400, 50041, "Invalid API version provided"));
        }
        raw.next();
    }
    Ok(raw.map(|s| percent_decode_str(s).decode_utf8_lossy().into_owned()).collect())
}

async fn answer(
    sim: &Sim,
    parts: &Parts,
    bytes: Result<Vec<u8>, ApiError>,
    record: &mut Record,
) -> Result<Reply, ApiError> {
    let segments = segments(parts.uri.path())?;
    let (operation, parameters) = match TABLE.find(parts.method.as_str(), &segments) {
        Found::Operation(operation, parameters) => (operation, parameters),
        Found::WrongMethod => return Err(ApiError::method_not_allowed()),
        Found::Nothing => return Err(ApiError::not_found()),
    };
    record.operation = Some(operation);
    let any = sim.config().accept_any_token;
    let caller = matches!(operation.access, Access::Bot | Access::Bearer)
        .then(|| sim.read(|world, now| auth::caller(world, &parts.headers, any, now)))
        .transpose();
    record.caller = caller.as_ref().ok().and_then(|found| found.as_ref().map(Caller::application));
    let caller = caller.and_then(|found| {
        found.as_ref().map_or(Ok(()), |found| auth::admit(operation, found)).map(|()| found)
    });
    let interaction = RestCall::interaction_of(&parameters).map(str::to_owned);
    let call = RestCall {
        method: operation.method,
        segments: &segments,
        template: operation.path,
        operation: operation.id,
        application: record.caller,
        interaction: interaction.as_deref(),
    };
    let mode = sim.settings().rate_limits;
    let struck = sim.strike_request(&call, mode == RateLimitMode::Enforce).await;
    (record.faults, record.is_page) = (struck.faults, struck.is_page);
    let answer = match (struck.instead, caller) {
        (Some((reply, headers)), _) => {
            record.headers = headers;
            Ok(reply)
        }
        (None, Err(error)) => Err(error),
        (None, Ok(caller)) => carry_out(sim, parts, operation, parameters, caller, bytes, record).await,
    };
    let status = answer.as_ref().map_or_else(|error| error.status, |reply| reply.status);
    if !record.is_page {
        sim.note_answer(&call, mode, status, is_shared(&record.headers));
    }
    record.lost = struck.lose_answer.filter(|_| status < 300);
    answer
}

/// Rate limits, body, handler.
async fn carry_out(
    sim: &Sim,
    parts: &Parts,
    operation: &'static Operation,
    parameters: Vec<(&'static str, String)>,
    caller: Option<Caller>,
    bytes: Result<Vec<u8>, ApiError>,
    record: &mut Record,
) -> Result<Reply, ApiError> {
    let Some(handler) = handler(operation.id) else { return Ok(not_simulated(sim, operation)) };
    let mut request = Request {
        operation,
        parameters,
        query: Query::parse(parts.uri.query().unwrap_or_default()),
        caller,
        client: ClientRequest::default(),
        body: Value::Null,
        files: Vec::new(),
    };
    let mode = sim.settings().rate_limits;
    if mode != RateLimitMode::Off
        && let Some(refused) = count(sim, &request, mode, &mut record.headers)
    {
        return Ok(refused);
    }
    let reason = reason(&parts.headers)?;
    if operation.access == Access::Client {
        request.client = ClientRequest::read(&parts.headers, &bytes?);
        request.body = request.client.shown();
    } else {
        let read = body::parse(operation.method, &parts.headers, bytes?).await?;
        (request.body, request.files) = (read.json, read.files);
    }
    record.note_body(sim, &request);
    let rename = renames(&request);
    if let Some(channel) = rename {
        rename_limit(sim, channel, mode)?;
    }
    let reply = run(handler, request, &sim.because(reason))?;
    if let Some(channel) = rename {
        sim.rest().limits.renamed(channel, sim.clock().now());
    }
    Ok(reply)
}

/// Calls the handler; a panic ends with this request.
fn run(handler: Handler, request: Request, sim: &Sim) -> Result<Reply, ApiError> {
    let operation = request.operation.id;
    catch_unwind(AssertUnwindSafe(|| handler(request, sim))).unwrap_or_else(|_| {
        tracing::error!(operation, "a handler panicked");
        Err(ApiError::new(500, 0, "500: Internal Server Error"))
    })
}

/// 501: Discord has this route, the local Discord does not simulate it. Never a silent 200.
fn not_simulated(sim: &Sim, operation: &'static Operation) -> Reply {
    let route = format!("{} {}", operation.method, operation.path);
    let calls = sim.rest().count_not_simulated(operation.id);
    tracing::warn!(route, calls, "route is not simulated");
    let message = format!("501: The local Discord does not simulate {route}");
    Reply::new(501, json!({"message": message, "code": 0, "route": route}))
}

/// Counts the request; the 429 if it is refused.
fn count(sim: &Sim, request: &Request, mode: RateLimitMode, headers: &mut HeaderMap) -> Option<Reply> {
    let rule = bucket(sim, request);
    let who = match &request.caller {
        None => Who::Anonymous,
        Some(Caller::Bot(id)) => Who::Application(*id),
        Some(Caller::Person(token)) => Who::Person(token.application, token.user),
    };
    let enforce = mode == RateLimitMode::Enforce;
    match sim.rest().limits.count(sim.clock().line(), &who, &rule, &major(request)) {
        Verdict::Global(wait) => {
            let (reply, found) = global_refusal(wait);
            enforce.then(|| {
                *headers = found;
                reply
            })
        }
        Verdict::Bucket(standing) => {
            let scope = sim.settings().scope_on_200.then_some("user");
            *headers = standing_headers(&rule, &standing, scope);
            (standing.exceeded && enforce).then(|| refusal(standing.reset_after, headers))
        }
    }
}

fn bucket(sim: &Sim, request: &Request) -> Rule {
    let age = (request.operation.id == "delete_message").then(|| {
        let ids = (request.id::<ChannelId>("channel_id"), request.id::<MessageId>("message_id"));
        let (Ok(channel), Ok(message)) = ids else { return Age::Young };
        sim.read(|world, now| world.message(channel, message).map_or(Age::Young, |_| Age::of(message, now)))
    });
    rule(request.operation.id, request.operation.method, age)
}

/// The major parameters of a route: they have buckets of their own. See Discord docs: Rate Limits.
fn major(request: &Request) -> String {
    const MAJOR: [&str; 6] =
        ["channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id", "interaction_token"];
    let values: Vec<&str> = MAJOR.iter().map(|name| request.text(name)).filter(|v| !v.is_empty()).collect();
    values.join("/")
}

/// The channel whose name or topic this request changes.
fn renames(request: &Request) -> Option<ChannelId> {
    let named = request.body.get("name").is_some() || request.body.get("topic").is_some();
    (request.operation.id == "update_channel" && named).then(|| request.id("channel_id").ok()).flatten()
}

fn rename_limit(sim: &Sim, channel: ChannelId, mode: RateLimitMode) -> Result<(), ApiError> {
    let now = sim.clock().now();
    match sim.rest().limits.rename_wait(channel, now).filter(|_| mode == RateLimitMode::Enforce) {
        None => Ok(()),
        Some(wait) => {
            let mut error = ApiError::new(429, 0, "You are being rate limited.");
            error.retry_after = Some(wait.as_secs_f64());
            Err(error)
        }
    }
}

/// The decoded audit log reason. Clients percent-encode it, some leave spaces and slashes raw.
fn reason(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("x-audit-log-reason") else { return Ok(None) };
    let reason = percent_encoding::percent_decode(value.as_bytes()).decode_utf8_lossy().into_owned();
    if reason.is_empty() {
        return Ok(None);
    }
    if reason.chars().count() > MAX_REASON {
        let message = format!("Must be between 1 and {MAX_REASON} in length.");
        return Err(ApiError::form("X-Audit-Log-Reason", "BASE_TYPE_BAD_LENGTH", message));
    }
    Ok(Some(reason))
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn versions_and_decoding() {
        assert_eq!(segments("/api/v10/users/@me").unwrap(), ["users", "@me"]);
        assert_eq!(segments("/api/v9/users/%40me").unwrap(), ["users", "@me"]);
        assert_eq!(segments("/api/voice/regions").unwrap(), ["voice", "regions"]);
        assert_eq!(segments("/api/v10/a%2Fb").unwrap(), ["a/b"]);
        assert_eq!(segments("/api/v10/x/%F0%9F%91%8D").unwrap(), ["x", "👍"]);
        assert_eq!(segments("/api/v8/users/@me").map_err(|e| e.code), Err(50041));
        assert!(segments("/api").unwrap().is_empty());
    }

    #[test]
    fn reasons_are_decoded_and_bounded() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-audit-log-reason", http::HeaderValue::from_str(text).unwrap());
            reason(&headers)
        };
        assert_eq!(read("spam%20%C3%B6 / raw"), Ok(Some("spam ö / raw".into())));
        assert_eq!(read(""), Ok(None));
        assert!(read(&"x".repeat(512)).is_ok());
        assert_eq!(read(&"x".repeat(513)).map_err(|e| e.code), Err(50035));
    }
}
