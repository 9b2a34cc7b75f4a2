//! The smallest bot: a gateway connection that counts, and a REST connection that is kept open. It does as little as
//! it can, so that what is measured is the other end.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, Utf8Bytes, protocol::WebSocketConfig},
};

use crate::Outcome;

/// All intents, privileged ones too.
const INTENTS: u64 = ((1 << 17) - 1) | (3 << 20) | (3 << 24);
/// Bytes read at once. The buffer is zeroed at every look for input; the usual 128 KiB cost more than the sim took.
const READ_BUFFER: usize = 8 << 10;
/// How long a frame is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A frame: its text, and what its head says.
#[derive(Debug)]
pub(crate) struct Frame {
    text: Utf8Bytes,
}

impl Frame {
    /// `t`, for dispatches. They begin with it: `{"t":"NAME","s":1,...`.
    pub(crate) fn name(&self) -> Option<&str> {
        self.text.strip_prefix("{\"t\":\"")?.split('"').next()
    }

    /// `s`, for dispatches.
    pub(crate) fn seq(&self) -> Option<u64> {
        self.text.split_once("\",\"s\":")?.1.split(',').next()?.parse().ok()
    }

    /// The frame parsed.
    pub(crate) fn value(&self) -> Outcome<Value> {
        serde_json::from_str(&self.text).map_err(|e| format!("a frame is no JSON: {e}: {:.200}", self.text))
    }

    /// Whether the text holds this.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// A gateway connection.
#[derive(Debug)]
pub(crate) struct Gateway {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Gateway {
    /// Connects and reads HELLO; what comes next is [`Gateway::identify`] or a RESUME.
    pub(crate) async fn connect(url: &str) -> Outcome<Self> {
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
        let url = format!("{url}/?v=10&encoding=json");
        let connected = connect_async_with_config(&url, Some(config), false).await;
        let (socket, _) = connected.map_err(|e| format!("cannot connect to {url}: {e}"))?;
        let mut gateway = Self { socket };
        gateway.frame().await?;
        Ok(gateway)
    }

    /// Sends IDENTIFY.
    pub(crate) async fn send_identify(&mut self, token: &str, shard: [u32; 2]) -> Outcome {
        let properties = json!({ "os": "linux", "browser": "bench", "device": "bench" });
        let d = json!({ "token": token, "intents": INTENTS, "properties": properties, "shard": shard });
        self.send(&json!({ "op": 2, "d": d })).await
    }

    /// Identifies and reads on to READY and a GUILD_CREATE for each of its guilds.
    pub(crate) async fn identify(&mut self, token: &str, shard: [u32; 2]) -> Outcome<Ready> {
        self.send_identify(token, shard).await?;
        let ready = self.until("READY").await?.value()?;
        let guilds = ready["d"]["guilds"].as_array().map_or(0, Vec::len);
        let mut seq = 1;
        for _ in 0..guilds {
            seq = self.until("GUILD_CREATE").await?.seq().unwrap_or(seq);
        }
        Ok(Ready { guilds, seq })
    }

    /// Sends a payload.
    pub(crate) async fn send(&mut self, payload: &Value) -> Outcome {
        let sent = self.socket.send(Message::text(payload.to_string())).await;
        sent.map_err(|e| format!("the gateway connection broke: {e}"))
    }

    /// The next text frame.
    pub(crate) async fn frame(&mut self) -> Outcome<Frame> {
        loop {
            let received = timeout(PATIENCE, self.socket.next()).await;
            match received.map_err(|_| format!("no frame for {} s", PATIENCE.as_secs()))? {
                Some(Ok(Message::Text(text))) => return Ok(Frame { text }),
                Some(Ok(Message::Close(frame))) => return Err(format!("the gateway closed: {frame:?}")),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(format!("the gateway connection broke: {error}")),
                None => return Err("the gateway connection ended".into()),
            }
        }
    }

    /// Reads on to a dispatch of this name.
    pub(crate) async fn until(&mut self, name: &str) -> Outcome<Frame> {
        loop {
            let frame = self.frame().await?;
            if frame.name() == Some(name) {
                return Ok(frame);
            }
        }
    }
}

/// What READY said.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) guilds: usize,
    /// Sequence of the last GUILD_CREATE.
    pub(crate) seq: u64,
}

/// A REST connection that is kept open.
#[derive(Debug)]
pub(crate) struct Rest {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Rest {
    /// Connects to `host:port`; requests carry `token`, if there is one.
    pub(crate) async fn connect(host: &str, token: Option<&str>) -> Outcome<Self> {
        let stream = TcpStream::connect(host).await.map_err(|e| format!("cannot connect to {host}: {e}"))?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        let authorization = token.map(|t| format!("Authorization: Bot {t}\r\n")).unwrap_or_default();
        let head = format!("Host: {host}\r\n{authorization}Content-Type: application/json\r\n");
        Ok(Self { stream: BufReader::new(stream), head })
    }

    /// Sends a request; answers status and body.
    pub(crate) async fn call(&mut self, method: &str, path: &str, body: &str) -> Outcome<(u16, Vec<u8>)> {
        let request =
            format!("{method} {path} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{body}", self.head, body.len());
        match timeout(PATIENCE, self.exchange(&request)).await {
            Ok(answer) => answer.map_err(|e| format!("{method} {path}: {e}")),
            Err(_) => Err(format!("{method} {path}: no answer for {} s", PATIENCE.as_secs())),
        }
    }

    async fn exchange(&mut self, request: &str) -> std::io::Result<(u16, Vec<u8>)> {
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line == "\r\n" {
                break;
            }
            if let Some(code) = line.strip_prefix("HTTP/1.1 ") {
                status = code.split(' ').next().and_then(|c| c.trim().parse().ok()).unwrap_or(0);
            } else if let Some((key, value)) = line.split_once(':')
                && key.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok((status, body))
    }
}
