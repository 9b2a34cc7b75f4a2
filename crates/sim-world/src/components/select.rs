//! The five select menus. See Discord docs: Components / Reference / String Select and following.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{Walk, emoji_field, flag_field, text_field};
use crate::body::Form;

/// Options, default values and values of a select.
const MAX_VALUES: i64 = 25;

pub(super) fn string(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    let (min, max) = common(walk, form, out);
    let options = options(form, max.max(1) as usize, MAX_VALUES as usize);
    let defaults = options.iter().filter(|o| o["default"] == true).count() as i64;
    check_defaults(form, "options", defaults, min, max);
    out.insert("options".into(), Value::Array(options));
}

pub(super) fn user(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    populated(walk, form, &["user"], out);
}

pub(super) fn role(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    populated(walk, form, &["role"], out);
}

pub(super) fn mentionable(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    populated(walk, form, &["user", "role"], out);
}

pub(super) fn channel(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) {
    populated(walk, form, &["channel"], out);
    if let Some(types) = channel_types(form) {
        out.insert("channel_types".into(), types);
    }
}

/// `channel_types`: channel type numbers, each once. Also an option of slash commands.
pub(crate) fn channel_types(form: Form<'_>) -> Option<Value> {
    let list = form.list("channel_types", 17)?;
    let mut seen = HashSet::new();
    for (i, item) in list.iter().enumerate().take(17) {
        let known = item.as_u64().filter(|n| *n <= 16 && !(6..=9).contains(n));
        match known {
            None => {
                let message = "Value must be a channel type.";
                form.error(format!("channel_types.{i}"), "BASE_TYPE_CHOICES", message);
            }
            Some(n) if !seen.insert(n) => {
                form.error(
                    "channel_types",
                    "SET_TYPE_ALREADY_CONTAINS_VALUE",
                    "The set already contains this value",
                );
            }
            Some(_) => {}
        }
    }
    (!list.is_empty()).then(|| Value::Array(list.clone()))
}

/// What all selects share; answers how few and how many values may be chosen.
fn common(walk: &Walk<'_>, form: Form<'_>, out: &mut Map<String, Value>) -> (i64, i64) {
    walk.custom_id(form, out);
    text_field(form, "placeholder", 150, out);
    let required = walk.in_modal() && form.boolean("required") != Some(false);
    let range = range(form, MAX_VALUES, required, out);
    if walk.in_modal() {
        if form.boolean("disabled") == Some(true) {
            form.error(
                "disabled",
                "COMPONENT_DISABLED_IN_MODAL",
                "A component in a modal cannot be disabled",
            );
        }
        flag_field(form, "required", out);
    } else {
        flag_field(form, "disabled", out);
    }
    range
}

/// `min_values` (default 1) and `max_values` (default 1).
pub(super) fn range(form: Form<'_>, limit: i64, required: bool, out: &mut Map<String, Value>) -> (i64, i64) {
    let min = form.integer("min_values", 0, limit);
    let max = form.integer("max_values", 1, limit).unwrap_or(1);
    if required && min == Some(0) {
        let message = "min_values must be at least 1 unless required is false";
        form.error("min_values", "NUMBER_TYPE_MIN", message);
    }
    let min = min.unwrap_or(1);
    if min > max {
        form.error(
            "min_values",
            "SELECT_COMPONENT_MIN_GREATER_THAN_MAX",
            "min_values cannot exceed max_values",
        );
    }
    out.insert("min_values".into(), json!(min));
    out.insert("max_values".into(), json!(max));
    (min, max)
}

/// `options`: at least `min`, at most `max` of them with unique values.
pub(super) fn options(form: Form<'_>, min: usize, max: usize) -> Vec<Value> {
    let Some(list) = form.get("options") else {
        form.missing("options");
        return Vec::new();
    };
    let Some(list) = list.as_array() else {
        form.error("options", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        return Vec::new();
    };
    if list.len() < min || list.len() > max {
        form.error("options", "BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
    }
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for (i, item) in list.iter().enumerate().take(max) {
        let path = form.at(format!("options.{i}"));
        let Some(option) = Form::new(item, &path, form.errors()) else { continue };
        let mut object = Map::new();
        for key in ["label", "value"] {
            let text = option.string(key, 1, 100);
            if option.get(key).is_none() {
                option.missing(key);
            }
            object.insert(key.into(), json!(text.unwrap_or_default()));
        }
        if !seen.insert(object["value"].to_string()) {
            let message = "The specified option value is already used";
            option.error("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message);
        }
        text_field(option, "description", 100, &mut object);
        emoji_field(option, &mut object);
        flag_field(option, "default", &mut object);
        out.push(Value::Object(object));
    }
    out
}

/// A select that Discord fills: users, roles or channels.
fn populated(walk: &Walk<'_>, form: Form<'_>, kinds: &[&str], out: &mut Map<String, Value>) {
    let (min, max) = common(walk, form, out);
    let Some(list) = form.list("default_values", MAX_VALUES as usize) else { return };
    let mut defaults = Vec::new();
    for (i, item) in list.iter().enumerate().take(MAX_VALUES as usize) {
        let path = form.at(format!("default_values.{i}"));
        let Some(value) = Form::new(item, &path, form.errors()) else { continue };
        let id = value.bits("id");
        if value.get("id").is_none() {
            value.missing("id");
        }
        let kind = value.string("type", 1, 10).unwrap_or_default();
        if !kinds.contains(&kind) {
            value.error("type", "BASE_TYPE_CHOICES", format!("Value must be one of {kinds:?}."));
        }
        defaults.push(json!({ "id": id.unwrap_or_default().to_string(), "type": kind }));
    }
    check_defaults(form, "default_values", defaults.len() as i64, min, max);
    if !defaults.is_empty() {
        out.insert("default_values".into(), Value::Array(defaults));
    }
}

/// If anything is selected from the start, as much must be as one could select.
fn check_defaults(form: Form<'_>, key: &str, count: i64, min: i64, max: i64) {
    if count > 0 && !(min..=max).contains(&count) {
        let message = format!("The number of default values must be between {min} and {max}.");
        form.error(key, "SELECT_COMPONENT_INVALID_DEFAULT_VALUES", message);
    }
}
