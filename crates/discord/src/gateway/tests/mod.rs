//! Shards, against a gateway of a few lines on the loopback interface.

mod crowd;
mod journal;
mod presence;
mod said;

use std::time::Instant;

use cogwright_config::Secret;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use twilight_gateway::{Event, EventTypeFlags, Intents};

pub(crate) use self::said::Said;

use super::*;
use crate::cache::Cache;
use crate::endpoint::Endpoint;
use crate::rest::Rest;

const PATIENCE: Duration = Duration::from_secs(15);

struct Server {
    rest: String,
    listener: TcpListener,
    tasks: Tasks,
}

/// The server's end of one connection.
struct Line {
    stream: WebSocketStream<TcpStream>,
    path: String,
}

impl Server {
    async fn start() -> Self {
        let tasks = Tasks::new("server");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
        let address = listener.local_addr().expect("is bound");
        let web = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
        let rest = web.local_addr().expect("is bound").to_string();
        tasks.spawn("rest", async move {
            let body = json!({"url": format!("ws://{address}"), "shards": 1, "session_start_limit":
                {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}})
            .to_string();
            while let Ok((mut stream, _)) = web.accept().await {
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).await.expect("sends a request");
                assert!(buffer[..read].starts_with(b"GET /api/v10/gateway/bot"));
                let length = body.len();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                stream.write_all(head.as_bytes()).await.expect("is open");
                stream.write_all(body.as_bytes()).await.expect("is open");
            }
        });
        Self { rest, listener, tasks }
    }

    async fn connect(&self) -> Gateway {
        self.connect_with(Memory { cache: Cache::new(), journal: None }).await
    }

    fn endpoint(&self) -> Endpoint {
        let gateway = self.listener.local_addr().expect("is bound");
        Endpoint::Local { rest: self.rest.clone(), gateway: format!("ws://{gateway}") }
    }

    async fn connect_with(&self, memory: Memory) -> Gateway {
        let endpoint = self.endpoint();
        let token = Secret::new("a.b.c");
        let config = GatewayConfig {
            intents: Intents::GUILDS | Intents::MESSAGE_CONTENT,
            events: Cache::wanted() | EventTypeFlags::RESUMED | EventTypeFlags::TYPING_START,
            ..GatewayConfig::for_commands(endpoint, token)
        };
        self.connect_as(config, memory).await
    }

    async fn connect_as(&self, config: GatewayConfig, memory: Memory) -> Gateway {
        let rest = Rest::new(&config.endpoint, &config.token);
        let started = Gateway::start(&config, &rest, memory, &self.tasks).await;
        started.expect("the server tells how many shards")
    }

    async fn raw(&self) -> TcpStream {
        let accepted = tokio::time::timeout(PATIENCE, self.listener.accept()).await;
        accepted.expect("in time").expect("can accept").0
    }

    async fn accept(&self) -> Line {
        let mut path = String::new();
        #[expect(clippy::result_large_err, reason = "the signature is the library's")]
        let note = |request: &Request, response: Response| {
            path = request.uri().to_string();
            Ok(response)
        };
        let stream = tokio_tungstenite::accept_hdr_async(self.raw().await, note).await;
        Line { stream: stream.expect("is a websocket"), path }
    }

    /// A shard that has been accepted and has identified.
    async fn identified(&self) -> (Gateway, Line) {
        let gateway = self.connect().await;
        let mut line = self.hello().await;
        assert_eq!(line.receive().await["op"], 2);
        (gateway, line)
    }

    /// The same after its READY, which sends it to this path of the same server to resume.
    async fn ready(&self, path: &str) -> (Gateway, Line) {
        let (mut gateway, mut line) = self.identified().await;
        let address = self.listener.local_addr().expect("is bound");
        line.ready(&format!("ws://{address}{path}")).await;
        assert!(matches!(event(&mut gateway).await, Event::Ready(_)));
        (gateway, line)
    }

    /// Accepts and says HELLO; heartbeats are 45 s away at most.
    async fn hello(&self) -> Line {
        let mut line = self.accept().await;
        line.send(json!({"op": 10, "d": {"heartbeat_interval": 45_000}})).await;
        line
    }
}

impl Line {
    async fn send(&mut self, frame: Value) {
        let text = frame.to_string();
        self.stream.send(Message::text(text)).await.expect("is open");
    }

    async fn dispatch(&mut self, sequence: u64, name: &str, data: Value) {
        self.send(json!({"op": 0, "s": sequence, "t": name, "d": data})).await;
    }

    async fn ready(&mut self, resume_url: &str) {
        self.ready_in(resume_url, &[]).await;
    }

