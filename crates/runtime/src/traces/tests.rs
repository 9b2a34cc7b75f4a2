//! What is collected, what it looks like, and what becomes of it when the collector fails.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use cogwright_config::{Secret, Settings};
use cogwright_discord::Event;
use cogwright_lifecycle::{CancellationToken, Tasks};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry, filter::filter_fn};

use super::*;
use crate::log::{Log, LogOptions};

/// Never connected to.
fn nowhere() -> Collector {
    Collector { url: "http://127.0.0.1:9/v1/traces".to_owned(), headers: Vec::new() }
}

/// Does something while everything is collected; answers what was.
fn collected(doing: impl FnOnce()) -> (Vec<Ended>, u64) {
    let (ended, mut waiting) = mpsc::channel(WAITING);
    let lost = Lost::default();
    let layer = Collecting::new(ended, lost.clone()).with_filter(filter_fn(Collecting::wants));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), doing);
    let spans = std::iter::from_fn(|| waiting.try_recv().ok()).collect();
    (spans, lost.take())
}

/// The span of a call, as the dispatcher makes it.
fn call(event: &Span) -> Span {
    tracing::error_span!(
        parent: event,
        "command",
        command = "status add",
        user = %222_u64,
        guild = Some(tracing::field::display(5_u64)),
        text = "hello there",
        outcome = tracing::field::Empty,
        failure = tracing::field::Empty,
    )
}

#[test]
fn spans_hold_what_is_named_and_their_events() {
    let (spans, lost) = collected(|| {
        let event = event_span(3, &Event::Resumed);
        let call = event.in_scope(|| call(&Span::current()));
        drop(event);
        call.in_scope(|| tracing::info!("a line of the log"));
        call.record("outcome", "failed").record("failure", "internal");
        drop(tracing::error_span!(target: "somebody_else", "command"));
    });
    assert_eq!(lost, 0);
    let names: Vec<_> = spans.iter().map(|span| span.name).collect();
    assert_eq!(names, ["command", "event"], "the event's is kept by its call");
    assert_eq!((spans[0].parent, spans[0].trace), (Some(spans[1].id), spans[1].trace));
    let mut body = encode::body(&spans);
    let list = &mut body["resourceSpans"][0]["scopeSpans"][0]["spans"];
    for (n, span) in list.as_array_mut().unwrap().iter_mut().enumerate() {
        for (key, digits) in [("traceId", 32), ("spanId", 16)] {
            assert_eq!(span[key].as_str().unwrap().len(), digits);
            span[key] = format!("({key})").into();
        }
        let [began, ended] = ["startTimeUnixNano", "endTimeUnixNano"]
            .map(|key| span[key].as_str().unwrap().parse::<u64>().unwrap());
        assert!(began <= ended && began > 1_700_000_000_000_000_000, "{n}: {began} {ended}");
        span["startTimeUnixNano"] = "(time)".into();
        span["endTimeUnixNano"] = "(time)".into();
        if n == 0 {
            span["parentSpanId"] = "(spanId)".into();
        }
    }
    insta::assert_json_snapshot!(body);
}

#[test]
fn what_finds_no_place_is_counted() {
    let (spans, lost) = collected(|| {
        for _ in 0..WAITING + 10 {
            drop(event_span(0, &Event::Resumed));
        }
    });
    assert_eq!((spans.len(), lost), (WAITING, 10));
}

/// In the release profile it is measured by `cargo xtask bench bot --only spans`.
#[test]
fn a_span_per_event_costs_next_to_nothing_while_nobody_is_sent_any() {
    let (_log, layer) = Log::layer::<Registry>(&LogOptions::default()).unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        assert!(event_span(0, &Event::Resumed).is_disabled());
        let per_event = |_| {
            let begun = Instant::now();
            for _ in 0..1_000 {
                let span = event_span(0, std::hint::black_box(&Event::Resumed));
                let _in = span.enter();
            }
            begun.elapsed() / 1_000
        };
        let least = (0..20).map(per_event).min().unwrap();
        assert!(least < Duration::from_micros(2), "{least:?}");
    });
    let sent = LogOptions { traces: Some(nowhere()), ..LogOptions::default() };
    let (_log, layer) = Log::layer::<Registry>(&sent).unwrap();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        assert!(!event_span(0, &Event::Resumed).is_disabled(), "the level of the log does not matter");
    });
}

