//! The journal: every REST exchange, gateway frame, event and control call, in one bounded ring.
//!
//! 20,000 entries or 64 MiB of bodies, whichever is reached first; what fell out is counted. Tokens are
//! masked before anything is stored.

mod fields;

use std::{
    borrow::Cow,
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use cogwright_sim_world::Timestamp;
use percent_encoding::percent_decode_str;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use tokio::sync::broadcast;

pub(crate) use self::fields::{Field, Fields};

/// Entries kept at the most.
pub(crate) const MAX_ENTRIES: usize = 20_000;
/// Bytes of bodies kept at the most, as they lie in memory.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// Bytes of an entry without its fields.
const ENTRY: usize = 256;
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

/// One entry. Further fields depend on the kind; see the control API's description.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Running number from 1.
    pub seq: u64,
    /// World time; JSON has it in ISO 8601.
    #[serde(serialize_with = "iso")]
    pub at: Timestamp,
    /// What it records.
    #[serde(rename = "type")]
    pub kind: EntryKind,
    /// The rest of the entry.
    #[serde(flatten)]
    pub(crate) fields: Fields,
}

impl Entry {
    /// A field of the rest of the entry, as JSON.
    pub fn field(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.fields.get(name).map(Field::value)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this shape")]
fn iso<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.iso())
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

    /// Adds an entry and returns its number. Callers mask secrets first ([`masked`]).
    pub(crate) fn push(&self, at: Timestamp, kind: EntryKind, fields: Fields) -> u64 {
        let size = ENTRY + fields.weight();
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

/// Stands for a secret.
pub(crate) const MASKED: &str = "[masked]";

/// Keys whose values are secrets wherever they stand in a body.
const SECRET_KEYS: [&str; 4] = ["token", "client_secret", "refresh_token", "access_token"];

/// A copy of `value` with secrets replaced by `[masked]`.
pub(crate) fn masked(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(k, v)| {
                let secret = SECRET_KEYS.contains(&k.as_str()) && v.is_string();
                let value = match v.as_str() {
                    _ if secret => Value::from(MASKED),
                    // The address of a webhook ends with its token.
                    Some(url) if k == "url" && url.contains("/webhooks/") => masked_path(url).into(),
                    _ => masked(v),
                };
                (k.clone(), value)
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
    if !["webhooks", "interactions", "%"].iter().any(|word| path.contains(word)) {
        return path.to_owned();
    }
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
                *part = MASKED;
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
            journal.push(Timestamp::default(), EntryKind::Event, Fields::default());
        }
        let (found, last, dropped) = journal.query(0, usize::MAX, |_| true);
        assert_eq!((found.len(), last, dropped), (MAX_ENTRIES, MAX_ENTRIES as u64 + 10, 10));
        let mut fields = Fields::default();
        fields.put("path", "x".repeat(MAX_BYTES));
        journal.push(Timestamp::default(), EntryKind::Event, fields);
        assert_eq!(journal.query(0, usize::MAX, |_| true).0.len(), 0, "one entry alone exceeds the bytes");
        let (after, ..) = journal.query(last, 10, |_| true);
        assert!(after.is_empty());
        for _ in 0..100 {
            let mut fields = Fields::default();
            fields.put("data", json!({ "content": "x".repeat(1 << 20) }));
            journal.push(Timestamp::default(), EntryKind::Event, fields);
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
        let webhook =
            json!({"url": "http://127.0.0.1:1/api/webhooks/1/secret", "x": {"url": "http://a.example/b"}});
        assert_eq!(
            masked(&webhook).to_string(),
            r#"{"url":"http://127.0.0.1:1/api/webhooks/1/[masked]","x":{"url":"http://a.example/b"}}"#
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
