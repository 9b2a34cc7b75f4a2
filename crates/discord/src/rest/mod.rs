//! The only way in which REST requests leave.
//!
//! twilight-http builds the requests, but does not send them: its own client repeats a request
//! that got a 429 at once and for ever, hides the answer's headers while it does so, and ignores
//! `Retry-After` of a global limit altogether. So requests are built by its typed builders,
//! and sent, paced and retried here.

mod body;
mod bucket;
mod error;
mod gate;
mod invalid;
mod limits;
mod pace;
mod refusals;
mod retry;
mod route;
mod stats;
mod wire;

pub use body::RestResponse;
pub use error::{Culprit, RestError};
pub use limits::{InvalidLimits, Priority, RestLimits};
pub use stats::{InvalidBudget, LimitCounts, RestStats};
pub use wire::{HttpClient, http_client};

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cogwright_config::Secret;
use tokio_util::sync::CancellationToken;
use twilight_http::request::{Request, TryIntoRequest};
use twilight_model::channel::message::{AllowedMentions, MentionType};
use twilight_model::util::ImageHash;

use crate::endpoint::Endpoint;
use crate::picture::Picture;
use bucket::Buckets;
use gate::{Gate, Stops};
use invalid::Invalid;
use pace::Pace;
use refusals::Refusals;
use retry::Outcome;
use route::Route;
use stats::{Counters, count};
use wire::Wire;

/// Sends requests to Discord. Clones share all limits.
#[derive(Clone, Debug)]
pub struct Rest {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    endpoint: Endpoint,
    builder: twilight_http::Client,
    wire: Wire,
    limits: RestLimits,
    gate: Gate,
    pace: Pace,
    buckets: Buckets,
    invalid: Invalid,
    refusals: Refusals,
    counters: Counters,
    pending: AtomicUsize,
    rejected: CancellationToken,
}

