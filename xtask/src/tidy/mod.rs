//! What neither rustfmt nor clippy looks at: file sizes, module docs, crate direction, forbidden calls, one
//! place for what systems do differently, one for emoji and colours, links, proofs.

mod cases;
mod direction;
mod files;
mod links;
mod looks;
mod proofs;
mod readme;
mod system;

use std::path::{Path, PathBuf};

/// Runs all checks; `Ok` carries a summary line.
pub(crate) fn run() -> Result<String, String> {
    let root = crate::root();
    let known = known(&root)?;
    let sources: Vec<&PathBuf> = known.iter().filter(|path| is_source(path)).collect();
    let mut problems = Vec::new();
    for &path in &sources {
        let text =
            std::fs::read_to_string(root.join(path)).map_err(|e| format!("{}: {e}", path.display()))?;
        problems.extend(files::check(path, &text));
        problems.extend(system::check(path, &text));
        problems.extend(looks::check(path, &text));
    }
    problems.extend(direction::check(&root)?);
    problems.extend(readme::check(&root)?);
    problems.extend(links::check(&root, &known)?);
    problems.extend(proofs::check(&root, &known)?);
    problems.extend(cases::check(&root, &known)?);
    if problems.is_empty() {
        return Ok(format!("tidy: {} files, no complaint", sources.len()));
    }
    Err(format!("tidy: {} problems\n{}", problems.len(), problems.join("\n")))
}

fn is_source(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["rs", "ts", "svelte", "mjs", "py", "js", "css"].contains(&ending)
}

/// Files that git knows or would add, relative to the root.
fn known(root: &Path) -> Result<Vec<PathBuf>, String> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let output =
        crate::process::command("git", args, root).output().map_err(|e| format!("git ls-files: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut files: Vec<PathBuf> =
        text.lines().map(PathBuf::from).filter(|path| root.join(path).is_file()).collect();
    files.sort();
    Ok(files)
}
