//! Traces: a span for each event and, below it, one for each call of a command, sent to an OpenTelemetry collector.
//!
//! What is sent is what [`collect::SENT`] names of the spans of our own crates: no text of messages, no arguments, no
//! people. Nothing is collected unless a collector is set; then a disabled callsite is all that an event pays for.

mod collect;
mod encode;
mod export;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cogwright_config::{Secret, Telemetry};
use cogwright_discord::Event;
use tokio::sync::mpsc;
use tracing::Span;

pub(crate) use self::collect::Collecting;
use self::collect::Ended;
pub(crate) use self::export::{Export, FLUSH};

/// Spans that may wait to be sent, about a second of 2,000 events. More are dropped and counted: nothing waits for a
/// collector.
const WAITING: usize = 2_048;

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Collector {
    url: String,
    headers: Vec<(String, Secret)>,
}

impl Collector {
    /// The collector of the settings; `None` when there is none.
    pub fn of(telemetry: &Telemetry) -> Option<Self> {
        let base = telemetry.otlp.as_ref()?.trim_end_matches('/');
        // See OpenTelemetry, OTLP Exporter: the path of the signal is added to the address of the collector.
        let url = if base.ends_with(PATH) { base.to_owned() } else { format!("{base}{PATH}") };
        Some(Self { url, headers: telemetry.headers() })
    }

    /// What is never to be logged of it.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.headers.iter().map(|(_, value)| value)
    }
}

/// See OTLP 1.x, OTLP/HTTP Request.
const PATH: &str = "/v1/traces";

/// Spans that were lost.
#[derive(Clone, Debug, Default)]
struct Lost(Arc<AtomicU64>);

impl Lost {
    fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// How many there were since the last time it was asked.
    fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// The two ends: what collects spans, and what sends them.
pub(crate) fn traces(to: Collector) -> (Collecting, Export) {
    let (ended, waiting) = mpsc::channel::<Ended>(WAITING);
    let lost = Lost::default();
    (Collecting::new(ended, lost.clone()), Export::new(to, waiting, lost))
}

/// The span of an event of the gateway: it covers the cache's update and what the dispatcher makes of it, and the spans
/// of the commands that it calls are below it. Costs next to nothing unless traces are sent or the log is at TRACE.
pub fn event_span(shard: u32, event: &Event) -> Span {
    tracing::trace_span!(
        "event",
        event = event.kind().name().unwrap_or("other"),
        shard,
        guild = event.guild_id().map(tracing::field::display),
    )
}

#[cfg(test)]
mod tests;
