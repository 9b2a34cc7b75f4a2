//! Holds the sources against docs/src/limits.md: each `const MAX_..` of the local Discord is the number of a row, or
//! limits_constants.tsv says why it is none.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::limits_page;

/// File, constant, row or `-`, and the reason of those without a row.
const LIST: &str = include_str!("limits_constants.tsv");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of ours").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Name and expression of each constant of a file.
fn constants(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let at = line.find("const MAX_")?;
        let before = line[..at].trim();
        let (name, rest) = line[at..].strip_prefix("const ")?.split_once(": ")?;
        let (_, expression) = rest.split_once(" = ")?;
        let is_item = before.is_empty() || before.starts_with("pub");
        is_item.then_some((name, expression.trim_end_matches(';')))
    })
}

/// Sums, products, shifts and seconds, as the constants are written. Days of a `Duration` are what the page counts.
fn value(expression: &str) -> Option<u64> {
    let text = expression.trim();
    if let Some(seconds) = text.strip_prefix("Duration::from_secs(").and_then(|t| t.strip_suffix(')')) {
        return Some(value(seconds)? / 86_400);
    }
    if let Some((a, b)) = text.split_once(" + ") {
        return Some(value(a)? + value(b)?);
    }
    let text = text.trim_matches(['(', ')']);
    if let Some((a, b)) = text.split_once(" << ") {
        return Some(value(a)? << value(b)?);
    }
    text.split(" * ").map(|factor| factor.replace('_', "").parse::<u64>().ok()).product()
}

#[test]
fn every_constant_is_a_row_or_has_a_reason() {
    let rows: BTreeMap<&str, u64> = limits_page::rows().into_iter().map(|row| (row.what, row.most)).collect();
    let mut listed: BTreeMap<(String, String), (&str, &str)> = LIST
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let (file, name, row) = (cells.next()?, cells.next()?, cells.next()?);
            Some(((file.to_owned(), name.to_owned()), (row, cells.next().unwrap_or_default())))
        })
        .collect();
    let mut wrong = Vec::new();
    let mut files = Vec::new();
    for folder in ["crates/sim-world/src", "crates/sim/src"] {
        sources(&root().join(folder), &mut files);
    }
    for path in files {
        let text = fs::read_to_string(&path).expect("a file of ours");
        let file = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        for (name, expression) in constants(&text) {
            let place = format!("{file}: {name}");
            let Some((row, reason)) = listed.remove(&(file.clone(), name.to_owned())) else {
                wrong.push(format!(
                    "{place} is in no line of limits_constants.tsv: name the row of docs/src/limits.md that it holds, \
                     or `-` and why bots do not meet it"
                ));
                continue;
            };
            match (row, rows.get(row), value(expression)) {
                ("-", ..) if reason.is_empty() => {
                    wrong.push(format!("{place} has neither a row nor a reason"));
                }
                ("-", ..) => {}
                (_, None, _) => wrong.push(format!("{place}: docs/src/limits.md has no row `{row}`")),
                (_, Some(most), Some(found)) if *most == found => {}
                (_, Some(most), found) => wrong.push(format!("{place} is {found:?}, its row says {most}")),
            }
        }
    }
    wrong.extend(listed.keys().map(|(file, name)| format!("{file}: there is no {name} any more")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
