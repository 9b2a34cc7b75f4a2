//! What an import needs from the source's config.json.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::plan::ImportedConfig;

/// The parts that matter here; all else is for the configuration itself.
pub(crate) struct SourceConfig {
    pub(crate) imported: ImportedConfig,
    /// `database.base_path`.
    pub(crate) base: Option<PathBuf>,
    /// `database.path`, of older installations.
    pub(crate) single: Option<PathBuf>,
}

/// Reads the file; none if there is none. What is wrong with it goes to `problems`.
pub(crate) fn read(path: &Path, problems: &mut Vec<String>) -> Option<SourceConfig> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            problems.push(format!("{}: {error}", path.display()));
            return None;
        }
    };
    let value: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(value @ Value::Object(_)) => value,
        Ok(_) => {
            problems.push(format!("{}: not an object", path.display()));
            return None;
        }
        Err(error) => {
            problems.push(format!("{}: {error}", path.display()));
            return None;
        }
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let at = |key: &str| value["database"][key].as_str().map(|relative| folder.join(relative));
    let rules = role_rules(&value["command_permissions"], problems);
    let imported = ImportedConfig { path: path.to_owned(), text, role_rules: rules };
    Some(SourceConfig { base: at("base_path"), single: at("path"), imported })
}

fn role_rules(rules: &Value, problems: &mut Vec<String>) -> BTreeMap<String, Vec<u64>> {
    let id = |role: &Value| role.as_u64().or_else(|| role.as_str()?.parse().ok());
    let mut found = BTreeMap::new();
    for (command, roles) in rules.as_object().into_iter().flatten() {
        let parsed: Option<Vec<u64>> = roles.as_array().and_then(|roles| roles.iter().map(id).collect());
        match parsed {
            // No roles are no rule.
            Some(roles) if roles.is_empty() => {}
            Some(roles) => drop(found.insert(command.clone(), roles)),
            None => problems.push(format!("command_permissions.{command}: not a list of role ids")),
        }
    }
    found
}
