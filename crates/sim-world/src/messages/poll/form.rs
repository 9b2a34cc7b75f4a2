//! Reads the poll of a new message.
//! See Discord docs: Poll / Poll Create Request Object.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use crate::{
    EmojiId, Poll, Timestamp,
    body::{Form, join},
};

const MAX_QUESTION: usize = 300;
const MAX_ANSWER: usize = 55;
const MAX_ANSWERS: usize = 10;
/// 32 days.
const MAX_HOURS: i64 = 768;

/// Reads the key `poll` of a body; absent and null are `None`.
pub(in crate::messages) fn read(body: Form<'_>, now: Timestamp) -> Option<Poll> {
    let path = body.at("poll");
    let form = Form::new(body.get("poll")?, &path, body.errors())?;
    let mut question = media(form, "question", MAX_QUESTION);
    // See Discord docs: Poll / Poll Object: a question is its text alone.
    if let Some(question) = question.as_object_mut() {
        question.shift_remove("emoji");
    }
    let mut answers = Vec::new();
    match form.list("answers", MAX_ANSWERS) {
        Some(list) if !list.is_empty() => {
            for (i, answer) in list.iter().take(MAX_ANSWERS).enumerate() {
                let path = join(&form.at("answers"), i);
                let Some(answer) = Form::new(answer, &path, form.errors()) else { continue };
                answers.push(
                    json!({ "answer_id": i + 1, "poll_media": media(answer, "poll_media", MAX_ANSWER) }),
                );
            }
        }
        _ => form.missing("answers"),
    }
    let hours = form.integer("duration", 1, MAX_HOURS).unwrap_or(24).clamp(1, MAX_HOURS);
    if form.integer("layout_type", 0, i64::MAX).is_some_and(|l| l != 1) {
        form.error("layout_type", "BASE_TYPE_CHOICES", "Value must be one of (1,).");
    }
    Some(Poll {
        question,
        answers,
        expiry: now.plus(Duration::from_secs(hours as u64 * 3600)),
        allow_multiselect: form.boolean("allow_multiselect").unwrap_or(false),
        votes: BTreeMap::new(),
        ended: false,
    })
}

fn media(form: Form<'_>, key: &str, max: usize) -> Value {
    let Some(value) = form.get(key) else {
        form.missing(key);
        return Value::Null;
    };
    let path = form.at(key);
    let Some(inner) = Form::new(value, &path, form.errors()) else { return Value::Null };
    let mut out = Map::new();
    match inner.string("text", 1, max) {
        Some(text) => {
            out.insert("text".into(), json!(text));
        }
        None => inner.missing("text"),
    }
    if let Some(emoji) = inner.get("emoji") {
        let path = inner.at("emoji");
        if let Some(emoji) = Form::new(emoji, &path, inner.errors()) {
            let (id, name) = (emoji.id::<EmojiId>("id"), emoji.string("name", 0, 32));
            out.insert("emoji".into(), json!({ "id": id, "name": name }));
        }
    }
    Value::Object(out)
}
