//! One file at a time: its size, its first line, calls that belong elsewhere.

use std::path::Path;

/// Lines of code and docs a file may have; tests below `mod tests` do not count.
const MAX_LINES: usize = 800;
/// Written in a file's first lines, it lifts the size limit: for tables.
const TABLE_MARK: &str = "tidy: table";

/// A call that only some places may make.
struct Forbidden {
    text: &'static str,
    allowed_in: &'static [&'static str],
    reason: &'static str,
}

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        text: "tokio::spawn(",
        allowed_in: &["crates/lifecycle/", "bots/", "matrix/"],
        reason: "tasks start through cogwright-lifecycle",
    },
    Forbidden {
        text: "time::pause(",
        allowed_in: &[],
        reason: "fires socket time-outs at once; drive the world's clock",
    },
    Forbidden { text: "{@html", allowed_in: &[], reason: "untrusted text is never markup" },
    Forbidden {
        text: "std::process::exit",
        allowed_in: &["matrix/"],
        reason: "return an exit code from main",
    },
    Forbidden { text: "#[allow(", allowed_in: &[], reason: "use #[expect(.., reason = ..)]" },
    Forbidden { text: "thread::sleep", allowed_in: &["xtask/"], reason: "wait for a condition" },
    Forbidden {
        text: "use axum",
        allowed_in: &[
            "crates/sim/",
            "crates/dashboard/",
            "crates/scenarios/",
            "crates/runtime/src/health/",
            "crates/runtime/src/traces/tests.rs",
        ],
        reason: "axum belongs to sim, dashboard, the health listener and servers of tests",
    },
    Forbidden {
        text: "twilight_http::",
        allowed_in: &[
            "crates/discord/",
            "crates/command/",
            "crates/scenarios/",
            "matrix/",
            "cogs/",
            "crates/runtime/",
            "docs/examples/",
        ],
        reason: "requests leave through cogwright-discord",
    },
];

/// Complaints about one file.
pub(crate) fn check(path: &Path, text: &str) -> Vec<String> {
    let name = path.to_string_lossy();
    let mut problems = Vec::new();
    if name == "xtask/src/tidy/files.rs" {
        return problems;
    }
    let is_rust = name.ends_with(".rs");
    if is_rust && !text.starts_with("//!") && !text.starts_with("#![") {
        problems.push(format!("{name}:1: open the file with `//!` on what it is responsible for"));
    }
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = code.lines().count();
    let is_table = text.lines().take(5).any(|line| line.contains(TABLE_MARK));
    if lines > MAX_LINES && !is_table && !is_test(&name) {
        problems.push(format!("{name}: {lines} lines, at most {MAX_LINES}; split it by job"));
    }
    for rule in FORBIDDEN.iter().filter(|rule| !rule.allowed_in.iter().any(|place| name.starts_with(place))) {
        for (number, line) in text.lines().enumerate() {
            if line.contains(rule.text) && !line.trim_start().starts_with("//") {
                problems.push(format!("{name}:{}: `{}`: {}", number + 1, rule.text, rule.reason));
            }
        }
    }
    problems
}

fn is_test(name: &str) -> bool {
    name.contains("/tests/") || name.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complains_about_what_it_should() {
        let long = format!("//! Long.\n{}", "fn f() {}\n".repeat(900));
        assert_eq!(check(Path::new("crates/x/src/a.rs"), &long).len(), 1);
        assert_eq!(check(Path::new("crates/x/src/a.rs"), "fn f() {}\n").len(), 1);
        assert_eq!(check(Path::new("crates/x/src/a.rs"), "//! A.\nfn f() { tokio::spawn(g()); }\n").len(), 1);
        assert!(
            check(Path::new("crates/lifecycle/src/a.rs"), "//! A.\nfn f() { tokio::spawn(g()); }\n")
                .is_empty()
        );
        assert_eq!(check(Path::new("web/a.svelte"), "<p>{@html x}</p>").len(), 1);
    }
}
