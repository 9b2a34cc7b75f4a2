//! Documentation: every relative link and every include leads to a file, every page is in the book's contents, and
//! every example is on a page.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

/// The book's pages.
const BOOK: &str = "docs/src";
/// What pages include.
const EXAMPLES: &str = "docs/examples";

/// Complaints about the Markdown files among `files`, and about examples that no page shows.
pub(crate) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    let mut included = BTreeSet::new();
    let contents = targets(&read(root, &Path::new(BOOK).join("SUMMARY.md"))?);
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "md")) {
        let text = read(root, file)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        for (number, target) in targets(&text).into_iter().chain(includes(&text)) {
            let found = resolve(&folder.join(&target));
            if !found.as_ref().is_some_and(|path| root.join(path).exists()) {
                problems.push(format!("{}:{number}: `{target}` leads nowhere", file.display()));
            }
            included.extend(found);
        }
        let page = file.strip_prefix(BOOK).ok().filter(|page| *page != Path::new("SUMMARY.md"));
        if let Some(page) = page.filter(|page| !contents.iter().any(|(_, target)| Path::new(target) == *page))
        {
            problems.push(format!("{BOOK}/SUMMARY.md: {} is not in it", page.display()));
        }
    }
    for example in files.iter().filter(|file| file.starts_with(EXAMPLES) && !included.contains(*file)) {
        problems.push(format!("{}: no page includes it", example.display()));
    }
    Ok(problems)
}

fn read(root: &Path, file: &Path) -> Result<String, String> {
    std::fs::read_to_string(root.join(file)).map_err(|e| format!("{}: {e}", file.display()))
}

/// A path without `.` and `..`; `None` if it leaves the project.
fn resolve(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => out.pop().then_some(())?,
            Component::Normal(name) => out.push(name),
            _ => {}
        }
    }
    Some(out)
}

/// Files that links and pictures of a text point to, with their lines. Code, addresses and anchors are left out.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Between backticks nothing is a link.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
        for rest in prose.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains(':') {
                found.push((number + 1, file.to_owned()));
            }
        }
    }
    found
}

/// Files that mdBook puts in: a line `{{#include FILE}}` or `{{#include FILE:ANCHOR}}`.
fn includes(text: &str) -> Vec<(usize, String)> {
    let file = |line: &str| {
        let inner = line.strip_prefix("{{#include ")?.strip_suffix("}}")?;
        inner.split(':').next().map(str::to_owned)
    };
    text.lines().enumerate().filter_map(|(number, line)| Some((number + 1, file(line)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_of_code_only() {
        let text = "[a](x.md#top) ![b](y.png) [c](https://example.org) [d](#here) `[e](z.md)`\n```\n[f](w.md)\n```\n";
        assert_eq!(targets(text), [(1, "x.md".to_owned()), (1, "y.png".to_owned())]);
        assert_eq!(includes("{{#include ../a.py}}\n{{#include b.py:main}}\n").len(), 2);
    }

    #[test]
    fn complains_about_what_leads_nowhere_and_what_no_page_shows() {
        let root = std::env::temp_dir().join(format!("cogwright-links-{}", std::process::id()));
        let files = [
            ("docs/src/SUMMARY.md", "- [one](one.md)\n"),
            ("docs/src/one.md", "[gone](gone.md)\n{{#include ../examples/a.py}}\n{{#include ../b.py}}\n"),
            ("docs/src/lost.md", "[out](../../../../etc/passwd)\n"),
            ("docs/examples/a.py", ""),
            ("docs/examples/c.py", ""),
        ];
        for (file, text) in files {
            let file = root.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let paths: Vec<PathBuf> = files.iter().map(|(file, _)| PathBuf::from(file)).collect();
        let problems = check(&root, &paths).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(
            problems,
            [
                "docs/src/one.md:1: `gone.md` leads nowhere",
                "docs/src/one.md:3: `../b.py` leads nowhere",
                "docs/src/lost.md:1: `../../../../etc/passwd` leads nowhere",
                "docs/src/SUMMARY.md: lost.md is not in it",
                "docs/examples/c.py: no page includes it",
            ]
        );
    }
}
