//! The OpenAPI document: which schema a request or response of an operation must satisfy.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The document and the validators built from it so far.
pub(crate) struct Spec {
    operations: HashMap<String, Operation>,
    /// `components` as given, for responses.
    strict: Value,
    /// `components` with integers that may also be decimal strings, for requests: "the API accepts strings that
    /// parse as integers", says the document's README.
    lenient: Value,
    built: HashMap<String, Validator>,
}

pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    request: Option<Value>,
    responses: Map<String, Value>,
}

impl Spec {
    pub(crate) fn new(document: Value) -> Self {
        let mut operations = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let Some(id) = operation["operationId"].as_str() else { continue };
                let content = &operation["requestBody"]["content"];
                let request =
                    ["application/json", "multipart/form-data"].iter().find_map(|kind| content.get(kind));
                operations.insert(
                    id.to_owned(),
                    Operation {
                        method: method.to_uppercase(),
                        path: path.clone(),
                        request: request.map(|r| r["schema"].clone()),
                        responses: operation["responses"].as_object().cloned().unwrap_or_default(),
                    },
                );
            }
        }
        let strict = document["components"].clone();
        let mut lenient = strict.clone();
        loosen(&mut lenient);
        Self { operations, strict, lenient, built: HashMap::new() }
    }

    pub(crate) fn knows(&self, operation: &str) -> bool {
        self.operations.contains_key(operation)
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = (&String, &Operation)> {
        self.operations.iter()
    }

    /// What is wrong with a response; `None` if nothing.
    pub(crate) fn response_problem(&mut self, operation: &str, status: u16, body: &Value) -> Option<String> {
        let responses = &self.operations.get(operation)?.responses;
        let family = format!("{}XX", status / 100);
        let Some(response) = responses.get(&status.to_string()).or_else(|| responses.get(&family)) else {
            return Some(format!("status {status} is not in the document"));
        };
        if status >= 400 && body.is_string() {
            return Some("a page, not JSON".to_owned());
        }
        if status >= 400 {
            // Discord's own nested error codes are strings where the schema says integer; the shape is checked here.
            let ok = body["message"].is_string() && (body["code"].is_u64() || status == 429);
            return (!ok).then(|| "an error needs `message` and `code`".to_owned());
        }
        let Some(schema) = response.pointer("/content/application~1json/schema").cloned() else {
            return (!body.is_null()).then(|| format!("status {status} has no body in the document"));
        };
        let key = format!("response {operation} {status}");
        problem(&mut self.built, key, &schema, &self.strict, body)
    }

    /// Whether the operation takes a body.
    pub(crate) fn takes_body(&self, operation: &str) -> bool {
        self.operations.get(operation).is_some_and(|operation| operation.request.is_some())
    }

    /// What is wrong with an accepted request; `None` if nothing, or if the operation takes no body.
    pub(crate) fn request_problem(&mut self, operation: &str, body: &Value) -> Option<String> {
        let mut schema = self.operations.get(operation)?.request.clone()?;
        loosen(&mut schema);
        // How the exchange log notes the files of a multipart request.
        let mut body = body.clone();
        if let Some(map) = body.as_object_mut() {
            map.remove("(files)");
        }
        let body = &body;
        problem(&mut self.built, format!("request {operation}"), &schema, &self.lenient, body)
    }
}

fn problem(
    built: &mut HashMap<String, Validator>,
    key: String,
    schema: &Value,
    components: &Value,
    body: &Value,
) -> Option<String> {
    if !built.contains_key(&key) {
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "components": components,
            "allOf": [schema],
        });
        match jsonschema::validator_for(&whole) {
            Ok(validator) => drop(built.insert(key.clone(), validator)),
            Err(error) => return Some(format!("the schema cannot be built: {error}")),
        }
    }
    let validator = built.get(&key)?;
    let first = validator.iter_errors(body).next()?;
    let message: String = first.to_string().chars().take(300).collect();
    Some(format!("at `{}`: {message}", first.instance_path()))
}

/// Lets every integer also be a decimal string and every snowflake an integer, as Discord does. What was told apart
/// by that difference (`oneOf`) then is not, so one match is enough.
fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for value in map.values_mut() {
                loosen(value);
            }
            if let Some(variants) = map.remove("oneOf") {
                map.insert("anyOf".into(), variants);
            }
            if map.get("format").is_some_and(|format| format == "snowflake") {
                map.insert("type".into(), json!(["string", "integer"]));
            }
            let kinds = map.get("type").cloned();
            let is_integer = |v: &Value| v == "integer";
            let with_string = match kinds {
                Some(Value::String(s)) if s == "integer" => Some(json!(["integer", "string"])),
                Some(Value::Array(list))
                    if list.iter().any(is_integer) && !list.iter().any(|v| v == "string") =>
                {
                    let mut list = list;
                    list.push(json!("string"));
                    Some(Value::Array(list))
                }
                _ => None,
            };
            if let Some(kinds) =
                with_string.filter(|_| !map.contains_key("enum") && !map.contains_key("anyOf"))
            {
                map.insert("type".into(), kinds);
                map.entry("pattern").or_insert_with(|| json!("^-?[0-9]+$"));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(loosen),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Spec {
        Spec::new(json!({
            "paths": { "/things": { "post": {
                "operationId": "create_thing",
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/New" } } } },
                "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } }, "4XX": {} },
            } } },
            "components": { "schemas": {
                "New": { "type": "object", "properties": { "bits": { "type": ["integer", "null"] } } },
                "Thing": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
            } },
        }))
    }

    #[test]
    fn finds_what_is_wrong_and_nothing_else() {
        let mut spec = spec();
        assert_eq!(spec.response_problem("create_thing", 200, &json!({"id": "1"})), None);
        assert!(spec.response_problem("create_thing", 200, &json!({"id": 1})).is_some());
        assert!(spec.response_problem("create_thing", 201, &json!({"id": "1"})).is_some(), "unknown status");
        assert_eq!(spec.response_problem("create_thing", 404, &json!({"message": "x", "code": 0})), None);
        assert!(spec.response_problem("create_thing", 404, &json!({"error": "x"})).is_some());
        assert!(spec.response_problem("create_thing", 404, &json!("<html>")).is_some());
        assert_eq!(spec.request_problem("create_thing", &json!({"bits": "8"})), None, "a decimal string");
        assert!(spec.request_problem("create_thing", &json!({"bits": "x"})).is_some());
    }
}
