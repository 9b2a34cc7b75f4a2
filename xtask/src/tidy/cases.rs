//! The acceptance cases of the local Discord: each has a test that is named after its number, `case_NN_..` in Rust or
//! `case NN: ..` in the matrix and the browser tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How many there are.
const CASES: u32 = 58;
/// No test of its own: the step "conformance" as a whole is the case (every response, every frame).
const CONFORMANCE: u32 = 56;

/// Complaints about cases without a test.
pub(crate) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut found = BTreeSet::from([CONFORMANCE]);
    for file in files {
        let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if ["rs", "mjs"].contains(&ending) && !file.starts_with("xtask") {
            let text =
                std::fs::read_to_string(root.join(file)).map_err(|e| format!("{}: {e}", file.display()))?;
            found.extend(numbers(&text));
        }
    }
    let missing = (1..=CASES).filter(|case| !found.contains(case));
    Ok(missing.map(|case| format!("no test is named after acceptance case {case:02}")).collect())
}

/// The numbers that tests are named after.
fn numbers(source: &str) -> Vec<u32> {
    let named = |line: &str, mark: &str| {
        let (_, rest) = line.split_once(mark)?;
        rest.get(..2)?.parse().ok()
    };
    let marks = ["fn case_", "\"case ", "`case "];
    source
        .lines()
        .flat_map(|line| marks.iter().filter_map(|mark| named(line, mark)).collect::<Vec<_>>())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_found_by_its_number() {
        let source = "fn case_07_defers() {\n describe(`case 57: two`)\n \"case 55: x\": 1\n // case 12\n fn case_x() {";
        assert_eq!(numbers(source), [7, 57, 55]);
    }
}
