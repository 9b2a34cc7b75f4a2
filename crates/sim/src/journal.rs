//! The journal: every REST exchange, gateway frame, event and control call, in one bounded ring.
//!
//! 20,000 entries or 64 MiB of bodies, whichever is reached first; what fell out is counted. Tokens are
//! masked before anything is stored.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::broadcast;

/// Entries kept at the most.
pub(crate) const MAX_ENTRIES: usize = 20_000;
/// Bytes of bodies kept at the most, as they lie in memory.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// Entries a live reader may lag behind before it loses some (it is told).
const LIVE_QUEUE: usize = 4096;

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A REST exchange.
    Rest,
    /// A gateway frame, or a connection opening or closing.
    Gateway,
    /// Something that happened in the world, once, whoever hears of it.
    Event,
    /// A call of the control API.
    Control,
}

/// One entry. `fields` depend on the kind; see the control API's description.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Running number from 1.
    pub seq: u64,
    /// World time, ISO 8601.
    pub at: String,
    /// What it records.
    #[serde(rename = "type")]
    pub kind: EntryKind,
    /// The rest of the entry.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<(Arc<Entry>, usize)>,
    bytes: usize,
    last: u64,
    dropped: u64,
}

/// The ring and its live readers.
#[derive(Debug)]
pub struct Journal {
    ring: Mutex<Ring>,
    live: broadcast::Sender<Arc<Entry>>,
}

impl Default for Journal {
    fn default() -> Self {
        Self { ring: Mutex::default(), live: broadcast::Sender::new(LIVE_QUEUE) }
    }
}

impl Journal {
    fn ring(&self) -> std::sync::MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an entry and returns its number. `size` is the rough size of its bodies in bytes, if known; what the
    /// fields themselves weigh counts at the least. Callers mask secrets first ([`masked`]).
    pub fn push(&self, at: String, kind: EntryKind, fields: Map<String, Value>, size: usize) -> u64 {
        let size = size.max(fields.iter().map(|(key, value)| key.len() + weight(value)).sum()) + 256;
        let mut ring = self.ring();
        ring.last += 1;
        let seq = ring.last;
        let entry = Arc::new(Entry { seq, at, kind, fields });
        ring.bytes += size;
        ring.entries.push_back((Arc::clone(&entry), size));
        while ring.entries.len() > MAX_ENTRIES || ring.bytes > MAX_BYTES {
            let Some((_, freed)) = ring.entries.pop_front() else { break };
            ring.bytes -= freed;
            ring.dropped += 1;
        }
        // Sent under the lock, so that live readers get entries in order. No reader is no error.
        drop(self.live.send(entry));
        seq
    }

    /// Entries after `after` that `keep` accepts, oldest first, at most `limit`; the last number; how many
    /// entries have fallen out of the ring.
    pub fn query(
        &self,
        after: u64,
        limit: usize,
        keep: impl Fn(&Entry) -> bool,
    ) -> (Vec<Arc<Entry>>, u64, u64) {
        let ring = self.ring();
        let first = ring.entries.front().map_or(ring.last + 1, |(e, _)| e.seq);
        let skip = (after + 1).saturating_sub(first) as usize;
        let found =
            ring.entries.iter().skip(skip).map(|(e, _)| e).filter(|e| keep(e)).take(limit).cloned().collect();
        (found, ring.last, ring.dropped)
    }

    /// Live entries from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.live.subscribe()
    }

    /// The number of the newest entry.
    pub fn last(&self) -> u64 {
        self.ring().last
    }

    /// Forgets all entries; numbers go on.
    pub fn clear(&self) {
        let mut ring = self.ring();
        ring.entries.clear();
        ring.bytes = 0;
    }
}

