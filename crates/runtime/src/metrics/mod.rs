//! What the bot counts of itself: for the command `stats`, and for Prometheus.

mod state;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use self::state::Gauges;
pub(crate) use self::state::{ShardState, State};

/// Upper bounds of the histogram of command times, in seconds: what a person calls instant, quick, slow and broken.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 60.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Command {
    command: String,
    trigger: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

/// The counters of one bot. Labels are names of commands and kinds of failures, both closed lists, so
/// there are only so many series.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    commands: Family<Command, Counter>,
    failures: Family<Kind, Counter>,
    seconds: Histogram,
    messages: Counter,
    /// Failures that are faults, of any kind.
    faults: AtomicU64,
    gauges: Gauges,
}

/// What has been counted since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Commands whose body ran.
    pub(crate) commands: u64,
    /// Messages that people wrote where the bot reads.
    pub(crate) messages: u64,
    /// Commands that failed by a fault rather than by a refusal.
    pub(crate) errors: u64,
    /// The most used commands, the most used first.
    pub(crate) top: Vec<(String, u64)>,
}

/// How many commands are listed as the most used.
const TOP: usize = 10;

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("cogwright");
        let commands = Family::<Command, Counter>::default();
        registry.register("commands", "Commands that were run", commands.clone());
        let failures = Family::<Kind, Counter>::default();
        registry.register(
            "command_failures",
            "Commands that were refused or failed, by kind",
            failures.clone(),
        );
        let seconds = Histogram::new(SECONDS);
        let about = "How long the body of a command ran, waiting for people included";
        registry.register_with_unit("command_duration", about, Unit::Seconds, seconds.clone());
        let messages = Counter::default();
        registry.register("messages_seen", "Messages written by people", messages.clone());
        let gauges = Gauges::register(&mut registry);
        Self { registry, commands, failures, seconds, messages, faults: AtomicU64::new(0), gauges }
    }

    /// A person wrote a message.
    pub(crate) fn message_seen(&self) {
        self.messages.inc();
    }

    /// The body of a command begins to run.
    pub(crate) fn command_started(&self, command: &str, trigger: &'static str) {
        let labels = Command { command: command.to_owned(), trigger };
        self.commands.get_or_create(&labels).inc();
    }

    /// A command has run, well or not, waiting for people included.
    pub(crate) fn command_took(&self, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
    }

    /// A command was refused or failed; `fault` when it is ours or Discord's rather than the invoker's doing.
    pub(crate) fn command_failed(&self, kind: &'static str, fault: bool) {
        self.failures.get_or_create(&Kind { kind }).inc();
        if fault {
            self.faults.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// The counts so far. `names` are all commands there are.
    pub(crate) fn counts<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
        triggers: &[&'static str],
    ) -> Counts {
        let mut top: Vec<_> = names
            .into_iter()
            .map(|name| {
                let of = |trigger: &&'static str| {
                    let labels = Command { command: name.to_owned(), trigger };
                    self.commands.get(&labels).map_or(0, |counter| counter.get())
                };
                (name.to_owned(), triggers.iter().map(of).sum::<u64>())
            })
            .filter(|(_, count)| *count > 0)
            .collect();
        top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let commands = top.iter().map(|(_, count)| count).sum();
        top.truncate(TOP);
        let errors = self.faults.load(std::sync::atomic::Ordering::Relaxed);
        Counts { commands, messages: self.messages.get(), errors, top }
    }

    /// Everything in the text format of OpenMetrics 1.0, which Prometheus reads.
    pub(crate) fn render(&self, state: &State) -> String {
        self.gauges.set(state);
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_triggers_and_sorted() {
        let metrics = Metrics::new();
        for (name, trigger) in [("ping", "prefix"), ("ping", "slash"), ("echo", "slash")] {
            metrics.command_started(name, trigger);
        }
        metrics.message_seen();
        metrics.command_failed("cooldown", false);
        metrics.command_failed("internal", true);
        let counts = metrics.counts(["echo", "help", "ping"], &["prefix", "slash"]);
        let top = vec![("ping".to_owned(), 2), ("echo".to_owned(), 1)];
        assert_eq!(counts, Counts { commands: 3, messages: 1, errors: 1, top });
    }

    #[test]
    fn prometheus_can_read_it() {
        let metrics = Metrics::new();
        metrics.command_started("ping", "prefix");
        metrics.command_took(Duration::from_millis(3));
        metrics.command_failed("cooldown", false);
        let shards = vec![ShardState { id: 0, latency: Some(Duration::from_millis(41)), connected: true }];
        let state =
            State { uptime: Duration::from_secs(90), guilds: 2, users: 7, shards, invalid_requests: 3 };
        insta::assert_snapshot!(metrics.render(&state));
    }
}
