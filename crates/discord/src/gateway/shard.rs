//! A shard: one connection after the other, its session carried from each to the next.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;
use twilight_gateway::{Event, EventTypeFlags, Intents, ShardId};

use super::ShardEvent;
use super::backoff::Backoff;
use super::connection::{Connection, End, Identity, Session, Step};
use super::error::{Failure, GatewayError};
use super::farewell::Farewell;
use super::latency::Latencies;
use super::ledger::Ledger;
use super::presence::Outbox;
use super::queue::IdentifyQueue;
use super::transport::Transport;

/// How long handing on one event may take before a log line says that the bot is too slow.
const SLOW: Duration = Duration::from_secs(5);

/// Guilds from which on a shard is about to be too large. See Discord docs: Gateway / Sharding.
pub(super) const CROWDED: usize = 2_500;

/// How long to wait, at random, before identifying when a session is not known any more. See Discord docs:
/// Gateway / Resuming.
const INVALID: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));

pub(super) struct ShardTask {
    pub(super) id: ShardId,
    /// The gateway's address, where sessions begin.
    pub(super) address: String,
    pub(super) shared: Arc<Shared>,
    pub(super) events: mpsc::Sender<ShardEvent>,
    pub(super) stop: Farewell,
    pub(super) ledger: Arc<Ledger>,
    pub(super) outbox: Outbox,
    /// What an earlier process left.
    pub(super) session: Option<Session>,
}

/// What all shards of a bot have in common.
pub(super) struct Shared {
    pub(super) token: String,
    pub(super) intents: Intents,
    pub(super) wanted: EventTypeFlags,
    pub(super) queue: IdentifyQueue,
    pub(super) failure: Failure,
    pub(super) latencies: Latencies,
}

/// How a connection went.
struct Course {
    session: Option<Session>,
    /// Since when it was identified or resumed.
    ready: Option<Instant>,
    /// Discord does not know the session any more.
    invalid: bool,
    end: End,
}

