//! Which crate may use which: the table of ARCHITECTURE.md, enforced.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

/// What each of our crates may depend on. Dev-dependencies are free, but for `sim-world`'s.
const MAY_USE: &[(&str, &[&str])] = &[
    ("cogwright-lifecycle", &[]),
    ("cogwright-config", &[]),
    ("cogwright-discord", &["cogwright-lifecycle", "cogwright-config"]),
    ("cogwright-store", &["cogwright-lifecycle", "cogwright-config"]),
    ("cogwright-command-macros", &[]),
    (
        "cogwright-command",
        &["cogwright-discord", "cogwright-command-macros", "cogwright-lifecycle", "cogwright-config"],
    ),
    ("cogwright-sim-world", &[]),
    ("cogwright-web-assets", &[]),
    ("cogwright-sim", &["cogwright-sim-world", "cogwright-lifecycle", "cogwright-web-assets"]),
];

/// What every cog may use.
const COG_MAY_USE: &[&str] =
    &["cogwright-command", "cogwright-discord", "cogwright-store", "cogwright-lifecycle", "cogwright-config"];

/// Complaints about dependencies that point the wrong way, and crates without the workspace's lints.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let rules: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let args = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    let output = crate::process::cargo(args).output().map_err(|e| format!("cargo metadata: {e}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|e| format!("cargo metadata: {e}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut problems = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed =
            if name.starts_with("cogwright-cog-") { Some(COG_MAY_USE) } else { rules.get(name).copied() };
        let ours = package["dependencies"].as_array().into_iter().flatten().filter(|d| d["kind"].is_null());
        for used in ours.filter_map(|d| d["name"].as_str()).filter(|d| d.starts_with("cogwright")) {
            if allowed.is_some_and(|allowed| !allowed.contains(&used)) {
                problems.push(format!("{name} may not depend on {used}; see ARCHITECTURE.md, direction"));
            }
            if used == "cogwright-testkit" || used == "cogwright-scenarios" {
                problems.push(format!("{name} may depend on {used} for tests only"));
            }
        }
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let text = std::fs::read_to_string(manifest).map_err(|e| format!("{manifest}: {e}"))?;
        if !text.contains("[lints]\nworkspace = true") {
            let shown = Path::new(manifest).strip_prefix(root).unwrap_or(Path::new(manifest)).display();
            problems.push(format!("{shown}: add `[lints] workspace = true`"));
        }
    }
    Ok(problems)
}
