//! The control API's own OpenAPI document, made from the endpoints.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{PREFIX, endpoint::Endpoint};

/// OpenAPI 3.1 for `endpoints`.
pub(crate) fn document(endpoints: &[Endpoint]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for endpoint in endpoints {
        let parameters: Vec<Value> = endpoint
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        let content: Map<String, Value> =
            endpoint.answers.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": {} }))).collect();
        let mut operation = json!({
            "summary": endpoint.summary,
            "operationId": operation_id(endpoint),
            "parameters": parameters,
            "responses": {
                "200": { "description": "Done", "content": content },
                "4XX": { "description": "Refused: what is wrong, where, and what to do", "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } },
            },
        });
        if let Some(body) = endpoint.body {
            let schema = body(&mut generator);
            operation["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
        }
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_lowercase()] = operation;
    }
    paths.insert("/stream".into(), stream());
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Error".into(), error_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Cogwright local Discord: control API",
            "version": "1",
            "description": "Act as a person, build worlds, move time, watch. Ids are strings; objects named message, channel and so on are Discord's own.",
        },
        "servers": [{ "url": PREFIX }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn operation_id(endpoint: &Endpoint) -> String {
    let path: String =
        endpoint.path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{}{}", endpoint.method.as_str().to_lowercase(), path.replace("__", "_").trim_end_matches('_'))
}

fn stream() -> Value {
    json!({ "get": {
        "summary": "WebSocket: what a person sees, or every journal entry, as it happens",
        "operationId": "get_stream",
        "parameters": [
            { "name": "user", "in": "query", "schema": { "type": "string" }, "description": "See as this person" },
            { "name": "journal", "in": "query", "schema": { "type": "string" }, "description": "1: every journal entry" },
        ],
        "responses": { "101": { "description": "Text frames {seq, event, data}, or journal entries" } },
    } })
}

fn error_schema() -> Value {
    json!({
        "type": "object", "required": ["error"],
        "properties": { "error": {
            "type": "object", "required": ["code", "message"],
            "properties": {
                "code": { "enum": ["bad_request", "not_found", "discord", "timeout", "forbidden", "unauthorized", "not_json", "method_not_allowed"] },
                "message": { "type": "string" },
                "field": { "type": "string" },
                "discord": { "type": "object", "description": "The body Discord would have sent" },
            },
        } },
    })
}
