//! A shard: one connection after the other, its session carried from each to the next.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{Event, EventTypeFlags, Intents, ShardId};

use super::ShardEvent;
use super::backoff::Backoff;
use super::connection::{Connection, End, Identity, Session, Step};
use super::error::{Failure, GatewayError};
use super::latency::Latencies;
use super::queue::IdentifyQueue;
use super::transport::Transport;

/// How long handing on one event may take before a log line says that the bot is too slow.
const SLOW: Duration = Duration::from_secs(5);

pub(super) struct ShardTask {
    pub(super) id: ShardId,
    /// The gateway's address, where sessions begin.
    pub(super) address: String,
    pub(super) shared: Arc<Shared>,
    pub(super) events: mpsc::Sender<ShardEvent>,
    pub(super) stop: CancellationToken,
}

/// What all shards of a bot have in common.
pub(super) struct Shared {
    pub(super) token: String,
    pub(super) intents: Intents,
    pub(super) wanted: EventTypeFlags,
    pub(super) presence: Value,
    pub(super) queue: IdentifyQueue,
    pub(super) failure: Failure,
    pub(super) latencies: Latencies,
}

/// How a connection went.
struct Course {
    session: Option<Session>,
    /// Whether it was identified or resumed.
    ready: bool,
    end: End,
}

impl ShardTask {
    pub(super) async fn run(self) {
        let number = self.id.number();
        let identify = self.identify();
        let mut backoff = Backoff::default();
        let mut session: Option<Session> = None;
        let mut unreadable = 0_u64;
        loop {
            let begun = Instant::now();
            let Some(course) = self.connection(&identify, session.take(), &mut unreadable).await else {
                return;
            };
            self.shared.latencies.forget(number);
            if self.stop.is_cancelled() {
                tracing::debug!(shard = number, "shard closed");
                return;
            }
            let fatal = course.end.code;
            let fatal = fatal.and_then(|code| GatewayError::of_close(code, self.shared.intents));
            if let Some(error) = fatal {
                tracing::error!(shard = number, %error, "shard closed for good");
                self.shared.failure.set(error);
                // One shard short the bot would answer in some guilds only; stop them all.
                self.stop.cancel();
                return;
            }
            session = course.session;
            let pause = backoff.with_jitter(course.ready, begun.elapsed());
            tracing::info!(
                shard = number,
                reason = %course.end.why,
                resume = session.is_some(),
                pause_ms = pause.as_millis() as u64,
                "connection ended; reconnecting"
            );
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One connection from its beginning to its end; `None` once nobody wants events any more.
    async fn connection(
        &self,
        identify: &Value,
        session: Option<Session>,
        unreadable: &mut u64,
    ) -> Option<Course> {
        let resume_url = session.as_ref().and_then(|session| session.url.as_deref());
        let address = resume_url.unwrap_or(&self.address);
        tracing::debug!(shard = self.id.number(), address, resume = session.is_some(), "connecting");
        let connecting = tokio::select! {
            () = self.stop.cancelled() => return None,
            connecting = Transport::connect(address) => connecting,
        };
        let transport = match connecting {
            Ok(transport) => transport,
            Err(why) => {
                // The address for resuming may be the trouble; the session is still good.
                let session = session.map(|session| Session { url: None, ..session });
                let why = format!("could not connect: {why}");
                return Some(Course { session, ready: false, end: End { code: None, why } });
            }
        };
        let identity =
            Identity { id: self.id, identify, token: &self.shared.token, queue: &self.shared.queue };
        let mut connection = Connection::new(identity, transport, session, self.stop.clone());
        let mut ready = false;
        let end = loop {
            match connection.next().await {
                Step::Dispatch { text, begins } => {
                    if begins {
                        ready = true;
                        if let Err(end) = connection.probe().await {
                            break end;
                        }
                    }
                    match twilight_gateway::parse(text, self.shared.wanted) {
                        Ok(Some(event)) => {
                            if !self.hand_on(event.into()).await {
                                return None;
                            }
                        }
                        Ok(None) => {}
                        Err(error) => {
                            let source = std::error::Error::source(&error).map(ToString::to_string);
                            self.complain(source.unwrap_or_default(), unreadable);
                        }
                    }
                }
                Step::Latency(latency) => self.shared.latencies.set(self.id.number(), latency),
                Step::Unreadable(why) => self.complain(why, unreadable),
                Step::Ended(end) => break end,
            }
        };
        Some(Course { session: connection.into_session(), ready, end })
    }

    /// See Discord docs: Gateway Events / Identify.
    fn identify(&self) -> Value {
        let mut data = serde_json::json!({
            "token": self.shared.token,
            "intents": self.shared.intents.bits(),
            "properties": {
                "os": std::env::consts::OS,
                "browser": "cogwright",
                "device": "cogwright",
            },
            "large_threshold": 50,
            "shard": [self.id.number(), self.id.total()],
        });
        if !self.shared.presence.is_null() {
            data["presence"] = self.shared.presence.clone();
        }
        serde_json::json!({"op": 2, "d": data})
    }

    /// `false` once nobody wants events any more.
    async fn hand_on(&self, event: Event) -> bool {
        let item = match self.events.try_send((self.id, event)) {
            Ok(()) => return true,
            Err(mpsc::error::TrySendError::Closed(_)) => return false,
            Err(mpsc::error::TrySendError::Full(item)) => item,
        };
        let sending = self.events.send(item);
        tokio::pin!(sending);
        loop {
            tokio::select! {
                sent = &mut sending => return sent.is_ok(),
                // Whoever closes the gateway may not read on; what is left is dropped with it.
                () = self.stop.cancelled() => return false,
                () = tokio::time::sleep(SLOW) => {
                    tracing::warn!(shard = self.id.number(), "the bot does not keep up with its events");
                }
            }
        }
    }

    /// An event that does not fit the model is one event lost, not the end of the stream.
    fn complain(&self, why: String, count: &mut u64) {
        *count += 1;
        tracing::warn!(
            shard = self.id.number(),
            count = *count,
            why,
            "a frame could not be read and is skipped"
        );
    }
}
