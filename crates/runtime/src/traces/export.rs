//! Sends spans to the collector, in batches, for as long as the bot runs.

use std::time::Duration;

use bytes::Bytes;
use cogwright_discord::{HttpClient, http_client};
use cogwright_lifecycle::CancellationToken;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use serde_json::Value;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::collect::Ended;
use super::{Collector, Lost, encode};

/// Spans of one request, about 300 KB.
const BATCH: usize = 512;

/// How long a span waits for others to go with.
const GATHER: Duration = Duration::from_secs(1);

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// First pause after a failure; doubles up to [`LONGEST`]. Meanwhile spans wait, and those that find no place are lost.
const PAUSE: Duration = Duration::from_secs(1);

/// Longest pause, also when the collector asks for a longer one.
const LONGEST: Duration = Duration::from_secs(60);

/// How long what still waits may take to be sent once the bot stops.
pub(crate) const FLUSH: Duration = Duration::from_secs(2);

/// Bound for an answer, which is a few bytes or an error's text.
const MAX_ANSWER: usize = 64 * 1024;

/// Why spans were not taken.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("it answered {0}")]
    Refused(StatusCode, Option<Duration>),
    #[error("it cannot be reached: {0}")]
    Unreachable(Box<dyn std::error::Error + Send + Sync>),
    #[error("it did not answer within {PATIENCE:?}")]
    TimedOut,
    #[error("its address cannot be used: {0}")]
    Address(#[from] http::Error),
}

impl ExportError {
    /// See OTLP 1.x, OTLP/HTTP Response, Retryable Response Codes.
    fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(status, _) => matches!(status.as_u16(), 429 | 502 | 503 | 504),
            Self::Unreachable(_) | Self::TimedOut => true,
            Self::Address(_) => false,
        }
    }

    fn wait(&self) -> Option<Duration> {
        if let Self::Refused(_, wait) = self { *wait } else { None }
    }
}

/// The sending end.
pub(crate) struct Export {
    to: Collector,
    headers: Vec<(HeaderName, HeaderValue)>,
    waiting: Receiver<Ended>,
    lost: Lost,
    /// The next pause, while requests fail.
    pause: Option<Duration>,
    /// When it was last said that spans are lost.
    told: Option<Instant>,
}

impl Export {
    pub(super) fn new(to: Collector, waiting: Receiver<Ended>, lost: Lost) -> Self {
        let headers = to.headers.iter().filter_map(|(name, value)| {
            // The settings let nothing else pass.
            let name = HeaderName::try_from(name).ok()?;
            let mut value = HeaderValue::from_str(value.expose()).ok()?;
            value.set_sensitive(true);
            Some((name, value))
        });
        let headers = headers.collect();
        Self { to, headers, waiting, lost, pause: None, told: None }
    }

    /// Sends until `stop`, and then what still waits, for [`FLUSH`] at most. `clean` takes secrets out of a text.
    pub(crate) async fn run(mut self, stop: CancellationToken, clean: impl Fn(String) -> String + Send) {
        let client = http_client();
        tracing::info!(collector = self.to.url, "traces are sent");
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(()) = stop.run_until_cancelled(self.gather(&mut batch)).await {
            let sent = stop.run_until_cancelled(self.send(&client, &mut batch, &clean)).await;
            let Some(pause) = sent else { break };
            if let Some(pause) = pause
                && stop.run_until_cancelled(sleep(pause)).await.is_none()
            {
                break;
            }
        }
        self.waiting.close();
        let deadline = Instant::now() + FLUSH;
        loop {
            while batch.len() < BATCH
                && let Ok(span) = self.waiting.try_recv()
            {
                batch.push(span);
            }
            // One failure is enough: there is no time to wait for a collector. What was under way when the bot was
            // stopped is sent again.
            let sent = timeout_at(deadline, self.send(&client, &mut batch, &clean)).await;
            if batch.is_empty() && self.waiting.is_empty() {
                break;
            }
            if !matches!(sent, Ok(None)) {
                self.lost.add(batch.len() + self.waiting.len());
                break;
            }
        }
        let lost = self.lost.take();
        if lost > 0 {
            tracing::warn!(lost, "traces were lost");
        }
    }

    /// Waits for spans: a full batch, or what comes within [`GATHER`] of the first. A batch that failed stays and goes
    /// first.
    async fn gather(&mut self, batch: &mut Vec<Ended>) {
        if batch.is_empty() {
            match self.waiting.recv().await {
                Some(first) => batch.push(first),
                // Nothing collects any more: it waits to be stopped.
                None => return std::future::pending().await,
            }
        }
        let until = Instant::now() + GATHER;
        while batch.len() < BATCH {
            let room = BATCH - batch.len();
            tokio::select! {
                () = sleep_until(until) => return,
                more = self.waiting.recv_many(batch, room) => if more == 0 { return },
            }
        }
    }

    /// Sends a batch; it is empty afterwards unless it makes sense to try it again. Answers how long to wait before
    /// the next one.
    async fn send(
        &mut self,
        client: &HttpClient,
        batch: &mut Vec<Ended>,
        clean: &impl Fn(String) -> String,
    ) -> Option<Duration> {
        if batch.is_empty() {
            return None;
        }
        let body = clean(encode::body(batch).to_string());
        match timeout(PATIENCE, self.post(client, body)).await.unwrap_or(Err(ExportError::TimedOut)) {
            Ok(rejected) => {
                self.lost.add(rejected.min(batch.len()));
                batch.clear();
                if self.pause.take().is_some() {
                    tracing::info!(lost = self.lost.take(), "traces are sent again");
                } else {
                    self.tell_lost();
                }
                None
            }
            Err(error) => {
                let pause = self.pause.unwrap_or(PAUSE);
                if self.pause.is_none() {
                    // Once until it works again.
                    let retried = error.is_retryable();
                    tracing::warn!(collector = self.to.url, %error, retried, "traces are not taken");
                }
                self.pause = Some((pause * 2).min(LONGEST));
                if !error.is_retryable() {
                    self.lost.add(batch.len());
                    batch.clear();
                }
                Some(error.wait().unwrap_or(pause).clamp(PAUSE, LONGEST))
            }
        }
    }

    /// Says how many were lost, once in [`LONGEST`].
    fn tell_lost(&mut self) {
        if self.lost.any() && self.told.is_none_or(|told| told.elapsed() >= LONGEST) {
            self.told = Some(Instant::now());
            tracing::warn!(
                lost = self.lost.take(),
                "traces were lost; the collector is slow or does not want them"
            );
        }
    }

    /// How many of the spans the collector did not want, although it took the request.
    async fn post(&self, client: &HttpClient, body: String) -> Result<usize, ExportError> {
        let mut request = Request::post(&self.to.url).header(CONTENT_TYPE, "application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let answer = client.request(request).await.map_err(|error| ExportError::Unreachable(error.into()))?;
        let (parts, body) = answer.into_parts();
        if !parts.status.is_success() {
            let wait = parts.headers.get(RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
            return Err(ExportError::Refused(parts.status, wait.map(Duration::from_secs)));
        }
        let body =
            Limited::new(body, MAX_ANSWER).collect().await.map_err(ExportError::Unreachable)?.to_bytes();
        // An answer without a body, or in another form, rejects nothing.
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        let rejected = &answer["partialSuccess"]["rejectedSpans"];
        let count = rejected.as_u64().or_else(|| rejected.as_str()?.parse().ok());
        Ok(count.unwrap_or_default() as usize)
    }
}
