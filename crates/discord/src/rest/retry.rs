//! What an answer means for the request: done, failed, or once more.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use twilight_http::request::{Method, Request};

use super::error::RestError;
use super::limits::RestLimits;
use super::wire::{Answer, WireError};

/// Longest text of an error that is kept for the log.
const MAX_DETAILS: usize = 2_000;

/// A moment's lateness after the end of a limit: our clock and the server's are not the same.
const SLACK: Duration = Duration::from_millis(25);

pub(crate) enum Outcome {
    Done(Answer),
    Failed(RestError),
    Retry { wait: Duration, error: RestError },
}

/// `attempt` is how often the request has been sent, the one just answered included.
pub(crate) fn judge(
    request: &Request,
    sent: Result<Answer, WireError>,
    attempt: u32,
    limits: &RestLimits,
) -> Outcome {
    let again = attempt < limits.attempts;
    let (error, wait, safe) = match sent {
        Ok(answer) if answer.status.is_success() => return Outcome::Done(answer),
        Ok(answer) => {
            if let Some(retry_after) = answer.wait() {
                let global = answer.global_limit().is_some();
                let error = RestError::Limited { retry_after, global };
                // The request was not carried out, so any method may be repeated.
                (error, retry_after + SLACK, true)
            } else if answer.status.is_server_error() {
                let status = answer.status.as_u16();
                let pause = backoff(attempt, limits).max(answer.seconds("retry-after").unwrap_or_default());
                let safe = is_repeatable(request) && is_passing(answer.status);
                (RestError::Unavailable { status }, pause, safe)
            } else {
                return Outcome::Failed(refusal(request, &answer));
            }
        }
        Err(error) => {
            let never_sent = matches!(error, WireError::NotSent(_));
            let malformed = matches!(error, WireError::Malformed(_));
            let safe = never_sent || (is_repeatable(request) && !malformed);
            (error.into(), backoff(attempt, limits), safe)
        }
    };
    if again && safe { Outcome::Retry { wait, error } } else { Outcome::Failed(error) }
}

/// Whether doing it twice is the same as doing it once. PATCH sets absolute values on Discord, but
/// is not promised to be repeatable; it is not repeated.
fn is_repeatable(request: &Request) -> bool {
    match request.method() {
        Method::Get | Method::Put | Method::Delete => true,
        // See Discord docs: Create Message: with an enforced nonce the earlier message is returned.
        Method::Post => request
            .body()
            .and_then(|body| serde_json::from_slice::<Nonce<'_>>(body).ok())
            .is_some_and(|body| body.enforce_nonce && !body.nonce.get().trim().trim_matches('"').is_empty()),
        _ => false,
    }
}

#[derive(Deserialize)]
struct Nonce<'a> {
    enforce_nonce: bool,
    /// A text or a number.
    #[serde(borrow)]
    nonce: &'a serde_json::value::RawValue,
}

fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502 | 503 | 504 | 520..=529)
}

fn backoff(attempt: u32, limits: &RestLimits) -> Duration {
    let doubled = limits.pause * 2_u32.saturating_pow(attempt.saturating_sub(1).min(8));
    // Between half and one and a half, so that many do not return at the same moment.
    doubled.mul_f64(0.5 + fastrand::f64())
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(default)]
    code: u64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Option<serde_json::Value>,
}

fn refusal(request: &Request, answer: &Answer) -> RestError {
    // Without our token a 401 is about the token in the path: an interaction or webhook that has
    // ended. It says nothing about the bot's own.
    if answer.status == StatusCode::UNAUTHORIZED && request.use_authorization_token() {
        return RestError::Unauthorized;
    }
    let status = answer.status.as_u16();
    match serde_json::from_slice::<ErrorBody>(&answer.body) {
        Ok(body) => RestError::Discord {
            status,
            code: body.code,
            message: body.message,
            details: body.errors.map(|errors| shorten(&errors.to_string())),
        },
        Err(_) => RestError::Discord {
            status,
            code: 0,
            message: answer.status.to_string(),
            details: Some(shorten(&String::from_utf8_lossy(&answer.body))),
        },
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_DETAILS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
