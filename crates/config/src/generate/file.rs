//! The `config.json` of the first run.

use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};

use super::written;
use crate::first_run::SCHEMA_FILE;
use crate::registry::settings;
use crate::values::insert;

/// The sections and their order, as the specification prints them.
const ORDER: [&str; 13] = [
    "$schema",
    "prefix",
    "allow_mention_prefix",
    "owner_ids",
    "auto_reload",
    "status",
    "database",
    "logging",
    "extensions",
    "cooldowns",
    "command_permissions",
    "slash_limiter",
    "framework",
];

/// The text of the generated `config.json`: strict JSON, the specification's keys with their defaults, and the
/// name of the schema for editors.
pub fn default_file() -> String {
    let mut found = Map::new();
    found.insert("$schema".to_owned(), Value::String(format!("./{SCHEMA_FILE}")));
    for setting in settings().filter(|setting| setting.generated) {
        insert(&mut found, setting.key, written(setting));
    }
    let sorted: Map<String, Value> = ORDER
        .iter()
        .filter_map(|name| found.get(*name).map(|value| ((*name).to_owned(), value.clone())))
        .collect();
    let mut text = pretty(&Value::Object(sorted));
    text.push('\n');
    text
}

/// Indented by four blanks, as the specification's file is.
pub(super) fn pretty(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b"    "));
    // Writing a value to memory cannot fail, and it is text.
    let _ = value.serialize(&mut serializer);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's own file, key for key, value for value and in its order.
    #[test]
    fn the_generated_file_is_that_of_the_specification() {
        insta::assert_snapshot!(default_file(), @r#"
        {
            "$schema": "./config.schema.json",
            "prefix": "!",
            "allow_mention_prefix": true,
            "owner_ids": [],
            "auto_reload": true,
            "status": {
                "type": "watching",
                "text": "{guilds} servers"
            },
            "database": {
                "base_path": "./data"
            },
            "logging": {
                "level": "INFO",
                "max_bytes": 10485760,
                "backup_count": 5
            },
            "extensions": {
                "auto_load": true,
                "blacklist": []
            },
            "cooldowns": {
                "default_rate": 3,
                "default_per": 5.0
            },
            "command_permissions": {},
            "slash_limiter": {
                "max_limit": 100,
                "warning_threshold": 90,
                "safe_limit": 95
            },
            "framework": {
                "load_cogs": true,
                "enable_event_hooks": true,
                "enable_plugin_registry": true,
                "enable_framework_diagnostics": true,
                "enable_slash_command_limiter": true,
                "enable_shard_monitor": true,
                "enable_shard_manager": true
            }
        }
        "#);
    }
}
