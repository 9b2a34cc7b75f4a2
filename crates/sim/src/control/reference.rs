//! The control API's reference page (Markdown), made from its OpenAPI document.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{PREFIX, endpoints, openapi};

/// The control API's OpenAPI 3.1 document, as `/_sim/v1/openapi.json` serves it.
pub fn control_api() -> Value {
    openapi::document(&endpoints())
}

/// The control API's page of the documentation (Markdown).
pub fn control_api_page() -> String {
    let document = control_api();
    let empty = Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&empty);
    let mut page = format!(
        "# Control API\n\nMade by `cogwright sim api --markdown`; do not edit. Everything here is below \
         `http://127.0.0.1:PORT{PREFIX}`, and served as an OpenAPI document at `{PREFIX}/openapi.json`.\n\n\
         Ids are strings. Bodies are JSON with `Content-Type: application/json`; a key that is not listed is \
         refused. Objects named message, channel and so on are Discord's own. On loopback the `Host` must be a \
         loopback name and a foreign `Origin` is refused; beyond loopback each call needs \
         `Authorization: Bearer KEY`.\n\n\
         A refusal is `{{\"error\": {{\"code\", \"message\", \"field\"?, \"discord\"?}}}}`. When Discord's rules \
         refuse an action, `code` is `discord`, the status is Discord's, and `discord` is the body Discord would \
         have sent.\n"
    );
    let mut types = Vec::new();
    let mut families: Vec<&str> = Vec::new();
    for family in paths.keys().map(|path| family(path)) {
        if !families.contains(&family) {
            families.push(family);
        }
    }
    for name in families {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "\n## {name}");
        for (path, operations) in paths.iter().filter(|(path, _)| family(path) == name) {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                let summary = operation["summary"].as_str().unwrap_or_default();
                let _ = writeln!(page, "\n### `{} {path}`\n\n{}.", method.to_uppercase(), prose(summary));
                queries(&mut page, operation);
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                let schema = follow(schemas, schema);
                fields(&mut page, schema);
                mentioned(schema, &mut types);
            }
        }
    }
    page.push_str("\n## Types\n");
    let mut next = 0;
    while let Some(name) = types.get(next).cloned() {
        next += 1;
        let Some(schema) = schemas.get(&name) else { continue };
        let _ = writeln!(page, "\n### {name}\n\n{}.", described(schema));
        fields(&mut page, schema);
        mentioned(schema, &mut types);
        for variant in schema["oneOf"].as_array().into_iter().flatten() {
            let tag = variant["const"].as_str().or(variant["properties"]["type"]["const"].as_str());
            let _ = writeln!(page, "\n**`{}`**: {}.", tag.unwrap_or("other"), described(variant));
            fields(&mut page, variant);
        }
    }
    page
}

/// Adds the names of the schemas that a schema refers to, each once.
fn mentioned(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(name) = reference(schema).filter(|name| !names.iter().any(|n| n == name)) {
                names.push(name.to_owned());
            }
            map.values().for_each(|inner| mentioned(inner, names));
        }
        Value::Array(list) => list.iter().for_each(|inner| mentioned(inner, names)),
        _ => {}
    }
}

fn described(schema: &Value) -> String {
    prose(schema["description"].as_str().unwrap_or_default())
}

fn family(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// Text of a cell or line: no line breaks, and nothing that the page would take for a column or for markup.
fn prose(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.trim_end_matches('.').replace('|', "\\|").replace('<', "&lt;")
}

fn queries(page: &mut String, operation: &Value) {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    for parameter in parameters.filter(|p| p["in"] == "query") {
        let name = parameter["name"].as_str().unwrap_or_default();
        let about = parameter["description"].as_str().unwrap_or_default();
        let _ = writeln!(page, "\n- `?{name}=`: {}", prose(about));
    }
}

/// The table of an object's fields; nothing for what has none.
fn fields(page: &mut String, schema: &Value) {
    let Some(properties) = schema["properties"].as_object().filter(|p| !p.is_empty()) else { return };
    let required = schema["required"].as_array();
    let _ = writeln!(page, "\n| field | type | needed | |\n| --- | --- | --- | --- |");
    for (name, property) in properties {
        let needed = required.is_some_and(|list| list.iter().any(|n| n == name));
        let (kind, about) = (kind(property), described(property));
        let needed = if needed { "yes" } else { "" };
        let _ = writeln!(page, "| `{name}` | {kind} | {needed} | {about} |");
    }
}

/// The name of the schema that this one refers to.
fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The schema that a reference names.
fn follow<'v>(schemas: &'v Map<String, Value>, schema: &'v Value) -> &'v Value {
    reference(schema).and_then(|name| schemas.get(name)).unwrap_or(schema)
}

/// A type in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(word) = schema["const"].as_str() {
        return format!("`{word}`");
    }
    if let Some(words) = schema["enum"].as_array() {
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ");
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(of) = schema[union].as_array() {
            let kinds: Vec<String> = of.iter().filter(|s| s["type"] != "null").map(kind).collect();
            return kinds.join(" or ");
        }
    }
    let names: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).filter(|n| *n != "null").collect(),
        _ => vec!["anything"],
    };
    match (names.as_slice(), &schema["items"]) {
        (["array"], items) if items.is_object() => format!("list of {}", kind(items)),
        _ => names.join(" or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/control-api.md");
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == control_api_page(),
            "docs/src/control-api.md is not current: run `cargo xtask gen control-api`"
        );
    }

    #[test]
    fn every_endpoint_and_field_is_on_the_page() {
        let page = control_api_page();
        for endpoint in endpoints() {
            assert!(page.contains(&format!("`{} {}`", endpoint.method, endpoint.path)), "{}", endpoint.path);
        }
        assert!(page.contains("| `text` | string |"), "{page}");
    }
}
