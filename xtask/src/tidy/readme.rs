//! Whether the README shows the example bot as it is.

use std::path::Path;

const README: &str = "README.md";
const HELLO: &str = "bots/hello/src/lib.rs";

/// What is wrong, if anything.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let read = |path: &str| std::fs::read_to_string(root.join(path)).map_err(|e| format!("{path}: {e}"));
    Ok(compare(&read(README)?, &read(HELLO)?))
}

fn compare(readme: &str, source: &str) -> Vec<String> {
    let shown = between(readme, "<!-- hello:begin -->\n```rust\n", "\n```\n<!-- hello:end -->");
    let written = between(source, "// readme:begin\n", "// readme:end");
    match (shown, written) {
        (None, _) => vec![format!("{README}: no block of Rust between hello:begin and hello:end")],
        (_, None) => vec![format!("{HELLO}: nothing between readme:begin and readme:end")],
        (Some(shown), Some(written)) if shown.trim() == written.trim() => Vec::new(),
        _ => vec![format!("{README}: the example is not what {HELLO} has between its markers; copy it")],
    }
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(begin)?;
    after.split_once(end).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_must_be_the_source() {
        let readme =
            |code: &str| format!("x\n<!-- hello:begin -->\n```rust\n{code}\n```\n<!-- hello:end -->\ny");
        let source = "//! Doc\n// readme:begin\nfn a() {}\n// readme:end\n\nfn b() {}";
        assert!(compare(&readme("fn a() {}"), source).is_empty());
        for (readme, source) in
            [(readme("fn other() {}"), source), (readme("fn a() {}"), "fn a() {}"), ("no".to_owned(), source)]
        {
            assert_eq!(compare(&readme, source).len(), 1);
        }
    }
}
