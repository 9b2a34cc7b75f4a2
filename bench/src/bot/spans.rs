//! What the span of an event costs while traces are sent nowhere: the bot's own code under the log that it starts with.

use std::hint::black_box;
use std::time::Instant;

use cogwright_discord::Event;
use cogwright_runtime::{Log, LogOptions, event_span};

use crate::Outcome;
use crate::report::{Figure, Target, figure};

/// Events of one figure.
const EVENTS: u32 = 10_000_000;

pub(crate) fn measure() -> Outcome<Vec<Figure>> {
    // What the log leaves out is decided by its filters; no line is written here. A second log has no effect.
    let log = Log::start(&LogOptions::default()).map_err(|error| error.to_string())?;
    let event = Event::Resumed;
    let begun = Instant::now();
    for shard in 0..EVENTS {
        let span = event_span(shard, black_box(&event));
        let _in = black_box(&span).enter();
    }
    let each = begun.elapsed().as_secs_f64() * 1e9 / f64::from(EVENTS);
    drop(log);
    Ok(vec![figure("span of an event, traces off", "ns", Target::AtMost(2_000.0), each)])
}