    /// READY with guilds that are still to come.
    async fn ready_in(&mut self, resume_url: &str, guilds: &[Value]) {
        let user = json!({"id": "1", "username": "b", "discriminator": "0", "avatar": null,
            "mfa_enabled": false});
        let data = json!({"v": 10, "user": user, "guilds": guilds, "session_id": "abc",
            "resume_gateway_url": resume_url, "application": {"id": "1", "flags": 0}});
        self.dispatch(1, "READY", data).await;
    }

    /// The next frame that is not a heartbeat; heartbeats are answered.
    async fn receive(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("is JSON");
                    if frame["op"] == 1 {
                        self.send(json!({"op": 11})).await;
                    } else {
                        return frame;
                    }
                }
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
        next.expect("in time").expect("is open").expect("is readable")
    }

    async fn close(mut self, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "test".into() };
        self.stream.close(Some(frame)).await.expect("is open");
        // Until the other side has answered.
        while let Some(Ok(_)) = self.stream.next().await {}
    }

    /// The code that the other side closes with.
    async fn closed_with(&mut self) -> u16 {
        loop {
            match self.message().await {
                Message::Close(frame) => return frame.expect("has a code").code.into(),
                Message::Text(text) if text.contains("\"op\":1,") => {
                    self.send(json!({"op": 11})).await;
                }
                _ => {}
            }
        }
    }
}

async fn next(gateway: &mut Gateway) -> Result<Option<ShardEvent>, GatewayError> {
    tokio::time::timeout(PATIENCE, gateway.next()).await.expect("in time")
}

async fn event(gateway: &mut Gateway) -> Event {
    next(gateway).await.expect("is well").expect("is running").event
}

#[tokio::test]
async fn a_shard_identifies_and_measures_its_latency() {
    let server = Server::start().await;
    let mut gateway = server.connect().await;
    let mut line = server.hello().await;
    let identify = line.receive().await;
    assert_eq!(identify["op"], 2);
    assert_eq!(identify["d"]["token"], "a.b.c");
    assert_eq!(identify["d"]["intents"], 1 | 1 << 15);
    assert_eq!(identify["d"]["shard"], json!([0, 1]));
    assert_eq!(gateway.latencies().of(0), None);
    line.ready("ws://127.0.0.1:1").await;
    assert!(matches!(event(&mut gateway).await, Event::Ready(_)));
    let Message::Text(beat) = line.message().await else {
        panic!("no heartbeat");
    };
    assert!(beat.contains("\"op\":1") && beat.contains("\"d\":1"), "{beat}");
    line.send(json!({"op": 11})).await;
    // The ACK is no event; one that comes behind it tells that it has been seen.
    let typing = json!({"channel_id": "1", "user_id": "2", "timestamp": 1});
    line.dispatch(2, "TYPING_START", typing).await;
    assert!(matches!(event(&mut gateway).await, Event::TypingStart(_)));
    assert!(gateway.latencies().of(0).is_some());
}

#[tokio::test]
async fn closing_says_goodbye_and_ends_the_events() {
    let server = Server::start().await;
    let (mut gateway, mut line) = server.ready("").await;
    let ((), code) = tokio::join!(gateway.close(), line.closed_with());
    assert_eq!(code, 1000);
    assert!(next(&mut gateway).await.expect("is no failure").is_none());
}

#[tokio::test]
async fn a_server_that_hangs_up_after_the_handshake_is_not_hammered() {
    let server = Server::start().await;
    let gateway = server.connect().await;
    let begun = Instant::now();
    let mut connections = 0;
    while let Some(left) = Duration::from_millis(2_000).checked_sub(begun.elapsed()) {
        if let Ok(accepted) = tokio::time::timeout(left, server.listener.accept()).await {
            connections += 1;
            let stream = accepted.expect("can accept").0;
            drop(tokio_tungstenite::accept_async(stream).await.expect("is a websocket"));
        }
    }
    // At once, after about half a second, after about another second.
    assert!((2..=4).contains(&connections), "{connections} connections in 2 s");
    gateway.close().await;
}

