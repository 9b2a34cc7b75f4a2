//! Options of slash commands: nesting, order, choices, limits.
//! See Discord docs: Application Commands / Application Command Option Structure.

use std::collections::HashSet;

use serde_json::{Map, Number, Value, json};

use super::{locale, names::is_slash_name};
use crate::{body::Form, components};

/// Options of a command, a sub-command or a group; choices of an option.
pub(super) const MAX_OPTIONS: usize = 25;
/// The largest whole number that a double holds and no other rounds to, 2^53 - 1. See Discord's OpenAPI document,
/// `Int53Type`.
const MAX_INTEGER: i64 = 9_007_199_254_740_991;
/// Numbers with a fraction may be up to 2^53.
const MAX_NUMBER: f64 = 9_007_199_254_740_992.0;

const SUB_COMMAND: i64 = 1;
const GROUP: i64 = 2;
const STRING: i64 = 3;
const INTEGER: i64 = 4;
const CHANNEL: i64 = 7;
const NUMBER: i64 = 10;
const ATTACHMENT: i64 = 11;

/// What the options belong to, which decides what they may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The command itself: groups and sub-commands, or plain options.
    Command,
    /// A group: sub-commands only.
    Group,
    /// A sub-command: plain options only.
    SubCommand,
}

/// Reads `list`, the `options` of `form`; answers them normalised and their length in characters.
pub(super) fn read(form: Form<'_>, list: &[Value], level: Level) -> (Vec<Value>, usize) {
    let mut names = HashSet::new();
    let mut size = 0;
    let mut optional_seen = false;
    let mut nested = None;
    let mut out = Vec::new();
    for (i, item) in list.iter().enumerate().take(MAX_OPTIONS) {
        let path = form.at(format!("options.{i}"));
        let Some(option) = Form::new(item, &path, form.errors()) else { continue };
        let mut object = Map::new();
        let kind = kind(option, level);
        size += option_body(option, kind, &mut object);
        let is_nested = kind <= GROUP;
        if level == Level::Command && *nested.get_or_insert(is_nested) != is_nested {
            let message =
                "Sub-command and sub-command group option types are mutually exclusive to all other types";
            option.error("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
        }
        if !names.insert(object["name"].as_str().unwrap_or_default().to_owned()) {
            let message = "Option name already exists";
            option.error("name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message);
        }
        let required = object.get("required") == Some(&Value::Bool(true));
        if required && optional_seen {
            let message = "Required options must be placed before non-required options";
            option.error("", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        optional_seen |= !required;
        out.push(Value::Object(object));
    }
    (out, size)
}

fn kind(option: Form<'_>, level: Level) -> i64 {
    let (min, max) = match level {
        Level::Command => (SUB_COMMAND, ATTACHMENT),
        Level::Group => (SUB_COMMAND, SUB_COMMAND),
        Level::SubCommand => (STRING, ATTACHMENT),
    };
    match option.integer("type", i64::MIN, i64::MAX) {
        Some(kind) if (min..=max).contains(&kind) => kind,
        Some(_) => {
            option.error("type", "BASE_TYPE_CHOICES", format!("Value must be {min} to {max}."));
            min
        }
        None => {
            if option.get("type").is_none() {
                option.missing("type");
            }
            min
        }
    }
}

fn option_body(option: Form<'_>, kind: i64, out: &mut Map<String, Value>) -> usize {
    out.insert("type".into(), json!(kind));
    let name = required_text(option, "name", 32);
    if (1..=32).contains(&name.chars().count()) && !is_slash_name(name) {
        option.error("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
    out.insert("name".into(), json!(name));
    let longest = locale::read(option, "name_localizations", 32, is_slash_name, out);
    let mut size = longest.max(name.chars().count());
    let description = required_text(option, "description", 100);
    out.insert("description".into(), json!(description));
    let longest = locale::read(option, "description_localizations", 100, |_| true, out);
    size += longest.max(description.chars().count());
    if kind <= GROUP {
        let level = if kind == GROUP { Level::Group } else { Level::SubCommand };
        let list = option.list("options", MAX_OPTIONS).map(Vec::as_slice).unwrap_or_default();
        let (children, length) = read(option, list, level);
        if !children.is_empty() {
            out.insert("options".into(), Value::Array(children));
        }
        return size + length;
    }
    out.insert("required".into(), json!(option.boolean("required").unwrap_or(false)));
    size + limits(option, kind, out)
}

/// Choices, autocomplete, ranges and types, as the option's type has them.
fn limits(option: Form<'_>, kind: i64, out: &mut Map<String, Value>) -> usize {
    let mut size = 0;
    if matches!(kind, STRING | INTEGER | NUMBER) {
        let autocomplete = option.boolean("autocomplete");
        if let Some(list) = option.list("choices", MAX_OPTIONS).filter(|l| !l.is_empty()) {
            if autocomplete == Some(true) {
                let message = "Autocomplete and choices exclude each other";
                option.error(
                    "choices",
                    "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES_MUTUALLY_EXCLUSIVE",
                    message,
                );
            }
            let (choices, length) = choices(option, list, kind);
            size += length;
            out.insert("choices".into(), Value::Array(choices));
        }
        if let Some(autocomplete) = autocomplete {
            out.insert("autocomplete".into(), json!(autocomplete));
        }
    } else if option.boolean("autocomplete") == Some(true) {
        let message = "This option type cannot have autocomplete";
        option.error("autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_NOT_ALLOWED", message);
    }
    match kind {
        STRING => {
            let min = option.integer("min_length", 0, 6000);
            let max = option.integer("max_length", 1, 6000);
            in_order(option, "min_length", min.map(|n| n as f64), max.map(|n| n as f64));
            for (key, value) in [("min_length", min), ("max_length", max)] {
                if let Some(value) = value {
                    out.insert(key.into(), json!(value));
                }
            }
        }
        INTEGER | NUMBER => {
            let ends = ["min_value", "max_value"]
                .map(|key| option.get(key).and_then(|v| number(option, key, v, kind)));
            in_order(
                option,
                "min_value",
                ends[0].as_ref().and_then(Number::as_f64),
                ends[1].as_ref().and_then(Number::as_f64),
            );
            for (key, value) in ["min_value", "max_value"].into_iter().zip(ends) {
                if let Some(value) = value {
                    out.insert(key.into(), Value::Number(value));
                }
            }
        }
        CHANNEL => {
            if let Some(types) = components::channel_types(option) {
                out.insert("channel_types".into(), types);
            }
        }
        ATTACHMENT => {
            if let Some(types) = option.list("file_types", 10).filter(|l| !l.is_empty()) {
                out.insert("file_types".into(), json!(types));
            }
        }
        _ => {}
    }
    size
}

fn in_order(option: Form<'_>, key: &str, min: Option<f64>, max: Option<f64>) {
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        option.error(
            key,
            "APPLICATION_COMMAND_OPTION_MIN_GREATER_THAN_MAX",
            "The minimum exceeds the maximum",
        );
    }
}

fn choices(option: Form<'_>, list: &[Value], kind: i64) -> (Vec<Value>, usize) {
    let mut names = HashSet::new();
    let mut size = 0;
    let mut out = Vec::new();
    for (i, item) in list.iter().enumerate().take(MAX_OPTIONS) {
        let path = option.at(format!("choices.{i}"));
        let Some(choice) = Form::new(item, &path, option.errors()) else { continue };
        let Some((object, length)) = read_choice(choice, kind) else { continue };
        size += length;
        if !names.insert(object["name"].to_string()) {
            let message = "Option choice name already exists";
            choice.error("name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message);
        }
        out.push(Value::Object(object));
    }
    (out, size)
}

/// One choice, of an option or answered to an autocomplete, with its length in characters.
pub(crate) fn read_choice(choice: Form<'_>, kind: i64) -> Option<(Map<String, Value>, usize)> {
    let mut object = Map::new();
    let name = required_text(choice, "name", 100);
    object.insert("name".into(), json!(name));
    let longest = locale::read(choice, "name_localizations", 100, |_| true, &mut object);
    let mut size = longest.max(name.chars().count());
    let value = choice.get("value");
    if value.is_none() {
        choice.missing("value");
    }
    let value = match kind {
        STRING => {
            let text = value.and_then(|_| choice.string("value", 0, 100))?;
            size += text.chars().count();
            json!(text)
        }
        _ => Value::Number(number(choice, "value", value?, kind)?),
    };
    object.insert("value".into(), value);
    Some((object, size))
}

/// A number within ±2^53; within ±(2^53 - 1) and whole if the option is of type integer.
fn number(form: Form<'_>, key: &str, value: &Value, kind: i64) -> Option<Number> {
    let Some(number) = value.as_number().filter(|_| value.as_f64().is_some_and(f64::is_finite)) else {
        form.error(key, "NUMBER_TYPE_COERCE", "Value is not a number.");
        return None;
    };
    let float = number.as_f64().unwrap_or_default();
    // As a double 2^53 + 1 is 2^53: whole numbers are compared as such.
    let whole = number.as_i64().or_else(|| (float.fract() == 0.0).then_some(float as i64));
    let (fits, bound) = if kind == INTEGER {
        let most = MAX_INTEGER.unsigned_abs();
        // A fraction is refused below, however large.
        (whole.is_none_or(|n| n.unsigned_abs() <= most), most)
    } else {
        (float.abs() <= MAX_NUMBER, MAX_NUMBER as u64)
    };
    if !fits {
        let (code, message) = if float < 0.0 {
            ("NUMBER_TYPE_MIN", format!("Value should be greater than or equal to -{bound}."))
        } else {
            ("NUMBER_TYPE_MAX", format!("Value should be less than or equal to {bound}."))
        };
        form.error(key, code, message);
        return None;
    }
    if kind != INTEGER {
        return Some(number.clone());
    }
    // Some clients write whole numbers as 1.0.
    if whole.is_none() {
        form.error(key, "NUMBER_TYPE_COERCE", "Value is not int.");
    }
    whole.map(Number::from)
}

fn required_text<'a>(form: Form<'a>, key: &str, max: usize) -> &'a str {
    if form.get(key).is_none() {
        form.missing(key);
    }
    form.string(key, 1, max).unwrap_or_default()
}
