//! Collects spans as they end.

use std::fmt;
use std::time::SystemTime;

use tokio::sync::mpsc::Sender;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, registry::SpanRef};

use super::Lost;

/// The fields that are sent. People and whatever a cog may put into a span of its own stay here.
pub(super) const SENT: [&str; 9] =
    ["event", "shard", "guild", "channel", "command", "call", "trigger", "outcome", "failure"];

/// The longest text of a field that is sent, in bytes; none of ours comes near it.
const LONGEST: usize = 256;

/// A span that has ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ended {
    pub(super) name: &'static str,
    pub(super) trace: u128,
    pub(super) id: u64,
    pub(super) parent: Option<u64>,
    pub(super) start: SystemTime,
    pub(super) end: SystemTime,
    pub(super) fields: Vec<(&'static str, Value)>,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

/// Hands on each span that ends.
pub(crate) struct Collecting {
    ended: Sender<Ended>,
    lost: Lost,
}

impl Collecting {
    pub(super) fn new(ended: Sender<Ended>, lost: Lost) -> Self {
        Self { ended, lost }
    }

    /// What is collected: spans of our own crates.
    pub(crate) fn wants(metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("cogwright")
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collecting {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let above = span.parent().and_then(|parent| {
            let parts = parent.extensions();
            parts.get::<Ended>().map(|parent| (parent.trace, parent.id))
        });
        // All zeros are no id. See W3C Trace Context, trace-id and parent-id.
        let trace = above.map_or_else(|| fastrand::u128(1..), |(trace, _)| trace);
        let now = SystemTime::now();
        let mut open = Ended {
            name: span.name(),
            trace,
            id: fastrand::u64(1..),
            parent: above.map(|(_, id)| id),
            start: now,
            end: now,
            fields: Vec::with_capacity(SENT.len()),
        };
        attributes.record(&mut open);
        span.extensions_mut().insert(open);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        with_open(context.span(id).as_ref(), |open| values.record(open));
    }

    /// A span lasts until it is left for the last time: that of an event is kept by its calls, which go on.
    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        with_open(context.span(id).as_ref(), |open| open.end = SystemTime::now());
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let ended = span.extensions_mut().remove::<Ended>();
        if ended.is_some_and(|ended| self.ended.try_send(ended).is_err()) {
            self.lost.add(1);
        }
    }
}

fn with_open<S: for<'a> LookupSpan<'a>>(span: Option<&SpanRef<'_, S>>, change: impl FnOnce(&mut Ended)) {
    if let Some(span) = span
        && let Some(open) = span.extensions_mut().get_mut::<Ended>()
    {
        change(open);
    }
}

impl Ended {
    fn field(&mut self, field: &Field, value: impl FnOnce() -> Value) {
        if SENT.contains(&field.name()) {
            self.fields.push((field.name(), value()));
        }
    }
}

impl Visit for Ended {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.field(field, || Value::Number(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.field(field, || {
            i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), Value::Number)
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.field(field, || Value::Text(value[..value.floor_char_boundary(LONGEST)].to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.field(field, || {
            let mut text = format!("{value:?}");
            text.truncate(text.floor_char_boundary(LONGEST));
            Value::Text(text)
        });
    }
}
