//! Transport compression: one context for the whole connection, flushed after every message. See Discord docs:
//! Gateway / Transport Compression.

use std::io::{self, Write as _};

use axum::extract::ws::Message;

/// How frames are put on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Text frames.
    Plain,
    /// Binary frames of one zlib stream, each ending in `00 00 FF FF`.
    Zlib,
    /// Binary frames of one zstd stream, each a flushed block.
    Zstd,
}

impl Transport {
    /// What the query's `compress` asks for. An unknown value is plain: asking does not oblige the server.
    pub(crate) fn asked(compress: Option<&str>) -> Self {
        match compress {
            Some("zlib-stream") => Self::Zlib,
            Some("zstd-stream") => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// Turns texts into WebSocket messages.
pub(crate) enum Encoder {
    Plain,
    Zlib(Box<flate2::write::ZlibEncoder<Vec<u8>>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, Vec<u8>>>),
}

/// Speed matters more than size on loopback.
const ZSTD_LEVEL: i32 = 1;

impl Encoder {
    pub(crate) fn new(transport: Transport) -> io::Result<Self> {
        Ok(match transport {
            Transport::Plain => Self::Plain,
            Transport::Zlib => {
                Self::Zlib(Box::new(flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast())))
            }
            Transport::Zstd => {
                Self::Zstd(Box::new(zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?))
            }
        })
    }

    pub(crate) fn encode(&mut self, text: String) -> io::Result<Message> {
        let bytes = match self {
            Self::Plain => return Ok(Message::text(text)),
            Self::Zlib(stream) => {
                stream.write_all(text.as_bytes())?;
                stream.flush()?;
                std::mem::take(stream.get_mut())
            }
            Self::Zstd(stream) => {
                stream.write_all(text.as_bytes())?;
                stream.flush()?;
                std::mem::take(stream.get_mut())
            }
        };
        Ok(Message::binary(bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    const TEXTS: [&str; 4] = [r#"{"op":10}"#, r#"{"op":0,"d":"one"}"#, r#"{"op":0,"d":"one"}"#, ""];

    fn frames(transport: Transport) -> Vec<Vec<u8>> {
        let mut encoder = Encoder::new(transport).unwrap();
        TEXTS.iter().map(|t| encoder.encode((*t).to_owned()).unwrap().into_data().to_vec()).collect()
    }

    #[test]
    fn case_50_all_three_transports_decode_alike() {
        assert_eq!(frames(Transport::Plain), TEXTS.map(|t| t.as_bytes().to_vec()));

        let zlib = frames(Transport::Zlib);
        assert!(
            zlib[..3].iter().all(|f| f.ends_with(&[0, 0, 0xFF, 0xFF])),
            "each message ends in a sync flush"
        );
        let mut text = String::new();
        let mut decoder = flate2::read::ZlibDecoder::new(io::Cursor::new(zlib.concat()));
        // The stream has no end mark, so the last read runs into the end of the input.
        drop(decoder.read_to_string(&mut text));
        assert_eq!(text, TEXTS.concat());

        let mut decoder = zstd::stream::write::Decoder::new(Vec::new()).unwrap();
        let mut got = Vec::new();
        for frame in frames(Transport::Zstd) {
            decoder.write_all(&frame).unwrap();
            decoder.flush().unwrap();
            got.push(String::from_utf8(std::mem::take(decoder.get_mut())).unwrap());
        }
        assert_eq!(got, TEXTS, "each message can be read as soon as its frame is there");
    }
}
