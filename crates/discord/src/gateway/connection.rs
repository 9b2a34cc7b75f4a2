//! One connection of a shard: HELLO, identify or resume, heartbeats, dispatches, the end.
//!
//! See Discord docs: Gateway / Connection Lifecycle.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Value, json};
use twilight_gateway::ShardId;
use twilight_model::util::Timestamp;

use super::farewell::Farewell;
use super::presence::Outbox;
use super::queue::IdentifyQueue;
use super::transport::{Incoming, Transport};

/// Longest time between the handshake and HELLO.
const HELLO: Duration = Duration::from_secs(20);

/// Longest time from our goodbye to the other side's.
const GOODBYE: Duration = Duration::from_secs(3);

/// Heartbeat intervals outside of this are a mistake.
const INTERVALS: std::ops::RangeInclusive<u64> = 100..=600_000;

/// Waiting longer than this for one's turn to identify is told. Many shards of one process wait minutes as a
/// matter of course.
const LONG_WAIT: Duration = Duration::from_secs(10 * 60);

/// Close code that ends the session: the bot is shown as offline at once.
const CLOSE_END: u16 = 1000;

/// Close code that keeps the session, for coming back. Any but 1000 and 1001 does.
const CLOSE_KEEP: u16 = 4000;

/// What a session is continued with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) id: String,
    /// Sequence of the last dispatch received.
    pub(super) sequence: u64,
    /// Where Discord wants it continued.
    pub(super) url: Option<String>,
}

/// What a connection needs to know of its shard.
pub(super) struct Identity<'a> {
    pub(super) id: ShardId,
    /// The payload of IDENTIFY (op 2).
    pub(super) identify: &'a Value,
    pub(super) token: &'a str,
    pub(super) queue: &'a IdentifyQueue,
}

/// What comes over the connection.
#[derive(Debug)]
pub(super) enum Step {
    /// A dispatch.
    Dispatch {
        /// The whole frame as JSON.
        text: String,
        /// Its number in the session.
        sequence: u64,
        /// Whether it is READY or RESUMED.
        begins: bool,
    },
    /// The round trip of a heartbeat.
    Latency(Duration),
    /// A frame that is not understood; the connection goes on.
    Unreadable(String),
    /// The end; nothing comes after it.
    Ended(End),
}

/// How the connection ended.
#[derive(Debug)]
pub(super) struct End {
    /// The other side's close code, when it gave one.
    pub(super) code: Option<u16>,
    /// In words, for the log.
    pub(super) why: String,
}

pub(super) struct Connection<'a> {
    identity: Identity<'a>,
    transport: Transport,
    session: Option<Session>,
    stop: Farewell,
    phase: Phase,
    heart: Heart,
    outbox: &'a mut Outbox,
    /// When to identify.
    turn: Option<Instant>,
    /// Identified or resumed.
    ready: bool,
    /// Discord does not know the session any more.
    invalid: bool,
    /// READY has come, and nobody has asked about it yet.
    new: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No HELLO yet; until then.
    Silent(Instant),
    Running,
    /// We have said goodbye and wait for the other side's, until then; and why.
    Leaving(Instant, &'static str),
}

#[derive(Debug, Default)]
struct Heart {
    interval: Duration,
    next: Option<Instant>,
    /// When the unanswered heartbeat went out.
    sent: Option<Instant>,
}

/// The frame around every payload.
#[derive(Deserialize)]
struct Head<'a> {
    op: u8,
    s: Option<u64>,
    #[serde(borrow)]
    t: Option<&'a str>,
}

#[derive(Deserialize)]
struct Payload<T> {
    d: T,
}

#[derive(Deserialize)]
struct Hello {
    heartbeat_interval: u64,
}

#[derive(Deserialize)]
struct Ready {
    session_id: String,
    resume_gateway_url: Option<String>,
}

impl<'a> Connection<'a> {
    pub(super) fn new(
        identity: Identity<'a>,
        transport: Transport,
        session: Option<Session>,
        outbox: &'a mut Outbox,
        stop: Farewell,
    ) -> Self {
        outbox.connected();
        Self {
            identity,
            transport,
            session,
            stop,
            phase: Phase::Silent(Instant::now() + HELLO),
            heart: Heart::default(),
            outbox,
            turn: None,
            ready: false,
            invalid: false,
            new: false,
        }
    }

    /// The session that the READY just read has begun; `None` after RESUMED.
    pub(super) fn begun(&mut self) -> Option<&Session> {
        if std::mem::take(&mut self.new) { self.session.as_ref() } else { None }
    }

