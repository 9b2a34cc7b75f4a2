//! Traces go to a collector, and nothing goes there that is nobody's business.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use serde_json::{Value, json};

use crate::discord::Discord;
use crate::process::{PATIENCE, Process};

/// A collector: what it is sent, each as it came over the line.
fn collector() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (took, taken) = channel();
    std::thread::spawn(move || {
        for line in listener.incoming() {
            let took = took.clone();
            // Ends with its connection, and all of it with the test's process.
            std::thread::spawn(move || answer(line.unwrap(), &took));
        }
    });
    (address, taken)
}

/// Answers the requests of a connection until it is closed.
fn answer(mut line: TcpStream, took: &Sender<String>) {
    let mut held = Vec::new();
    let mut part = [0; 16_384];
    while let Ok(read @ 1..) = line.read(&mut part) {
        held.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&held).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.to_lowercase().split_once("content-length: ").unwrap().1.to_owned();
        let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
        if body.len() >= length {
            held.clear();
            line.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            )
            .unwrap();
            if took.send(text).is_err() {
                return;
            }
        }
    }
}

/// The spans of what was sent.
fn spans(requests: &[String]) -> Vec<Value> {
    let mut found = Vec::new();
    for request in requests {
        let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
        found.extend(body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone());
    }
    found
}

/// What a span says under a key.
fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a str> {
    let all = span["attributes"].as_array()?;
    all.iter().find(|attribute| attribute["key"] == format!("cogwright.{key}"))?["value"]["stringValue"]
        .as_str()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_is_sent_events_and_commands_and_no_contents() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (address, taken) = collector();
    // The level of the log has nothing to do with it.
    let config =
        json!({ "telemetry": { "otlp": format!("http://{address}") }, "logging": { "level": "ERROR" } });
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    std::fs::write(folder.path().join(".env"), "COGWRIGHT_OTLP_HEADERS=api-key=hunter2%2Csecret\n").unwrap();
    let bot = Process::start(folder.path(), &discord.host(), &discord.ids.token).until("Shards");
    let asked = discord.says("!echo a-text-that-is-nobodys-business");
    discord.answered(&[asked]).await;
    // While it runs.
    let deadline = Instant::now() + PATIENCE;
    let mut requests = Vec::new();
    let done = |spans: &[Value]| spans.iter().any(|span| span["name"] == "command echo");
    while !done(&spans(&requests)) {
        let left = deadline.saturating_duration_since(Instant::now());
        requests.push(taken.recv_timeout(left).expect("a span of the command comes"));
    }
    // And what is left when it is stopped.
    let asked = discord.says("!echo");
    discord.answered(&[asked]).await;
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    requests.extend(taken.try_iter());

    let spans = spans(&requests);
    let calls: Vec<_> = spans.iter().filter(|span| span["name"] == "command echo").collect();
    let [done, refused] = calls[..] else { panic!("two calls: {spans:#?}") };
    let guild = discord.ids.guild.to_string();
    for (call, outcome) in [(done, "done"), (refused, "refused")] {
        assert_eq!(attribute(call, "outcome"), Some(outcome), "{call:#}");
        assert_eq!(attribute(call, "guild"), Some(&*guild), "{call:#}");
        let event = spans.iter().find(|span| span["spanId"] == call["parentSpanId"]).unwrap();
        assert_eq!(event["name"], "event MESSAGE_CREATE", "{event:#}");
        assert_eq!(event["traceId"], call["traceId"]);
    }
    assert!(attribute(refused, "failure").is_some(), "{refused:#}");
    assert!(spans.iter().any(|span| span["name"] == "event READY"), "{spans:#?}");
    let all = requests.concat();
    assert!(all.contains("api-key: hunter2,secret"));
    let secret = discord.ids.token.rsplit('.').next().unwrap();
    for hidden in ["nobodys-business", secret, &discord.ids.user.to_string()] {
        assert!(!all.contains(hidden), "{hidden} was sent");
    }
    assert!(!said.contains("hunter2"), "{said}");
}

/// What is said last is said about the traces.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_of_the_last_traces_stands_in_the_log_files() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    // It takes connections, and answers nothing: what waits at the stop is given up when its time is over.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = json!({ "telemetry": { "otlp": format!("http://{}", listener.local_addr().unwrap()) } });
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    let bot = Process::start(folder.path(), &discord.host(), &discord.ids.token).until("Shards");
    discord.answered(&[discord.says("!ping")]).await;
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    assert_eq!(said.matches("traces were lost").count(), 1, "{said}");
    for file in ["current_run.log", "permanent.log"] {
        let log = std::fs::read_to_string(folder.path().join("botlogs").join(file)).unwrap();
        assert_eq!(log.matches("traces were lost").count(), 1, "{file}: {log}");
    }
}
