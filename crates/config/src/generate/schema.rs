//! The JSON schema of `config.json`, so that editors complete and check it.

use serde_json::{Map, Value, json};

use super::file::pretty;
use super::written;
use crate::registry::{Setting, settings};
use crate::shape::{MAX_ENTRIES, Shape};

/// The text of `config.schema.json`: draft 7, which editors know best.
pub fn schema() -> String {
    let mut root = Map::new();
    for setting in settings().filter(|setting| setting.in_file) {
        put(&mut root, setting.key, of_setting(setting));
    }
    root.insert("$schema".to_owned(), json!({"type": "string"}));
    let mut whole = object(root);
    whole["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    whole["title"] = json!("config.json of Cogwright");
    let mut text = pretty(&whole);
    text.push('\n');
    text
}

/// An object with these properties and comments; other names are slips.
fn object(properties: Map<String, Value>) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": {"^_comment": {}},
        "additionalProperties": false,
    })
}

/// Puts the schema of a setting under its key with dots.
fn put(properties: &mut Map<String, Value>, key: &str, schema: Value) {
    match key.split_once('.') {
        None => {
            properties.insert(key.to_owned(), schema);
        }
        Some((section, rest)) => {
            let section = properties.entry(section).or_insert_with(|| object(Map::new()));
            if let Some(Value::Object(inner)) = section.get_mut("properties") {
                put(inner, rest, schema);
            }
        }
    }
}

fn of_setting(setting: &Setting) -> Value {
    let default = written(setting);
    let mut schema = of(&setting.shape);
    if default.is_null() {
        schema = json!({"anyOf": [schema, {"type": "null"}]});
    } else {
        schema["default"] = default;
    }
    let later = if setting.later { " Accepted, not built yet." } else { "" };
    schema["description"] = json!(format!("{}{later}", setting.about));
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Bool => json!({"type": "boolean"}),
        Shape::Integer(min, max) => json!({"type": "integer", "minimum": min, "maximum": max}),
        Shape::Number(min, max) => json!({"type": "number", "minimum": min, "maximum": max}),
        Shape::ZeroOr(min, max) => {
            json!({"anyOf": [{"const": 0}, {"type": "integer", "minimum": min, "maximum": max}]})
        }
        Shape::Text(_) => json!({"type": "string", "minLength": 1}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::Colour => json!({"anyOf": [
            {"type": "string", "pattern": "^(#|0x)[0-9a-fA-F]{6}$"},
            {"type": "integer", "minimum": 0, "maximum": 0xff_ffff},
        ]}),
        Shape::Id => json!({"anyOf": [
            {"type": "string", "pattern": "^[0-9]{17,20}$"},
            {"type": "integer", "minimum": 10_000_000_000_000_000_u64},
        ]}),
        Shape::List(of_each) => json!({"type": "array", "items": of(of_each), "maxItems": MAX_ENTRIES}),
        Shape::Table(of_each) => json!({
            "type": "object",
            "patternProperties": {"^_comment": {}},
            "additionalProperties": of(of_each),
            "maxProperties": MAX_ENTRIES,
        }),
        Shape::Object(parts) => {
            let properties = parts.iter().map(|part| {
                let mut schema = of(&part.shape);
                if let Some(default) = part.default {
                    schema["default"] = json!(default);
                }
                (part.name.to_owned(), schema)
            });
            let mut schema = object(properties.collect());
            let required: Vec<_> =
                parts.iter().filter(|part| part.default.is_none()).map(|part| part.name).collect();
            schema["required"] = json!(required);
            schema
        }
    }
}
