//! Waiting for what a bot does: its first answer to an interaction, or anything in the journal.

use std::{sync::Arc, time::Duration};

use cogwright_sim_world::{
    Action, ApiError, InteractionId, MessageId,
    interactions::{self, AnswerKind, CALLBACK_WINDOW},
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::{Entry, EntryKind, Sim};

/// How long an interaction waits in real time for the bot's first answer; world time may end the wait earlier.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a person sees after starting an interaction.
#[derive(Clone, Debug, Serialize)]
pub struct Interacted {
    /// The interaction.
    pub interaction: InteractionId,
    /// The bot's first answer: "message", "update", "deferred", "deferred_update", "modal" or "choices"; absent
    /// if it did not come in time.
    pub kind: Option<&'static str>,
    /// The message shown or updated.
    pub message: Option<Value>,
    /// Whether only this person sees it.
    pub ephemeral: bool,
    /// The modal that opened: custom_id, title, components.
    pub modal: Option<Value>,
    /// The choices offered: name and value.
    pub choices: Option<Value>,
}

/// From where on the journal is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// All of it.
    Start,
    /// Entries with a greater number.
    Seq(u64),
    /// Events whose `data.id` is newer than this id.
    Id(MessageId),
}

impl Sim {
    /// Starts an interaction as a person and waits for the bot's first answer: until 3 s of world time or 5 s of
    /// real time have passed.
    ///
    /// # Errors
    /// When the person's client would not let it through (unknown command, bad option, disabled button).
    pub async fn interact(
        &self,
        action: impl Action<Output = InteractionId>,
    ) -> Result<Interacted, ApiError> {
        let mut changes = self.changes();
        let id = self.apply(action)?;
        let deadline = Instant::now() + PATIENCE;
        let world_deadline = id.created().plus(CALLBACK_WINDOW);
        loop {
            changes.mark_unchanged();
            if let Some(answer) = self.read(|world, _| interactions::first_answer(world, id)) {
                return Ok(Interacted {
                    interaction: id,
                    kind: answer.kind.map(AnswerKind::name),
                    message: answer.message,
                    ephemeral: answer.ephemeral,
                    modal: answer.modal,
                    choices: answer.choices,
                });
            }
            if self.clock().now() >= world_deadline || Instant::now() >= deadline {
                return Ok(Interacted {
                    interaction: id,
                    kind: None,
                    message: None,
                    ephemeral: false,
                    modal: None,
                    choices: None,
                });
            }
            tokio::select! {
                // An error means that the sim is gone; the deadline then ends the loop.
                _ = timeout_at(deadline, changes.changed()) => {}
                () = self.clock().sleep_until(world_deadline) => {}
            }
        }
    }

    /// Waits for a journal entry of `kind`, past or to come, in which every part of `pattern` is found.
    ///
    /// Objects match key by key and lists from their start, recursively. `{"$contains": "text"}` matches a string
    /// that contains it, `{"$any": [..]}` one of several patterns.
    pub async fn wait_for(
        &self,
        kind: EntryKind,
        pattern: Value,
        after: After,
        timeout: Duration,
    ) -> Option<Arc<Entry>> {
        let (mut seen, newer_than) = match after {
            After::Start => (0, None),
            After::Seq(seq) => (seq, None),
            After::Id(id) => (0, Some(id)),
        };
        let matches = |entry: &Entry| {
            if entry.kind != kind {
                return false;
            }
            let newer = newer_than.is_none_or(|after| {
                let id = entry.field("data").and_then(|d| d["id"].as_str()?.parse::<MessageId>().ok());
                id.is_some_and(|id| id > after)
            });
            newer && entry_matches(&pattern, entry)
        };
        let deadline = Instant::now() + timeout;
        loop {
            // Subscribed before looking, so that nothing falls between the look and the wait.
            let mut live = self.journal().subscribe();
            let (found, last, _) = self.journal().query(seen, 1, matches);
            if let Some(entry) = found.into_iter().next() {
                return Some(entry);
            }
            seen = last;
            if timeout_at(deadline, live.recv()).await.is_err() {
                return None;
            }
        }
    }
}

/// Whether every part of `pattern` is in the entry, as [`partial`] has it. The entry is not rendered for it: the
/// whole journal may have to be looked through, and everybody waits meanwhile.
fn entry_matches(pattern: &Value, entry: &Entry) -> bool {
    let Value::Object(wanted) = pattern else { return false };
    wanted.iter().all(|(key, p)| match key.as_str() {
        "seq" => partial(p, &entry.seq.into()),
        "at" => partial(p, &entry.at.iso().into()),
        "type" => partial(p, &json!(entry.kind)),
        _ => entry.fields.get(key).is_some_and(|field| match p {
            Value::String(text) => field.is(text),
            _ => partial(p, &field.value()),
        }),
    })
}

/// Whether every part of `pattern` is in `value`.
fn partial(pattern: &Value, value: &Value) -> bool {
    match pattern {
        Value::Object(wanted) => {
            if let Some(text) = wanted.get("$contains").and_then(Value::as_str) {
                return value.as_str().is_some_and(|v| v.contains(text));
            }
            if let Some(any) = wanted.get("$any").and_then(Value::as_array) {
                return any.iter().any(|p| partial(p, value));
            }
            wanted.iter().all(|(key, p)| value.get(key).is_some_and(|v| partial(p, v)))
        }
        Value::Array(wanted) => {
            let Some(list) = value.as_array() else { return false };
            wanted.len() <= list.len() && wanted.iter().zip(list).all(|(p, v)| partial(p, v))
        }
        other => other == value,
    }
}

#[cfg(test)]
mod tests {
    use super::partial;
    use serde_json::json;

    #[test]
    fn patterns_match_parts() {
        let value = json!({"event": "MESSAGE_CREATE", "data": {"content": "Pong! 12 ms", "embeds": [{"title": "a"}, {}]}});
        assert!(partial(&json!({}), &value));
        assert!(partial(&json!({"data": {"content": {"$contains": "Pong"}}}), &value));
        assert!(partial(&json!({"data": {"embeds": [{"title": {"$any": ["b", "a"]}}]}}), &value));
        assert!(!partial(&json!({"data": {"embeds": [{}, {}, {}]}}), &value));
        assert!(!partial(&json!({"data": {"missing": null}}), &value));
        assert!(!partial(&json!({"event": "MESSAGE_UPDATE"}), &value));
    }
}