/// Counts a request among the pending ones for as long as it lives.
struct Pending<'a>(&'a AtomicUsize);

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Rest {
    /// A way to `endpoint` for the bot with this token. Opens no connection yet.
    ///
    /// # Panics
    /// Outside a tokio runtime: twilight's builder starts a task, though it is not used.
    pub fn new(endpoint: &Endpoint, token: &Secret) -> Self {
        Self::with_limits(endpoint, token, RestLimits::default())
    }

    /// The same with other limits. Our own ones can be switched off for a server on the loopback interface only.
    pub fn with_limits(endpoint: &Endpoint, token: &Secret, mut limits: RestLimits) -> Self {
        if !limits.own_limits && !endpoint.is_loopback() {
            tracing::warn!(at = %endpoint, "limits are switched off for servers on this machine only; they stay on");
            limits.own_limits = true;
        }
        // Only people and the author of the message replied to, unless a request says otherwise:
        // a bot that repeats what somebody wrote must not ping everyone.
        let mentions = AllowedMentions {
            parse: vec![MentionType::Users],
            replied_user: true,
            ..AllowedMentions::default()
        };
        let builder = twilight_http::Client::builder()
            .ratelimiter(None)
            .default_allowed_mentions(mentions)
            // A builder that is awaited by mistake instead of being given to `send` fails at
            // once: it has no token and nowhere to go. ".invalid" never resolves (RFC 2606).
            .proxy("requests-leave-through-rest-send.invalid".to_owned(), true)
            .build();
        Self {
            shared: Arc::new(Shared {
                builder,
                wire: Wire::new(endpoint, token),
                endpoint: endpoint.clone(),
                gate: Gate::default(),
                pace: Pace::new(&limits),
                buckets: Buckets::default(),
                invalid: Invalid::new(limits.invalid.window),
                refusals: Refusals::default(),
                counters: Counters::default(),
                pending: AtomicUsize::new(0),
                rejected: CancellationToken::new(),
                limits,
            }),
        }
    }

    /// For building requests. What it builds is sent by [`send`](Rest::send); awaiting a builder
    /// directly fails.
    pub fn http(&self) -> &twilight_http::Client {
        &self.shared.builder
    }

    /// Sends a request and answers with Discord's successful response, read completely.
    ///
    /// Waits out rate limits and retries within the bounds of `priority`
    /// (see [`RestLimits`]). Dropping the future gives the request up.
    ///
    /// # Errors
    /// See [`RestError`]; every answer that is not a success is one.
    pub async fn send<R, T>(&self, request: R, priority: Priority) -> Result<RestResponse<T>, RestError>
    where
        R: TryIntoRequest + IntoFuture<Output = Result<twilight_http::Response<T>, twilight_http::Error>>,
    {
        let request = request.try_into_request().map_err(RestError::Build)?;
        self.send_raw(&request, priority).await
    }

    /// Sends a request that was put together by hand, or has no builder.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn send_raw<T>(
        &self,
        request: &Request,
        priority: Priority,
    ) -> Result<RestResponse<T>, RestError> {
        self.shared.carry(request, priority, None).await
    }

    /// The same for callers that want to tell somebody about a wait: a limit that asks for more than `patience`
    /// is not waited out, but answered with [`RestError::Limited`] at once.
    ///
    /// # Errors
    /// See [`RestError`].
    pub async fn send_impatient<T>(
        &self,
        request: &Request,
        priority: Priority,
        patience: Duration,
    ) -> Result<RestResponse<T>, RestError> {
        self.shared.carry(request, priority, Some(patience)).await
    }

    /// The address of a picture.
    pub fn picture(&self, of: Picture, hash: ImageHash) -> String {
        of.url(&self.shared.endpoint, hash)
    }

    /// How things stand, and what has happened since the start.
    pub fn stats(&self) -> RestStats {
        let shared = &*self.shared;
        let now = Instant::now();
        let limits = &shared.limits.invalid;
        let used = shared.invalid.used(now);
        let closed = shared.gate.closed_until(false);
        RestStats {
            waiting: shared.pending.load(Ordering::Relaxed),
            global_limit: closed.map_or(Duration::ZERO, |until| until.saturating_duration_since(now)),
            invalid: InvalidBudget {
                used,
                allowed: limits.allowed,
                remaining: limits.allowed.saturating_sub(used),
                ceiling: limits.interaction,
                window: limits.window,
            },
            round_trip: match shared.counters.round_trip.load(Ordering::Relaxed) {
                0 => None,
                micros => Some(Duration::from_micros(micros)),
            },
            ..shared.counters.snapshot()
        }
    }

    /// Raised once Discord has refused the token; from then on every request that needs it
    /// fails at once with [`RestError::Unauthorized`].
    pub fn rejected(&self) -> CancellationToken {
        self.shared.rejected.clone()
    }
}