/// What a value takes in memory, roughly, in bytes: several times its text.
fn weight(value: &Value) -> usize {
    /// A value itself.
    const VALUE: usize = size_of::<Value>();
    /// What a key takes beside its text: the string, its hash and its place in the table.
    const KEY: usize = size_of::<String>() + 3 * size_of::<usize>();
    VALUE
        + match value {
            Value::Object(map) => map.iter().map(|(k, v)| KEY + k.len() + weight(v)).sum(),
            Value::Array(list) => list.iter().map(weight).sum(),
            Value::String(text) => text.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

/// Keys whose values are secrets wherever they stand in a body.
const SECRET_KEYS: [&str; 4] = ["token", "client_secret", "refresh_token", "access_token"];

/// A copy of `value` with secrets replaced by `[masked]`.
pub(crate) fn masked(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(k, v)| {
                let secret = SECRET_KEYS.contains(&k.as_str()) && v.is_string();
                (k.clone(), if secret { Value::from("[masked]") } else { masked(v) })
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(list) => list.iter().map(masked).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}

/// A path with interaction and webhook tokens masked: `/webhooks/{id}/{token}/..`, `/interactions/{id}/{token}/..`.
/// Any letter of it may be percent-encoded, and an encoded slash may join the id and the token.
pub(crate) fn masked_path(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    let secret = |part: &&str| {
        let part = percent_decode_str(part).decode_utf8_lossy();
        ["webhooks", "interactions"].iter().any(|s| part.starts_with(s))
    };
    if let Some(i) = parts.iter().position(secret) {
        for (at, part) in parts.iter_mut().enumerate().skip(i).take(3) {
            let id = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let named = at == i && !part.contains(['%']);
            let list = at == i + 1 && id;
            if !(named || list || part.is_empty()) {
                *part = "[masked]";
            }
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_ring_is_bounded_and_counts_what_it_dropped() {
        let journal = Journal::default();
        for _ in 0..MAX_ENTRIES + 10 {
            journal.push(String::new(), EntryKind::Event, Map::new(), 0);
        }
        let (found, last, dropped) = journal.query(0, usize::MAX, |_| true);
        assert_eq!((found.len(), last, dropped), (MAX_ENTRIES, MAX_ENTRIES as u64 + 10, 10));
        journal.push(String::new(), EntryKind::Event, Map::new(), MAX_BYTES);
        assert_eq!(journal.query(0, usize::MAX, |_| true).0.len(), 0, "one entry alone exceeds the bytes");
        let (after, ..) = journal.query(last, 10, |_| true);
        assert!(after.is_empty());
        // Nor does it help to claim that a body is small.
        for _ in 0..100 {
            let fields = json!({ "data": { "content": "x".repeat(1 << 20) } });
            let Value::Object(fields) = fields else { unreachable!() };
            journal.push(String::new(), EntryKind::Event, fields, 0);
        }
        assert_eq!(journal.query(0, usize::MAX, |_| true).0.len(), 63, "one MiB each");
    }

    #[test]
    fn secrets_are_masked_in_bodies_and_paths() {
        let body = json!({"d": {"token": "abc", "list": [{"token": "x"}], "name": "token"}});
        assert_eq!(
            masked(&body).to_string(),
            r#"{"d":{"token":"[masked]","list":[{"token":"[masked]"}],"name":"token"}}"#
        );
        assert_eq!(
            masked_path("/webhooks/1/secret/messages/@original"),
            "/webhooks/1/[masked]/messages/@original"
        );
        assert_eq!(masked_path("/channels/1/messages"), "/channels/1/messages");
        assert_eq!(masked_path("/channels/1/webhooks"), "/channels/1/webhooks");
        for tricky in [
            "/%77ebhooks/1/secret/messages/%40original",
            "/webhooks%2F1%2Fsecret/x",
            "/interactions/1%2fsecret/callback",
            "/%69nteractions/1/secret/callback",
            "//webhooks/1/secret",
            "/webhooks/secret/secret",
        ] {
            assert!(!masked_path(tricky).contains("secret"), "{tricky} -> {}", masked_path(tricky));
        }
    }
}
