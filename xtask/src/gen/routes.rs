//! Derives the table of REST operations from Discord's OpenAPI document: one line each, so that a change of
//! the document shows as a readable diff.

use std::{env, fmt::Write as _, fs, path::PathBuf};

use serde_json::{Map, Value};

use crate::Outcome;

/// Names the OpenAPI document.
const VARIABLE: &str = "DISCORD_OPENAPI";
/// Where the document lies beside a checkout, if it does.
const BESIDE: &str = "../shared/reference/discord-openapi.json";
/// The derived table, compiled into the local Discord.
const TABLE: &str = "crates/sim/src/rest/operations.tsv";
/// In the order in which a path's methods are listed.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

const HEADING: &str = "\
# Every operation of Discord's OpenAPI document: method, path, operation id, auth (none, bot, bearer), success codes,
# and the OAuth2 scopes one of which a person's token needs (*: any token will do, -: none will).
# Made by `cargo xtask gen routes`; do not edit.
";

/// Writes the table anew.
pub(crate) fn run() -> Outcome {
    let path = env::var_os(VARIABLE).map_or_else(|| crate::root().join(BESIDE), PathBuf::from);
    let text = fs::read_to_string(&path).map_err(|error| {
        let path = path.display();
        format!(
            "cannot read {path} ({error}); set {VARIABLE} to Discord's OpenAPI document \
             (openapi.json of github.com/discord/discord-api-spec)"
        )
    })?;
    let document: Value =
        serde_json::from_str(&text).map_err(|error| format!("{} is not JSON: {error}", path.display()))?;
    let table = table(&document).ok_or_else(|| format!("{} is not an OpenAPI document", path.display()))?;
    fs::write(crate::root().join(TABLE), &table).map_err(|error| format!("cannot write {TABLE}: {error}"))?;
    println!("{TABLE}: {} operations", table.lines().filter(|l| !l.starts_with('#')).count());
    Ok(())
}

/// The whole table; `None` if the document lacks what every OpenAPI document has.
fn table(document: &Value) -> Option<String> {
    let mut table = HEADING.to_owned();
    for (path, item) in document["paths"].as_object()? {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let id = operation["operationId"].as_str()?;
            let success = success(operation["responses"].as_object()?);
            let (method, access, scopes) = (method.to_uppercase(), access(operation), scopes(operation));
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{method}\t{path}\t{id}\t{access}\t{success}\t{scopes}");
        }
    }
    Some(table)
}

/// An empty alternative among the security requirements means that the operation works without any.
fn access(operation: &Value) -> &'static str {
    let alternatives = operation["security"].as_array().map_or(&[][..], Vec::as_slice);
    let has = |scheme: &str| alternatives.iter().any(|a| a.get(scheme).is_some());
    if alternatives.iter().any(|a| a.as_object().is_some_and(Map::is_empty)) {
        "none"
    } else if has("BotToken") || alternatives.is_empty() {
        "bot"
    } else {
        "bearer"
    }
}

/// The scopes of an operation's OAuth2 alternative. The document lists every scope there is where any token will do,
/// and none where a person's own client is meant.
fn scopes(operation: &Value) -> String {
    /// More than any operation asks for by name, fewer than there are.
    const ANY: usize = 20;
    let alternatives = operation["security"].as_array().map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = alternatives
        .iter()
        .filter_map(|alternative| alternative.get("OAuth2")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match names.len() {
        0 => "-".to_owned(),
        n if n > ANY => "*".to_owned(),
        _ => names.join(" "),
    }
}

fn success(responses: &Map<String, Value>) -> String {
    let codes: Vec<&str> =
        responses.keys().map(String::as_str).filter(|code| code.starts_with('2')).collect();
    codes.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_per_operation() {
        let document = json!({"paths": {
            "/gateway": {"get": {"operationId": "get_gateway", "responses": {"200": {}, "4XX": {}}, "security": [{}, {"BotToken": []}]}},
            "/a/{b}": {
                "parameters": [],
                "post": {"operationId": "make", "responses": {"200": {}, "201": {}}, "security": [{"BotToken": []}]},
                "get": {"operationId": "look", "responses": {"200": {}}, "security": [{"OAuth2": ["identify", "guilds"]}]},
            },
        }});
        let table = table(&document).unwrap();
        let lines: Vec<&str> = table.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                "GET\t/gateway\tget_gateway\tnone\t200\t-",
                "GET\t/a/{b}\tlook\tbearer\t200\tidentify guilds",
                "POST\t/a/{b}\tmake\tbot\t200,201\t-",
            ]
        );
        assert_eq!(super::table(&json!({})), None);
    }
}