impl Shared {
    async fn carry<T>(
        &self,
        request: &Request,
        priority: Priority,
        patience: Option<Duration>,
    ) -> Result<RestResponse<T>, RestError> {
        let _pending = self.admit(priority)?;
        let route = Route::of(request.method(), request.path());
        let priority = if route.is_interaction_callback() { Priority::Callback } else { priority };
        let deadline = Instant::now() + self.limits.total(priority);
        let mut attempt = 0;
        loop {
            // What is known to fail does not even wait; and while it waited it may have become known.
            self.may_be_sent(request, priority)?;
            self.known(self.refusals.peek(&route, Instant::now()))?;
            let until = patience.map_or(deadline, |patience| deadline.min(Instant::now() + patience));
            self.clear(&route, priority, until).await?;
            let permit = self.buckets.acquire(&route, priority, until).await?;
            // A global limit may have begun while this waited for its own bucket.
            self.gate.pass(route.is_interaction_callback(), until).await?;
            self.may_be_sent(request, priority)?;
            self.known(self.refusals.claim(&route, Instant::now()))?;
            count(&self.counters.sent);
            let leaves = Instant::now();
            let sent = self.wire.exchange(request, self.limits.exchange(deadline)).await;
            match &sent {
                Ok(answer) => {
                    let took = u64::try_from(leaves.elapsed().as_micros()).unwrap_or(u64::MAX).max(1);
                    self.counters.round_trip.store(took, Ordering::Relaxed);
                    permit.settle(answer);
                    self.note(&route, answer);
                }
                Err(_) => {
                    count(&self.counters.broken);
                    drop(permit);
                }
            }
            attempt += 1;
            match retry::judge(request, sent, attempt, &self.limits) {
                Outcome::Done(answer) => {
                    self.refusals.learn(&route, Ok(()), Instant::now());
                    return Ok(RestResponse::new(answer));
                }
                Outcome::Failed(error) => {
                    if matches!(error, RestError::Unauthorized) {
                        self.reject();
                    }
                    self.refusals.learn(&route, Err(&error), Instant::now());
                    return Err(error);
                }
                Outcome::Retry { wait, error } => {
                    let impatient = patience.is_some_and(|patience| wait > patience);
                    if impatient || Instant::now() + wait >= deadline {
                        return Err(error);
                    }
                    tracing::debug!(
                        route = route.template(),
                        attempt,
                        wait_ms = wait.as_millis() as u64,
                        %error,
                        "retrying a request"
                    );
                    count(&self.counters.retries);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    fn admit(&self, priority: Priority) -> Result<Pending<'_>, RestError> {
        let before = self.pending.fetch_add(1, Ordering::Relaxed);
        let pending = Pending(&self.pending);
        if before < self.limits.pending(priority) {
            Ok(pending)
        } else {
            count(&self.counters.overloaded);
            Err(RestError::Overloaded)
        }
    }

    /// Whether token and budget allow a request of this priority.
    fn may_be_sent(&self, request: &Request, priority: Priority) -> Result<(), RestError> {
        if request.use_authorization_token() && self.rejected.is_cancelled() {
            return Err(RestError::Unauthorized);
        }
        if !self.limits.own_limits {
            return Ok(());
        }
        let (used, ceiling) = (self.invalid.used(Instant::now()), self.limits.invalid.ceiling(priority));
        if used >= ceiling {
            count(&self.counters.withheld);
            return Err(RestError::Withheld { used, ceiling });
        }
        Ok(())
    }

    /// Fails with what is known to be the answer.
    fn known(&self, refusal: Option<RestError>) -> Result<(), RestError> {
        match refusal {
            Some(refusal) if self.limits.own_limits => {
                count(&self.counters.answered_locally);
                Err(refusal)
            }
            _ => Ok(()),
        }
    }

    /// Waits until neither the global limit nor our own pace speaks against sending.
    async fn clear(&self, route: &Route, priority: Priority, deadline: Instant) -> Result<(), RestError> {
        self.gate.pass(route.is_interaction_callback(), deadline).await?;
        // See Discord docs: Rate Limits / Global Rate Limit: "Interaction endpoints are not
        // bound to the bot's Global Rate Limit."
        if self.limits.own_limits && !route.is_interaction() {
            self.pace.wait(priority, deadline).await?;
        }
        Ok(())
    }

    /// Learns from the head of an answer.
    fn note(&self, route: &Route, answer: &wire::Answer) {
        self.counters.answered(answer);
        self.invalid.note(answer, Instant::now());
        if answer.is_ban() {
            let status = answer.status.as_u16();
            tracing::error!(status, "the firewall in front of Discord bans this address");
        }
        if let Some(wait) = answer.global_limit() {
            // Callbacks are exempt from the bot's own limit; one that is refused has met another.
            let bot = !answer.is_ban() && !route.is_interaction_callback();
            self.gate.close(wait, if bot { Stops::Bot } else { Stops::Address });
        }
    }

    fn reject(&self) {
        if !self.rejected.is_cancelled() {
            tracing::error!("Discord refuses the token; no further request is sent");
            self.rejected.cancel();
        }
    }
}

#[cfg(test)]
mod tests;
