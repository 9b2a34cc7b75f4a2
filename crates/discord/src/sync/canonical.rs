//! One way to write a command down, so that two that mean the same are equal.
//!
//! Discord answers with defaults, nulls and ids that were never sent, and different libraries
//! write the same command differently. See Discord docs: Application Commands / Application
//! Command Object.

use serde_json::{Map, Number, Value};

/// A command as an object without what means nothing: defaults, nulls, empty lists, ids. The
/// order of options and choices stays, it is what users see; other lists are sorted.
///
/// Anything that is not an object is returned as it is.
pub fn canonical(command: &Value) -> Value {
    let Some(command) = command.as_object() else {
        return command.clone();
    };
    let mut out = Map::new();
    let kind = command.get("type").and_then(Value::as_u64).unwrap_or(1);
    out.insert("type".to_owned(), kind.into());
    copy(command, &mut out, &["name", "handler"]);
    // Only slash commands have one; an empty text elsewhere is the same as none.
    copy_unless(command, &mut out, "description", &Value::from(""));
    localizations(command, &mut out);
    copy_unless(command, &mut out, "nsfw", &Value::Bool(false));
    if let Some(permissions) = set(command, "default_member_permissions") {
        let text = permissions.as_str().map_or_else(|| permissions.to_string(), str::to_owned);
        out.insert("default_member_permissions".to_owned(), text.into());
    }
    sorted_list(command, &mut out, "contexts");
    sorted_list(command, &mut out, "integration_types");
    if !out.contains_key("contexts") {
        // Superseded by contexts; only "not in direct messages" says something.
        copy_unless(command, &mut out, "dm_permission", &Value::Bool(true));
    }
    options(command, &mut out);
    Value::Object(out)
}

/// The part of a registered command that is compared with a wanted one, both in canonical form.
///
/// What the wanted command leaves to Discord is filled in by Discord: the integration types of
/// the application, and all contexts.
pub(super) fn without_defaults_of(wanted: &Value, registered: &mut Value) {
    let Some(registered) = registered.as_object_mut() else {
        return;
    };
    if wanted.get("integration_types").is_none() {
        registered.remove("integration_types");
    }
    if wanted.get("contexts").is_none() {
        let all = |contexts: &Value| *contexts == serde_json::json!([0, 1, 2]);
        if registered.get("contexts").is_some_and(all) {
            registered.remove("contexts");
        }
    }
}

fn options(from: &Map<String, Value>, out: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = from.get("options") else {
        return;
    };
    if options.is_empty() {
        return;
    }
    let options: Vec<_> = options.iter().map(option).collect();
    out.insert("options".to_owned(), options.into());
}

fn option(option: &Value) -> Value {
    let Some(option) = option.as_object() else {
        return option.clone();
    };
    let mut out = Map::new();
    copy(option, &mut out, &["type", "name", "description", "min_length", "max_length"]);
    localizations(option, &mut out);
    copy_unless(option, &mut out, "required", &Value::Bool(false));
    copy_unless(option, &mut out, "autocomplete", &Value::Bool(false));
    for key in ["min_value", "max_value"] {
        if let Some(value) = set(option, key) {
            out.insert(key.to_owned(), number(value));
        }
    }
    sorted_list(option, &mut out, "channel_types");
    sorted_list(option, &mut out, "file_types");
    if let Some(Value::Array(choices)) = option.get("choices")
        && !choices.is_empty()
    {
        let choices: Vec<_> = choices.iter().map(choice).collect();
        out.insert("choices".to_owned(), choices.into());
    }
    options(option, &mut out);
    Value::Object(out)
}

fn choice(choice: &Value) -> Value {
    let Some(choice) = choice.as_object() else {
        return choice.clone();
    };
    let mut out = Map::new();
    copy(choice, &mut out, &["name"]);
    localizations(choice, &mut out);
    if let Some(value) = set(choice, "value") {
        out.insert("value".to_owned(), number(value));
    }
    Value::Object(out)
}

/// A key that is there and not null.
fn set<'a>(from: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    from.get(key).filter(|value| !value.is_null())
}

fn copy(from: &Map<String, Value>, out: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        if let Some(value) = set(from, key) {
            out.insert((*key).to_owned(), value.clone());
        }
    }
}

fn copy_unless(from: &Map<String, Value>, out: &mut Map<String, Value>, key: &str, default: &Value) {
    if let Some(value) = set(from, key).filter(|value| *value != default) {
        out.insert(key.to_owned(), value.clone());
    }
}

fn localizations(from: &Map<String, Value>, out: &mut Map<String, Value>) {
    for key in ["name_localizations", "description_localizations"] {
        let Some(Value::Object(map)) = from.get(key) else {
            continue;
        };
        let mut entries: Vec<_> = map.iter().filter(|(_, text)| !text.is_null()).collect();
        // Maps with kept order compare equal in any order, but read better in one.
        entries.sort_by_key(|(locale, _)| *locale);
        if !entries.is_empty() {
            let entries = entries.into_iter().map(|(k, v)| (k.clone(), v.clone()));
            out.insert(key.to_owned(), Value::Object(entries.collect()));
        }
    }
}

fn sorted_list(from: &Map<String, Value>, out: &mut Map<String, Value>, key: &str) {
    if let Some(Value::Array(list)) = from.get(key)
        && !list.is_empty()
    {
        let mut list = list.clone();
        list.sort_by_key(|item| (item.as_u64(), item.as_str().map(str::to_owned)));
        list.dedup();
        out.insert(key.to_owned(), list.into());
    }
}

/// 1 and 1.0 are the same number.
fn number(value: &Value) -> Value {
    match value.as_f64() {
        Some(float) if value.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
            Value::Number(Number::from(float as i64))
        }
        _ => value.clone(),
    }
}
