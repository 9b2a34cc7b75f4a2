//! Text displays and text inputs. See Discord docs: Components / Reference / Text Display, Text Input.

use serde_json::{Map, Value, json};

use super::{Walk, flag_field, text_field};
use crate::body::Form;

pub(super) fn display(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    let content = form.string("content", 1, 4000);
    if form.get("content").is_none() {
        form.missing("content");
    }
    let content = content.unwrap_or_default();
    walk.text.set(walk.text.get() + content.chars().count());
    out.insert("content".into(), json!(content));
}

/// A text input; whether it must or must not have a `label` of its own is for its parent to say.
pub(super) fn input(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    walk.custom_id(form, out);
    let style = form.integer("style", 1, 2);
    if form.get("style").is_none() {
        form.missing("style");
    }
    out.insert("style".into(), json!(style.unwrap_or(1)));
    let label = form.get("label").and_then(|_| form.string("label", 1, 45));
    out.insert("label".into(), json!(label));
    let min = form.integer("min_length", 0, 4000);
    let max = form.integer("max_length", 1, 4000);
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        form.error("min_length", "TEXT_INPUT_MIN_GREATER_THAN_MAX", "min_length cannot exceed max_length");
    }
    out.insert("min_length".into(), json!(min));
    out.insert("max_length".into(), json!(max));
    text_field(form, "placeholder", 100, out);
    text_field(form, "value", 4000, out);
    flag_field(form, "required", out);
}
