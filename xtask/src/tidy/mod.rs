//! What neither rustfmt nor clippy looks at: file sizes, module docs, crate direction, forbidden calls.

mod direction;
mod files;

use std::path::{Path, PathBuf};

/// Runs all checks; `Ok` carries a summary line.
pub(crate) fn run() -> Result<String, String> {
    let root = crate::root();
    let sources = sources(&root)?;
    let mut problems = Vec::new();
    for path in &sources {
        let text =
            std::fs::read_to_string(root.join(path)).map_err(|e| format!("{}: {e}", path.display()))?;
        problems.extend(files::check(path, &text));
    }
    problems.extend(direction::check(&root)?);
    if problems.is_empty() {
        return Ok(format!("tidy: {} files, no complaint", sources.len()));
    }
    Err(format!("tidy: {} problems\n{}", problems.len(), problems.join("\n")))
}

/// Source files that git knows or would add, relative to the root.
fn sources(root: &Path) -> Result<Vec<PathBuf>, String> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let output =
        crate::process::command("git", args, root).output().map_err(|e| format!("git ls-files: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let wanted = |path: &Path| {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        ["rs", "ts", "svelte", "mjs", "py", "js", "css"].contains(&ending)
    };
    let mut files: Vec<PathBuf> =
        text.lines().map(PathBuf::from).filter(|path| wanted(path) && root.join(path).is_file()).collect();
    files.sort();
    Ok(files)
}
