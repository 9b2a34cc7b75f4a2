//! A connection's task: moves bytes between a WebSocket and the session machine.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::{
    extract::{
        WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    response::Response,
};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};

use super::{
    codes::{ABNORMAL, Close},
    compress::{Encoder, Transport},
    sessions::Taken,
};
use crate::Sim;

/// Bytes of a WebSocket message that are read at all. The limit of the protocol (4096) lies far below, so that a
/// client learns of it by close code 4002.
const MAX_MESSAGE: usize = 1 << 20;
/// Bytes read at once. Clients send little, and the buffer is zeroed at every look for input: the usual 128 KiB would
/// cost more than writing a message.
const READ_BUFFER: usize = 4 << 10;
/// How long a client may take to accept what is written to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a close frame is waited for in return.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Beyond the heartbeat interval, half of it is granted, and never less than this.
const LEAST_TOLERANCE: Duration = Duration::from_secs(1);

/// What the query of the upgrade asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Options {
    version: u8,
    transport: Transport,
}

impl Options {
    /// Reads `v`, `encoding` and `compress`; each may be absent. `encoding=etf` is not simulated, no client in
    /// use insists on it.
    fn read(query: &str) -> Result<Self, Close> {
        let pairs: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let version = match pairs.get("v").copied() {
            None | Some("10") => 10,
            Some("9") => 9,
            Some(_) => return Err(Close::InvalidVersion),
        };
        if pairs.get("encoding").is_some_and(|e| *e != "json") {
            return Err(Close::InvalidVersion);
        }
        Ok(Self { version, transport: Transport::asked(pairs.get("compress").copied()) })
    }
}

/// Answers an upgrade request on the gateway's address; `query` is the raw query string.
pub(crate) fn upgrade(sim: Sim, upgrade: WebSocketUpgrade, query: &str) -> Response {
    let options = Options::read(query);
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(async move |mut socket| {
        let delay = sim.config().hello_delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        match options {
            Ok(options) => {
                let tasks = sim.tasks().clone();
                tasks.spawn("gateway connection", run(sim, socket, options));
            }
            Err(close) => say_goodbye(&mut socket, close).await,
        }
    })
}

/// How a connection ended.
enum End {
    /// The client closed, with its code if it gave one.
    Client(Option<u16>),
    /// The connection broke.
    Lost,
    /// We close.
    Ours(Close),
}

async fn run(sim: Sim, mut socket: WebSocket, options: Options) {
    let transport = if sim.settings().compression { options.transport } else { Transport::Plain };
    let encoder = match Encoder::new(transport) {
        Ok(encoder) => encoder,
        Err(error) => {
            tracing::error!(%error, "cannot start compression");
            return;
        }
    };
    let interval = Duration::from_millis(sim.settings().heartbeat_interval_ms);
    let (line, wake) = sim.gateway(|sessions, desk| sessions.open(desk, options.version));
    let end = converse(&sim, &mut socket, encoder, line, &wake, interval).await;
    let code = match end {
        End::Client(code) => {
            // The reply to the close frame goes out with the next read.
            drop(tokio::time::timeout(CLOSE_TIMEOUT, socket.next()).await);
            code
        }
        End::Lost => None,
        End::Ours(close) => {
            sim.gateway(|sessions, _| sessions.mark_closed(line, close));
            // Told before the world learns of it, so that a client may resume at once.
            sim.gateway(|sessions, desk| sessions.closed(desk, line, None));
            say_goodbye(&mut socket, close).await;
            return;
        }
    };
    sim.gateway(|sessions, desk| sessions.closed(desk, line, code));
}

async fn converse(
    sim: &Sim,
    socket: &mut WebSocket,
    mut encoder: Encoder,
    line: u64,
    wake: &tokio::sync::Notify,
    interval: Duration,
) -> End {
    let stop = sim.tasks().token();
    let tolerance = (interval / 2).max(LEAST_TOLERANCE);
    loop {
        let Some(taken) = sim.gateway(|sessions, desk| sessions.take(desk, line)) else { return End::Lost };
        let Taken { frames, close, close_at, heartbeat } = taken;
        let wrote = !frames.is_empty();
        if wrote && !write(socket, &mut encoder, frames).await {
            return End::Lost;
        }
        if let Some(close) = close {
            return End::Ours(close);
        }
        let silent_until = heartbeat.unwrap_or_else(Instant::now) + interval + tolerance;
        let deadline = close_at.map_or(silent_until, |at| at.min(silent_until));
        if wrote {
            // There may be more to write; but a busy session must not keep heartbeats waiting.
            match socket.next().now_or_never() {
                Some(received) => {
                    if let Some(end) = handle(sim, line, received) {
                        return end;
                    }
                }
                None if Instant::now() >= deadline => return End::Ours(Close::Unknown),
                None => {}
            }
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => return End::Ours(Close::GoingAway),
            () = wake.notified() => {}
            () = tokio::time::sleep_until(deadline.into()) => return End::Ours(Close::Unknown),
            received = socket.next() => {
                if let Some(end) = handle(sim, line, received) {
                    return end;
                }
            }
        }
    }
}

/// Hands on what was received; `Some` when that was the end.
fn handle(sim: &Sim, line: u64, received: Option<Result<Message, axum::Error>>) -> Option<End> {
    let payload = match received {
        None | Some(Err(_)) => return Some(End::Lost),
        Some(Ok(Message::Close(frame))) => return Some(End::Client(frame.map(|f| f.code))),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => return None,
        Some(Ok(Message::Text(text))) => axum::body::Bytes::from(text),
        // JSON in binary frames: hikari sends so.
        Some(Ok(Message::Binary(bytes))) => bytes,
    };
    sim.gateway(|sessions, desk| sessions.receive(desk, line, &payload));
    None
}

/// `false` when the client is gone or takes too long.
async fn write(socket: &mut WebSocket, encoder: &mut Encoder, frames: Vec<String>) -> bool {
    let writing = async {
        for frame in frames {
            let message = encoder.encode(frame).map_err(axum::Error::new)?;
            socket.feed(message).await?;
        }
        socket.flush().await
    };
    matches!(tokio::time::timeout(WRITE_TIMEOUT, writing).await, Ok(Ok(())))
}

async fn say_goodbye(socket: &mut WebSocket, close: Close) {
    if close.code() == ABNORMAL {
        // Dropped as it is, the connection just breaks.
        return;
    }
    let frame = CloseFrame { code: close.code(), reason: close.reason().into() };
    let goodbye = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            // Dropping the connection before the client has read the frame could lose it.
            while let Some(Ok(_)) = socket.next().await {}
        }
    };
    drop(tokio::time::timeout(CLOSE_TIMEOUT, goodbye).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_may_say_little_or_too_much() {
        let plain = Options { version: 10, transport: Transport::Plain };
        assert_eq!(Options::read(""), Ok(plain));
        assert_eq!(Options::read("v=10&encoding=json"), Ok(plain));
        assert_eq!(Options::read("v=9"), Ok(Options { version: 9, ..plain }));
        let zstd = Options { transport: Transport::Zstd, ..plain };
        assert_eq!(Options::read("v=10&encoding=json&compress=zstd-stream"), Ok(zstd));
        assert_eq!(Options::read("compress=brotli-stream"), Ok(plain));
        for bad in ["v=8", "v=x", "v=10&encoding=etf", "v="] {
            assert_eq!(Options::read(bad), Err(Close::InvalidVersion), "{bad}");
        }
    }
}
