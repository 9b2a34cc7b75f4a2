//! Components that arrange others: rows, sections, separators, containers.
//! See Discord docs: Components / Reference.

use serde_json::{Map, Value, json};

use super::{MAX_TOTAL, Walk};
use crate::body::Form;

/// Places in a row: a button takes one, a select or a text input all.
const ROW_WIDTH: usize = 5;

pub(super) fn row(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    let allowed: &[u64] = if walk.in_modal() { &[4] } else { &[2, 3, 5, 6, 7, 8] };
    let children = walk.children(form, "components", allowed, ROW_WIDTH);
    let mut width = 0;
    for (i, child) in children.iter().enumerate() {
        width += if child["type"] == 2 { 1 } else { ROW_WIDTH };
        // Too many buttons are an error of the list's length already.
        if width > ROW_WIDTH && i < ROW_WIDTH {
            let message = "The specified component exceeds the maximum width";
            form.error(format!("components.{i}"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
            break;
        }
    }
    if walk.in_modal() {
        // A legacy row has nothing else that could name the input.
        for (i, _) in children.iter().enumerate().filter(|(_, c)| c["label"].is_null()) {
            form.error(format!("components.{i}.label"), "BASE_TYPE_REQUIRED", "This field is required");
        }
    }
    out.insert("components".into(), Value::Array(children));
}

pub(super) fn section(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    out.insert("components".into(), Value::Array(walk.children(form, "components", &[10], 3)));
    if let Some(accessory) = walk.child(form, "accessory", &[2, 11]) {
        out.insert("accessory".into(), accessory);
    }
}

pub(super) fn separator(_: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    out.insert("spacing".into(), json!(form.integer("spacing", 1, 2).unwrap_or(1)));
    out.insert("divider".into(), json!(form.boolean("divider").unwrap_or(true)));
}

pub(super) fn container(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    out.insert("accent_color".into(), json!(form.integer("accent_color", 0, 0xFF_FFFF)));
    out.insert("spoiler".into(), json!(form.boolean("spoiler").unwrap_or(false)));
    let children = walk.children(form, "components", &[1, 9, 10, 12, 13, 14], MAX_TOTAL);
    out.insert("components".into(), Value::Array(children));
}
