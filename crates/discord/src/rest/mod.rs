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
mod limits;
mod pace;
mod retry;
mod route;
mod wire;

pub use body::RestResponse;
pub use error::{Culprit, RestError};
pub use limits::{Priority, RestLimits};

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use cogwright_config::Secret;
use tokio_util::sync::CancellationToken;
use twilight_http::request::{Request, TryIntoRequest};
use twilight_model::channel::message::{AllowedMentions, MentionType};

use crate::endpoint::{Endpoint, install_tls_provider};
use bucket::Buckets;
use gate::Gate;
use pace::Pace;
use retry::Outcome;
use route::Route;
use wire::Wire;

/// Sends requests to Discord. Clones share all limits.
#[derive(Clone, Debug)]
pub struct Rest {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    builder: twilight_http::Client,
    wire: Wire,
    limits: RestLimits,
    gate: Gate,
    pace: Pace,
    buckets: Buckets,
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

    /// The same with other bounds for waiting and retrying.
    pub fn with_limits(endpoint: &Endpoint, token: &Secret, limits: RestLimits) -> Self {
        install_tls_provider();
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
                gate: Gate::default(),
                pace: Pace::new(&limits),
                buckets: Buckets::default(),
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
        let shared = &*self.shared;
        let _pending = shared.admit(priority)?;
        let route = Route::of(request.method(), request.path());
        let priority = if route.is_interaction_callback() { Priority::Callback } else { priority };
        let deadline = Instant::now() + shared.limits.total(priority);
        let mut attempt = 0;
        loop {
            if request.use_authorization_token() && shared.rejected.is_cancelled() {
                return Err(RestError::Unauthorized);
            }
            shared.clear(&route, priority, deadline).await?;
            let permit = shared.buckets.acquire(&route, deadline).await?;
            // A global limit may have begun while this waited for its own bucket.
            shared.gate.pass(deadline).await?;
            let sent = shared.wire.exchange(request, shared.limits.exchange(deadline)).await;
            if let Ok(answer) = &sent {
                permit.settle(answer);
                if answer.is_ban() {
                    let status = answer.status.as_u16();
                    tracing::error!(status, "the firewall in front of Discord bans this address");
                }
                if let Some(wait) = answer.global_limit() {
                    shared.gate.close(wait);
                }
            } else {
                drop(permit);
            }
            attempt += 1;
            match retry::judge(request, sent, attempt, &shared.limits) {
                Outcome::Done(answer) => return Ok(RestResponse::new(answer)),
                Outcome::Failed(error) => {
                    if matches!(error, RestError::Unauthorized) {
                        shared.reject();
                    }
                    return Err(error);
                }
                Outcome::Retry { wait, error } => {
                    if Instant::now() + wait >= deadline {
                        return Err(error);
                    }
                    tracing::debug!(
                        route = route.template(),
                        attempt,
                        wait_ms = wait.as_millis() as u64,
                        %error,
                        "retrying a request"
                    );
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    /// Raised once Discord has refused the token; from then on every request that needs it
    /// fails at once with [`RestError::Unauthorized`].
    pub fn rejected(&self) -> CancellationToken {
        self.shared.rejected.clone()
    }
}

impl Shared {
    fn admit(&self, priority: Priority) -> Result<Pending<'_>, RestError> {
        let before = self.pending.fetch_add(1, Ordering::Relaxed);
        let pending = Pending(&self.pending);
        if before < self.limits.pending(priority) { Ok(pending) } else { Err(RestError::Overloaded) }
    }

    /// Waits until neither the global limit nor our own pace speaks against sending.
    async fn clear(&self, route: &Route, priority: Priority, deadline: Instant) -> Result<(), RestError> {
        self.gate.pass(deadline).await?;
        // See Discord docs: Rate Limits / Global Rate Limit: "Interaction endpoints are not
        // bound to the bot's Global Rate Limit."
        if !route.is_interaction() {
            self.pace.wait(priority, deadline).await?;
        }
        Ok(())
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
