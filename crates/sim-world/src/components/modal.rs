//! Components that exist in modals only: labels, file uploads, radio groups, checkboxes.
//! See Discord docs: Components / Reference / Label and following.

use serde_json::{Map, Value, json};

use super::{Walk, flag_field, select, text_field};
use crate::body::Form;

/// Options of a radio or checkbox group.
const MAX_OPTIONS: i64 = 10;

pub(super) fn label(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    let text = form.string("label", 1, 45);
    if form.get("label").is_none() {
        form.missing("label");
    }
    out.insert("label".into(), json!(text.unwrap_or_default()));
    text_field(form, "description", 100, out);
    let Some(mut child) = walk.child(form, "component", &[3, 4, 5, 6, 7, 8, 19, 21, 22, 23]) else { return };
    if child["type"] == 4
        && let Some(fields) = child.as_object_mut()
        && fields.shift_remove("label").is_some_and(|own| !own.is_null())
    {
        let message = "A text input inside a label cannot have a label of its own";
        form.error("component.label", "TEXT_INPUT_LABEL_NOT_ALLOWED", message);
    }
    out.insert("component".into(), child);
}

pub(super) fn file_upload(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    walk.custom_id(form, out);
    select::range(form, 10, form.boolean("required") != Some(false), out);
    flag_field(form, "required", out);
    if let Some(types) = form.list("file_types", 10)
        && !types.is_empty()
    {
        out.insert("file_types".into(), Value::Array(types.clone()));
    }
}

pub(super) fn radio_group(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    walk.custom_id(form, out);
    flag_field(form, "required", out);
    let options = select::options(form, 2, MAX_OPTIONS as usize);
    if options.iter().filter(|o| o["default"] == true).count() > 1 {
        let message = "At most one option can be the default.";
        form.error("options", "SELECT_COMPONENT_INVALID_DEFAULT_VALUES", message);
    }
    out.insert("options".into(), Value::Array(options));
}

pub(super) fn checkbox_group(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    walk.custom_id(form, out);
    flag_field(form, "required", out);
    let options = select::options(form, 1, MAX_OPTIONS as usize);
    // Without limits of its own a group lets everything be ticked.
    let min = form.integer("min_values", 0, MAX_OPTIONS).unwrap_or(1);
    let max = form.integer("max_values", 1, MAX_OPTIONS).unwrap_or(options.len() as i64);
    if min > max || (form.get("max_values").is_some() && max > options.len() as i64) {
        let message = "min_values, max_values and the number of options must not fall.";
        form.error("max_values", "SELECT_COMPONENT_MIN_GREATER_THAN_MAX", message);
    }
    if min == 0 && form.boolean("required") != Some(false) {
        let message = "min_values must be at least 1 unless required is false";
        form.error("min_values", "NUMBER_TYPE_MIN", message);
    }
    out.insert("min_values".into(), json!(min));
    out.insert("max_values".into(), json!(max));
    out.insert("options".into(), Value::Array(options));
}

pub(super) fn checkbox(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    walk.custom_id(form, out);
    out.insert("default".into(), json!(form.boolean("default").unwrap_or(false)));
}