    /// Whether Discord has said that it does not know the session any more.
    pub(super) fn is_invalid(&self) -> bool {
        self.invalid
    }

    /// What to continue with after the end; `None` for a new session.
    pub(super) fn into_session(self) -> Option<Session> {
        self.session
    }

    /// The next thing on this connection.
    pub(super) async fn next(&mut self) -> Step {
        loop {
            let (limit, beat) = match self.phase {
                Phase::Silent(until) | Phase::Leaving(until, _) => (Some(until), None),
                Phase::Running => (None, self.heart.next),
            };
            let leaving = matches!(self.phase, Phase::Leaving(..));
            tokio::select! {
                // Goodbye and heartbeats before a flood of events.
                biased;
                () = self.stop.wait(), if !leaving => {
                    let code = if self.stop.keeps_sessions() { CLOSE_KEEP } else { CLOSE_END };
                    if let Err(end) = self.leave(code, "stopped").await {
                        return Step::Ended(end);
                    }
                }
                () = until(limit) => {
                    let why = if leaving { "the other side did not close in time" } else { "no HELLO came" };
                    return Step::Ended(End { code: None, why: why.to_owned() });
                }
                () = until(beat) => {
                    if let Err(end) = self.beat().await {
                        return Step::Ended(end);
                    }
                }
                () = until(self.turn) => {
                    self.turn = None;
                    if let Err(end) = self.identify().await {
                        return Step::Ended(end);
                    }
                }
                frame = self.outbox.next(), if self.ready && !leaving => {
                    if let Err(end) = self.send(frame.to_string()).await {
                        return Step::Ended(end);
                    }
                }
                incoming = self.transport.receive() => {
                    if let Some(step) = self.take(incoming).await {
                        return step;
                    }
                }
            }
        }
    }

