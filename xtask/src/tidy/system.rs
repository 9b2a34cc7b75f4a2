//! Windows users exist: what only one kind of system has stands in a module of its own, beside what the others do instead.

use std::path::Path;

/// One module for each thing that systems do differently; they lie in crates that know nothing of each other.
const MODULES: [&str; 3] = [
    // Rights and identity of files, durability of folders.
    "crates/store/src/platform.rs",
    // Who asks the process to stop.
    "crates/lifecycle/src/signal.rs",
    // How a child is asked to stop, and how it ended.
    "crates/cogwright/src/cli/exec/mod.rs",
];

/// What code for one kind of system is marked by.
const MARKS: [&str; 4] = ["cfg(unix)", "cfg(windows)", "std::os::unix", "std::os::windows"];

/// Complaints about code for one kind of system elsewhere. Tests may have it; they stand at the end of a file.
pub(crate) fn check(path: &Path, text: &str) -> Vec<String> {
    let shown = path.to_string_lossy().replace('\\', "/");
    let a_bots = shown.starts_with("crates/") || shown.starts_with("cogs/");
    let of_tests = shown.contains("/tests/") || shown.ends_with("/tests.rs");
    if !a_bots || of_tests || MODULES.contains(&shown.as_str()) {
        return Vec::new();
    }
    let code = text.lines().enumerate().take_while(|(_, line)| !is_tests(line));
    let marked = code.filter(|(_, line)| MARKS.iter().any(|mark| line.contains(mark)));
    let complaint = |(index, _)| {
        format!(
            "{shown}:{}: code for one kind of system belongs into one of {}",
            index + 1,
            MODULES.join(", ")
        )
    };
    marked.map(complaint).collect()
}

fn is_tests(line: &str) -> bool {
    line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_for_one_kind_of_system_has_its_places() {
        let unix = "fn a() {}\n#[cfg(unix)]\nfn b() {}\n";
        let found = check(Path::new("crates/runtime/src/log/mod.rs"), unix);
        assert!(found.len() == 1 && found[0].starts_with("crates/runtime/src/log/mod.rs:2: "), "{found:?}");
        for fine in
            [MODULES[0], "crates/store/src/files/tests.rs", "crates/cogwright/tests/cli.rs", "bench/src/a.rs"]
        {
            assert_eq!(check(Path::new(fine), unix), Vec::<String>::new(), "{fine}");
        }
        let tested = format!("fn a() {{}}\n#[cfg(all(test, unix))]\n{unix}");
        assert_eq!(check(Path::new("crates/runtime/src/a.rs"), &tested), Vec::<String>::new());
    }
}