#[tokio::test]
async fn a_reconnect_resumes_where_discord_says() {
    let server = Server::start().await;
    let (mut gateway, mut line) = server.ready("/elsewhere/").await;
    line.dispatch(7, "UNKNOWN_EVENT", json!({})).await;
    line.send(json!({"op": 7, "d": null})).await;
    let code = line.closed_with().await;
    assert_eq!(code, 4000, "a code that keeps the session");
    drop(line);
    let mut line = server.hello().await;
    assert!(line.path.starts_with("/elsewhere/?v=10"), "{}", line.path);
    let resume = line.receive().await;
    assert_eq!(resume["op"], 6);
    assert_eq!(resume["d"]["session_id"], "abc");
    assert_eq!(resume["d"]["seq"], 7);
    line.dispatch(8, "RESUMED", json!({})).await;
    assert!(matches!(event(&mut gateway).await, Event::Resumed));
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_passed_over() {
    let server = Server::start().await;
    let (mut gateway, mut line) = server.identified().await;
    line.ready("this is no address").await;
    event(&mut gateway).await;
    line.close(4000).await;
    let mut line = server.hello().await;
    assert_eq!(line.receive().await["op"], 6, "the session goes on");
}

#[tokio::test]
async fn a_broken_connection_resumes() {
    let server = Server::start().await;
    let (_gateway, line) = server.ready("").await;
    // No close frame, just gone.
    drop(line);
    assert_eq!(server.hello().await.receive().await["op"], 6);
}

#[tokio::test]
async fn a_heartbeat_without_answer_ends_the_connection_and_keeps_the_session() {
    let server = Server::start().await;
    let mut gateway = server.connect().await;
    let mut line = server.accept().await;
    line.send(json!({"op": 10, "d": {"heartbeat_interval": 200}})).await;
    line.receive().await;
    line.ready("").await;
    event(&mut gateway).await;
    // Reads on, answers nothing, until the shard has had enough.
    let code = loop {
        if let Message::Close(frame) = line.message().await {
            break u16::from(frame.expect("has a code").code);
        }
    };
    assert_eq!(code, 4000);
    // The address for resuming was empty, so it takes two attempts.
    assert_eq!(server.hello().await.receive().await["op"], 6);
}

#[tokio::test]
async fn a_server_may_ask_for_a_heartbeat() {
    let server = Server::start().await;
    let _gateway = server.connect().await;
    let mut line = server.hello().await;
    line.receive().await;
    line.send(json!({"op": 1, "d": null})).await;
    let Message::Text(beat) = line.message().await else {
        panic!("no heartbeat");
    };
    let beat: Value = serde_json::from_str(&beat).expect("is JSON");
    assert_eq!(beat, json!({"op": 1, "d": null}));
}

#[tokio::test]
async fn an_invalid_session_is_resumed_or_begun_anew_as_told() {
    let server = Server::start().await;
    let (_gateway, mut line) = server.ready("").await;
    line.send(json!({"op": 9, "d": true})).await;
    assert_eq!(line.closed_with().await, 4000);
    drop(line);
    let mut line = server.hello().await;
    assert_eq!(line.receive().await["op"], 6);
    line.send(json!({"op": 9, "d": false})).await;
    assert_eq!(line.closed_with().await, 1000);
    drop(line);
    assert_eq!(server.hello().await.receive().await["op"], 2);
}

#[tokio::test]
async fn a_session_that_has_timed_out_is_not_resumed() {
    let server = Server::start().await;
    let (_gateway, line) = server.ready("").await;
    line.close(4009).await;
    let mut line = server.hello().await;
    assert_eq!(line.receive().await["op"], 2);
}

#[tokio::test]
async fn a_fatal_code_is_an_error_for_the_operator() {
    let server = Server::start().await;
    let (mut gateway, line) = server.identified().await;
    line.close(4014).await;
    let error = next(&mut gateway).await.expect_err("is fatal");
    assert!(error.to_string().contains("Message Content Intent"), "{error}");
    assert!(next(&mut gateway).await.expect("is told once").is_none());
}

#[tokio::test]
async fn a_wrong_token_is_told_apart() {
    let server = Server::start().await;
    let (mut gateway, line) = server.identified().await;
    line.close(4004).await;
    assert!(next(&mut gateway).await.expect_err("is fatal").is_token_rejected());
}

#[tokio::test]
async fn an_event_that_does_not_fit_is_skipped() {
    let server = Server::start().await;
    let (mut gateway, mut line) = server.ready("").await;
    line.dispatch(2, "TYPING_START", json!({"channel_id": {}})).await;
    line.send(json!({"op": "?"})).await;
    line.stream.send(Message::text("not json")).await.expect("is open");
    let typing = json!({"channel_id": "1", "user_id": "2", "timestamp": 1});
    line.dispatch(3, "TYPING_START", typing).await;
    assert!(matches!(event(&mut gateway).await, Event::TypingStart(_)));
}

#[tokio::test]
async fn nobody_to_ask_is_an_error() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("can bind");
    let endpoint = Endpoint::local(closed.local_addr().expect("is bound"));
    drop(closed);
    let token = Secret::new("a.b.c");
    let limits = crate::rest::RestLimits { attempts: 1, ..crate::rest::RestLimits::default() };
    let rest = Rest::with_limits(&endpoint, &token, limits);
    let config = GatewayConfig::for_commands(endpoint, token);
    let memory = Memory { cache: Cache::new(), journal: None };
    let error = Gateway::start(&config, &rest, memory, &Tasks::new("test")).await;
    assert!(matches!(error.expect_err("is closed"), GatewayError::Start(_)));
}