    async fn take(&mut self, incoming: Incoming) -> Option<Step> {
        let text = match incoming {
            Incoming::Text(text) => text,
            Incoming::Broken(why) => return Some(Step::Ended(End { code: None, why })),
            Incoming::Closed(code, reason) => {
                // See Discord docs: Opcodes and Status Codes / Gateway Close Event Codes. After
                // these the session is over; to resume it would go round in circles.
                if matches!(code, Some(4003 | 4007 | 4009)) {
                    self.session = None;
                }
                let why = match (self.phase, code) {
                    // The code is our own, sent back.
                    (Phase::Leaving(_, why), _) => why.to_owned(),
                    (_, Some(code)) if reason.is_empty() => format!("closed with code {code}"),
                    (_, Some(code)) => format!("closed with code {code}: {reason}"),
                    (_, None) => "closed without a code".to_owned(),
                };
                return Some(Step::Ended(End { code, why }));
            }
        };
        if matches!(self.phase, Phase::Leaving(..)) {
            // What comes after our goodbye comes again when the session is resumed.
            return None;
        }
        let head = match serde_json::from_str::<Head<'_>>(&text) {
            Ok(head) => head,
            Err(error) => return Some(Step::Unreadable(error.to_string())),
        };
        let done = match head.op {
            0 => return Some(self.dispatch(head.s, head.t.map(str::to_owned), text)),
            1 => self.beat_now().await,
            7 => self.leave(CLOSE_KEEP, "asked to reconnect").await,
            9 => self.invalidated(&text).await,
            10 => self.hello(&text).await,
            11 => {
                return self.heart.sent.take().map(|sent| Step::Latency(sent.elapsed()));
            }
            op => return Some(Step::Unreadable(format!("opcode {op} is unknown"))),
        };
        done.err().map(Step::Ended)
    }

    fn dispatch(&mut self, sequence: Option<u64>, name: Option<String>, text: String) -> Step {
        let Some(sequence) = sequence else {
            return Step::Unreadable("a dispatch without a sequence".to_owned());
        };
        match name.as_deref() {
            Some("READY") => match serde_json::from_str::<Payload<Ready>>(&text) {
                Ok(Payload { d }) => {
                    self.session = Some(Session { id: d.session_id, sequence, url: d.resume_gateway_url });
                    self.new = true;
                }
                Err(error) => return Step::Unreadable(error.to_string()),
            },
            _ => {
                if let Some(session) = &mut self.session {
                    session.sequence = sequence;
                }
            }
        }
        let begins = matches!(name.as_deref(), Some("READY" | "RESUMED"));
        self.ready |= begins;
        Step::Dispatch { text, sequence, begins }
    }

    /// Sends a heartbeat right after READY or RESUMED: the first regular one is due only after up
    /// to a whole interval, and until then nobody would know the latency.
    pub(super) async fn probe(&mut self) -> Result<(), End> {
        self.beat_now().await
    }

    async fn hello(&mut self, text: &str) -> Result<(), End> {
        let interval = match serde_json::from_str::<Payload<Hello>>(text) {
            Ok(Payload { d }) if INTERVALS.contains(&d.heartbeat_interval) => d.heartbeat_interval,
            _ => {
                self.leave(CLOSE_KEEP, "HELLO makes no sense").await?;
                return Ok(());
            }
        };
        self.phase = Phase::Running;
        self.heart.interval = Duration::from_millis(interval);
        // Jitter, so that many shards do not beat at the same moment. See Discord docs: Gateway /
        // Heartbeat Interval.
        self.heart.next = Some(Instant::now() + self.heart.interval.mul_f64(fastrand::f64()));
        if let Some(session) = &self.session {
            let resume = json!({"op": 6, "d": {"token": self.identity.token,
                "session_id": session.id, "seq": session.sequence}});
            self.send(resume.to_string()).await
        } else {
            let (now, number) = (Instant::now(), self.identity.id.number());
            let turn = self.identity.queue.reserve(number);
            let wait = turn.saturating_duration_since(now);
            if wait >= LONG_WAIT {
                tracing::warn!(
                    shard = number,
                    wait_s = wait.as_secs(),
                    until = clock_time(SystemTime::now() + wait),
                    "Discord allows no session start before that time; the shard waits for it"
                );
            }
            self.turn = Some(turn);
            Ok(())
        }
    }

    async fn identify(&mut self) -> Result<(), End> {
        let mut frame = self.identity.identify.clone();
        if let (Some(presence), Some(data)) = (self.outbox.for_identify(), frame.get_mut("d")) {
            data["presence"] = presence;
        }
        self.send(frame.to_string()).await
    }

    async fn invalidated(&mut self, text: &str) -> Result<(), End> {
        let resumable = serde_json::from_str::<Payload<bool>>(text).is_ok_and(|payload| payload.d);
        if resumable {
            self.leave(CLOSE_KEEP, "the session has to be resumed").await
        } else {
            if self.session.take().is_some() {
                let shard = self.identity.id.number();
                tracing::warn!(
                    shard,
                    "Discord does not let the session be resumed: it has ended, or it is another bot's; a new one begins"
                );
            }
            self.invalid = true;
            self.leave(CLOSE_END, "the session is invalid").await
        }
    }

    async fn beat(&mut self) -> Result<(), End> {
        // See Discord docs: Gateway / Sending Heartbeats: no ACK between two heartbeats means a dead
        // connection; close with a code that keeps the session and come back. One that went out
        // between two regular ones still has time.
        let patience = self.heart.interval.mul_f64(0.75);
        if self.heart.sent.is_some_and(|sent| sent.elapsed() >= patience) {
            let _ = self.transport.close(CLOSE_KEEP).await;
            return Err(End { code: None, why: "a heartbeat was not answered".to_owned() });
        }
        self.heart.next = Some(Instant::now() + self.heart.interval);
        self.beat_now().await
    }

    async fn beat_now(&mut self) -> Result<(), End> {
        let sequence = self.session.as_ref().map(|session| session.sequence);
        self.heart.sent.get_or_insert_with(Instant::now);
        self.send(json!({"op": 1, "d": sequence}).to_string()).await
    }

    async fn leave(&mut self, code: u16, why: &'static str) -> Result<(), End> {
        self.phase = Phase::Leaving(Instant::now() + GOODBYE, why);
        self.turn = None;
        let sent = self.transport.close(code).await;
        sent.map_err(|why| End { code: None, why })
    }

    async fn send(&mut self, text: String) -> Result<(), End> {
        let sent = self.transport.send(text).await;
        sent.map_err(|why| End { code: None, why })
    }
}

async fn until(limit: Option<Instant>) {
    match limit {
        Some(limit) => tokio::time::sleep_until(limit.into()).await,
        None => std::future::pending().await,
    }
}

/// A time of day for people, in UTC.
fn clock_time(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let shown = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_secs(seconds).ok());
    let shown = shown.map(|shown| shown.iso_8601().to_string()).unwrap_or_default();
    shown.get(..19).unwrap_or_default().replace('T', " ") + " UTC"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_for_people() {
        assert_eq!(clock_time(UNIX_EPOCH + Duration::from_secs(1_795_893_000)), "2026-11-28 19:10:00 UTC");
    }
}
