//! The websocket below a connection: frames with JSON in and out, compressed or not.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_websockets::{
    ClientBuilder, CloseCode, Connector, Limits, MaybeTlsStream, Message, WebSocketStream,
};
use zstd::stream::raw::{Decoder, Operation as _};

/// Time for DNS, TCP, TLS and the handshake together.
const CONNECT: Duration = Duration::from_secs(10);

/// Time for one frame to get out. Who does not take 4 KiB for that long is not there any more.
const SEND: Duration = Duration::from_secs(10);

/// Bound for a frame as it comes. The largest are guilds with thousands of channels and threads.
const MAX_FRAME: usize = 16 * 1024 * 1024;

/// Bound for a frame unpacked.
const MAX_TEXT: usize = 64 * 1024 * 1024;

/// What comes in.
#[derive(Debug)]
pub(super) enum Incoming {
    Text(String),
    /// Closed by the other side, with its code and reason.
    Closed(Option<u16>, String),
    /// The connection broke; why, for the log.
    Broken(String),
}

pub(super) struct Transport {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// One context for the whole connection. See Discord docs: Gateway / Transport Compression.
    unpack: Decoder<'static>,
}

impl Transport {
    /// Connects to a gateway: an address with scheme, without query.
    ///
    /// # Errors
    /// Why there is no connection, for the log.
    pub(super) async fn connect(address: &str) -> Result<Self, String> {
        let base = address.trim_end_matches('/');
        let address = format!("{base}/?v=10&encoding=json&compress=zstd-stream");
        let connector = Connector::new().map_err(|error| error.to_string())?;
        let builder = ClientBuilder::new()
            .uri(&address)
            .map_err(|error| format!("{base} is no address: {error}"))?
            .limits(Limits::default().max_payload_len(Some(MAX_FRAME)))
            .connector(&connector);
        let connected = tokio::time::timeout(CONNECT, builder.connect()).await;
        let (stream, _) = connected
            .map_err(|_| "no connection came about in time".to_owned())?
            .map_err(|error| error.to_string())?;
        let unpack = Decoder::new().map_err(|error| error.to_string())?;
        Ok(Self { stream, unpack })
    }

    /// The next frame. Safe to drop and call again.
    pub(super) async fn receive(&mut self) -> Incoming {
        loop {
            let message = match self.stream.next().await {
                None => return Incoming::Closed(None, String::new()),
                Some(Err(error)) => return Incoming::Broken(error.to_string()),
                Some(Ok(message)) => message,
            };
            if let Some(text) = message.as_text() {
                return Incoming::Text(text.to_owned());
            }
            if message.is_binary() {
                let unpacked = self.unpack(message.as_payload());
                return unpacked.map_or_else(Incoming::Broken, Incoming::Text);
            }
            if let Some((code, reason)) = message.as_close() {
                // 1005: the frame held no code at all.
                let code = Some(u16::from(code)).filter(|code| *code != 1005);
                let reason = reason.to_owned();
                // Lets our half of the closing handshake out.
                let _ = tokio::time::timeout(Duration::from_millis(200), self.stream.flush()).await;
                return Incoming::Closed(code, reason);
            }
        }
    }

    /// Sends a frame with JSON.
    ///
    /// # Errors
    /// Why the connection is broken.
    pub(super) async fn send(&mut self, text: String) -> Result<(), String> {
        self.put(Message::text(text)).await
    }

    /// Says goodbye; the other side's answer comes as [`Incoming::Closed`].
    ///
    /// # Errors
    /// Why the connection is broken.
    pub(super) async fn close(&mut self, code: u16) -> Result<(), String> {
        let code = CloseCode::try_from(code).ok();
        self.put(Message::close(code, "")).await
    }

    async fn put(&mut self, message: Message) -> Result<(), String> {
        match tokio::time::timeout(SEND, self.stream.send(message)).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err("the other side takes nothing any more".to_owned()),
        }
    }

    fn unpack(&mut self, packed: &[u8]) -> Result<String, String> {
        let text = unpack(&mut self.unpack, packed)?;
        String::from_utf8(text).map_err(|_| "a frame is not text".to_owned())
    }
}

fn unpack(decoder: &mut Decoder<'_>, packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let mut rest = packed;
    loop {
        let filled = text.len();
        let more = (packed.len() * 4).clamp(4 * 1024, 1024 * 1024);
        text.resize(filled + more, 0);
        let status = decoder
            .run_on_buffers(rest, &mut text[filled..])
            .map_err(|error| format!("a frame cannot be unpacked: {error}"))?;
        text.truncate(filled + status.bytes_written);
        rest = rest.get(status.bytes_read..).unwrap_or_default();
        if rest.is_empty() && status.bytes_written < more {
            return Ok(text);
        }
        if text.len() > MAX_TEXT {
            return Err("a frame is too large".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zstd::stream::raw::Encoder;

    /// As Discord packs: one stream, flushed after every message.
    fn pack(encoder: &mut Encoder<'_>, text: &[u8]) -> Vec<u8> {
        let mut out = vec![0; text.len() + 1024];
        let status = encoder.run_on_buffers(text, &mut out).expect("fits");
        assert_eq!(status.bytes_read, text.len());
        let mut written = status.bytes_written;
        let mut buffer = zstd::stream::raw::OutBuffer::around(&mut out[written..]);
        let left = encoder.flush(&mut buffer).expect("fits");
        assert_eq!(left, 0);
        written += buffer.pos();
        out.truncate(written);
        out
    }

    #[test]
    fn messages_of_one_stream_are_unpacked_one_by_one() {
        let mut encoder = Encoder::new(3).expect("can be made");
        let mut decoder = Decoder::new().expect("can be made");
        let long = "guild ".repeat(50_000);
        for text in ["{\"op\":10}", "", &long, "{\"op\":11}", &long] {
            let packed = pack(&mut encoder, text.as_bytes());
            let unpacked = unpack(&mut decoder, &packed).expect("is sound");
            assert!(unpacked == text.as_bytes(), "{} bytes", text.len());
        }
    }

    #[test]
    fn rubbish_is_an_error() {
        let mut decoder = Decoder::new().expect("can be made");
        assert!(unpack(&mut decoder, b"this is no zstd at all").is_err());
    }

    #[test]
    fn a_bomb_is_an_error() {
        let mut encoder = Encoder::new(3).expect("can be made");
        let packed = pack(&mut encoder, &vec![b' '; MAX_TEXT + 4 * 1024 * 1024]);
        assert!(packed.len() < 1024 * 1024);
        let mut decoder = Decoder::new().expect("can be made");
        assert!(unpack(&mut decoder, &packed).is_err());
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_an_error() {
        for address in ["this is no address", "", "ws://"] {
            assert!(Transport::connect(address).await.is_err(), "{address}");
        }
    }
}