#[test]
fn collectors_are_what_the_settings_say() {
    let mut settings = Settings::with_token("a.b.c");
    assert!(Collector::of(&settings.telemetry).is_none());
    settings.telemetry.headers = Some(Secret::new("Api-Key=a%2Cb"));
    for url in ["http://[::1]:4318", "http://[::1]:4318/", "http://[::1]:4318/v1/traces"] {
        settings.telemetry.otlp = Some(url.to_owned());
        let collector = Collector::of(&settings.telemetry).unwrap();
        assert_eq!(collector.url, "http://[::1]:4318/v1/traces");
        assert!(!format!("{collector:?}").contains("a,b"));
        assert_eq!(collector.secrets().map(Secret::expose).collect::<Vec<_>>(), ["a,b"]);
    }
}

/// A collector that answers with these states first, and then takes everything that has the right header.
async fn collector(first: &[u16], tasks: &Tasks) -> (Collector, mpsc::UnboundedReceiver<Value>) {
    let (took, taken) = mpsc::unbounded_channel();
    let answers: VecDeque<_> = first.iter().map(|code| StatusCode::from_u16(*code).unwrap()).collect();
    let answers = Arc::new(Mutex::new(answers));
    let take = move |headers: HeaderMap, Json(body): Json<Value>| {
        let answer = answers.lock().unwrap().pop_front().unwrap_or_else(|| {
            assert_eq!(headers["api-key"], "hunter2 secret");
            took.send(body).unwrap();
            StatusCode::OK
        });
        std::future::ready(answer)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", post(take));
    tasks.spawn("collector", async move { axum::serve(listener, router).await.unwrap() });
    (Collector { url, headers: vec![("api-key".to_owned(), Secret::new("hunter2 secret"))] }, taken)
}

/// Sends spans until the collector has taken some; answers the numbers of spans that it took, and the log.
async fn sent(first: &[u16], events: usize) -> (Vec<usize>, String) {
    let (folder, tasks) = (tempfile::tempdir().unwrap(), Tasks::new("test"));
    let (to, mut taken) = collector(first, &tasks).await;
    let options =
        LogOptions { folder: Some(folder.path().to_owned()), traces: Some(to), ..LogOptions::default() };
    let (mut log, layer) = Log::layer::<Registry>(&options).unwrap();
    let subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    for _ in 0..events {
        drop(event_span(0, &Event::Resumed));
    }
    let stop = CancellationToken::new();
    let export = log.export(stop.clone()).unwrap();
    let until = async {
        let first = timeout(Duration::from_secs(20), taken.recv()).await.unwrap().unwrap();
        stop.cancel();
        first
    };
    let ((), first) = tokio::join!(export, until);
    drop(subscriber);
    drop(log);
    let text = std::fs::read_to_string(folder.path().join("current_run.log")).unwrap();
    let more = std::iter::from_fn(|| taken.try_recv().ok());
    let count = |body: Value| body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().len();
    (std::iter::once(first).chain(more).map(count).collect(), text)
}

#[tokio::test]
async fn a_collector_that_fails_is_tried_again_and_told_of_once() {
    let (taken, log) = sent(&[503, 429], 3).await;
    assert_eq!(taken, [3], "nothing was lost");
    assert_eq!(log.matches("traces are not taken").count(), 1, "{log}");
    assert!(
        log.contains("it answered 503 Service Unavailable") && log.contains("sent again lost=0"),
        "{log}"
    );
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn what_a_collector_refuses_is_not_sent_again_and_counted() {
    let (taken, log) = sent(&[400], 600).await;
    assert_eq!(taken, [88]);
    assert!(log.contains("sent again lost=512"), "{log}");
}

#[tokio::test]
async fn what_waits_is_sent_at_the_end() {
    let tasks = Tasks::new("test");
    let (to, mut taken) = collector(&[], &tasks).await;
    let (collecting, export) = traces(to);
    let layer = collecting.with_filter(filter_fn(Collecting::wants));
    let _in = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    for _ in 0..600 {
        drop(event_span(0, &Event::Resumed));
    }
    let stop = CancellationToken::new();
    stop.cancel();
    export.run(stop, |text| text).await;
    assert_eq!(std::iter::from_fn(|| taken.try_recv().ok()).count(), 2, "512 and the rest");
}