impl ShardTask {
    pub(super) async fn run(mut self) {
        let number = self.id.number();
        let identify = self.identify();
        let mut backoff = Backoff::default();
        let mut session = self.session.take();
        let mut unreadable = 0_u64;
        loop {
            let Some(course) = self.connection(&identify, session.take(), &mut unreadable).await else {
                return;
            };
            self.shared.latencies.forget(number);
            if self.stop.is_said() {
                tracing::debug!(shard = number, "shard closed");
                return;
            }
            let fatal = course.end.code;
            let fatal = fatal.and_then(|code| GatewayError::of_close(code, self.shared.intents));
            if let Some(error) = fatal {
                tracing::error!(shard = number, %error, "shard closed for good");
                self.shared.failure.set(error);
                // One shard short the bot would answer in some guilds only; stop them all.
                self.stop.end();
                return;
            }
            session = course.session;
            if session.is_none() {
                self.ledger.lose();
            }
            let mut pause = backoff.with_jitter(course.ready.map(|since| since.elapsed()));
            if course.invalid {
                pause = pause.max(INVALID.0 + INVALID.1.saturating_sub(INVALID.0).mul_f64(fastrand::f64()));
            }
            tracing::info!(
                shard = number,
                reason = %course.end.why,
                resume = session.is_some(),
                pause_ms = pause.as_millis() as u64,
                "connection ended; reconnecting"
            );
            tokio::select! {
                () = self.stop.wait() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One connection from its beginning to its end; `None` once nobody wants events any more.
    async fn connection(
        &mut self,
        identify: &Value,
        session: Option<Session>,
        unreadable: &mut u64,
    ) -> Option<Course> {
        let resume_url = session.as_ref().and_then(|session| session.url.as_deref());
        let address = resume_url.unwrap_or(&self.address);
        tracing::debug!(shard = self.id.number(), address, resume = session.is_some(), "connecting");
        let connecting = tokio::select! {
            () = self.stop.wait() => return None,
            connecting = Transport::connect(address) => connecting,
        };
        let transport = match connecting {
            Ok(transport) => transport,
            Err(why) => {
                // The address for resuming may be the trouble; the session is still good.
                let session = session.map(|session| Session { url: None, ..session });
                let why = format!("could not connect: {why}");
                return Some(Course { session, ready: None, invalid: false, end: End { code: None, why } });
            }
        };
        let identity =
            Identity { id: self.id, identify, token: &self.shared.token, queue: &self.shared.queue };
        let reader = Reader {
            id: self.id,
            shared: &self.shared,
            ledger: &self.ledger,
            events: &self.events,
            stop: &self.stop,
        };
        let mut connection =
            Connection::new(identity, transport, session, &mut self.outbox, self.stop.clone());
        let mut ready = None;
        let end = loop {
            match connection.next().await {
                Step::Dispatch { text, sequence, begins } => {
                    if begins {
                        ready = Some(Instant::now());
                        if let Some(begun) = connection.begun() {
                            self.ledger.begin(&begun.id, begun.url.as_deref(), begun.sequence);
                        }
                        if let Err(end) = connection.probe().await {
                            break end;
                        }
                    }
                    if !reader.dispatch(text, sequence, unreadable).await {
                        return None;
                    }
                }
                Step::Latency(latency) => self.shared.latencies.set(self.id.number(), latency),
                Step::Unreadable(why) => reader.complain(why, unreadable),
                Step::Ended(end) => break end,
            }
        };
        let invalid = connection.is_invalid();
        Some(Course { session: connection.into_session(), ready, invalid, end })
    }

    /// See Discord docs: Gateway Events / Identify.
    fn identify(&self) -> Value {
        let data = serde_json::json!({
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
        serde_json::json!({"op": 2, "d": data})
    }
}

/// What becomes of a shard's dispatches.
struct Reader<'a> {
    id: ShardId,
    shared: &'a Shared,
    ledger: &'a Arc<Ledger>,
    events: &'a mpsc::Sender<ShardEvent>,
    stop: &'a Farewell,
}

impl Reader<'_> {
    /// Parses what is wanted and hands it on; `false` once nobody wants events any more.
    async fn dispatch(&self, text: String, sequence: u64, unreadable: &mut u64) -> bool {
        match twilight_gateway::parse(text, self.shared.wanted) {
            Ok(Some(event)) => {
                let event = Event::from(event);
                if let Event::Ready(ready) = &event {
                    self.ledger.open(&event);
                    if ready.guilds.len() >= CROWDED {
                        tracing::warn!(
                            shard = self.id.number(),
                            guilds = ready.guilds.len(),
                            "Discord takes no shard with more than 2,500 guilds; raise SHARD_COUNT or leave it out"
                        );
                    }
                }
                let (receipt, repeated) = self.ledger.received(sequence);
                self.hand_on(ShardEvent { shard: self.id, event, repeated, receipt }).await
            }
            Ok(None) => {
                self.ledger.skipped(sequence);
                true
            }
            Err(error) => {
                self.ledger.skipped(sequence);
                let source = std::error::Error::source(&error).map(ToString::to_string);
                self.complain(source.unwrap_or_default(), unreadable);
                true
            }
        }
    }

    async fn hand_on(&self, event: ShardEvent) -> bool {
        let item = match self.events.try_send(event) {
            Ok(()) => return true,
            Err(mpsc::error::TrySendError::Closed(_)) => return false,
            Err(mpsc::error::TrySendError::Full(item)) => item,
        };
        let sending = self.events.send(item);
        tokio::pin!(sending);
        loop {
            tokio::select! {
                sent = &mut sending => return sent.is_ok(),
                // Whoever ends the sessions may not read on; what is left is dropped with them. Whoever keeps
                // them has to read to the end.
                () = self.stop.wait(), if !self.stop.is_said() || !self.stop.keeps_sessions() => {
                    if !self.stop.keeps_sessions() {
                        return false;
                    }
                }
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
