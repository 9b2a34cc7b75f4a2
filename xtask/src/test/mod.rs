//! `cargo xtask test`: every check and test, one after another, with one table and one line at the end.

mod conformance;
mod count;
pub(crate) mod matrix;
pub(crate) mod playground;
mod sdks;

use std::{
    fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use crate::{Outcome, process, root, run::target_dir, tidy, tools, web};
use count::Counts;

/// The longest a single step may take.
const STEP_LIMIT: Duration = Duration::from_secs(25 * 60);

/// What a step yields: how many passed and failed; `Err` counts as one failure and is shown.
type Step = Result<Counts, String>;

struct Report {
    name: &'static str,
    counts: Counts,
    took: Duration,
    problem: Option<String>,
}

/// A step's name and what it does.
type Named = (&'static str, fn() -> Step);

const STEPS: &[Named] = &[
    ("fmt", || checked(process::cargo(["fmt", "--all", "--check"]))),
    ("tidy", || tidy::run().map(|_| Counts::one())),
    ("web build", || web::build().map(|()| Counts::one())),
    ("clippy", || {
        checked(process::cargo([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]))
    }),
    ("binary", || checked(process::cargo(["build", "--locked", "-p", "cogwright"]))),
    ("nextest", || {
        counted(with_exchanges(process::cargo([
            "nextest",
            "run",
            "--locked",
            "--workspace",
            "--profile",
            "ci",
        ])))
    }),
    ("doc tests", || counted(process::cargo(["test", "--locked", "--workspace", "--doc", "--quiet"]))),
    ("web check", || checked(web::npm(&["run", "--silent", "check"]))),
    ("web unit", || counted(web::npm(&["run", "--silent", "test"]))),
    ("bots/hello", hello),
    ("clients", matrix::run),
    ("sdks", sdks::run),
    ("browser", playground::browser_tests),
    ("conformance", conformance::run),
    ("clean tree", clean_tree),
];

/// Runs all steps, or those whose name contains one of `only`.
pub(crate) fn run(only: &[String]) -> Outcome {
    tools::check(tools::FOR_TEST)?;
    let exchanges = exchanges();
    if only.is_empty() && exchanges.exists() {
        fs::remove_dir_all(&exchanges).map_err(|e| format!("{}: {e}", exchanges.display()))?;
    }
    fs::create_dir_all(&exchanges).map_err(|e| format!("{}: {e}", exchanges.display()))?;
    if !only.is_empty() {
        // The chosen steps may need the packages that the skipped ones would have installed.
        web::install()?;
    }
    let chosen = |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
    let mut reports = Vec::new();
    for (name, step) in STEPS.iter().filter(|(name, _)| chosen(name)) {
        println!("\n=== {name}");
        let started = Instant::now();
        let (counts, problem) = match step() {
            Ok(counts) => (counts, None),
            Err(problem) => {
                println!("{problem}");
                (Counts { passed: 0, failed: 1, skipped: 0 }, Some(problem))
            }
        };
        reports.push(Report { name, counts, took: started.elapsed(), problem });
    }
    finish(&reports)
}

fn finish(reports: &[Report]) -> Outcome {
    println!("\n{:<14} {:>7} {:>7} {:>8} {:>8}", "step", "passed", "failed", "skipped", "seconds");
    let mut total = Counts::default();
    for Report { name, counts, took, problem } in reports {
        let note = problem.as_deref().and_then(|p| p.lines().next()).unwrap_or_default();
        println!(
            "{name:<14} {:>7} {:>7} {:>8} {:>8.0}  {note}",
            counts.passed,
            counts.failed,
            counts.skipped,
            took.as_secs_f64()
        );
        total.add(*counts);
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err("see above".into()) }
}

/// A step that passes or fails as a whole.
fn checked(command: Command) -> Step {
    let finished = process::watch(command, STEP_LIMIT)?;
    if finished.ok { Ok(Counts::one()) } else { Err("failed".into()) }
}

/// A step whose test runner says how many tests passed and failed.
fn counted(command: Command) -> Step {
    let finished = process::watch(command, STEP_LIMIT)?;
    let mut counts = Counts::read(&finished.output);
    if counts.passed + counts.failed == 0 {
        return Err("no test ran".into());
    }
    if !finished.ok && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

/// Where tests append the REST exchanges and gateway frames that the conformance step reads.
fn exchanges() -> PathBuf {
    target_dir().join("exchanges")
}

fn with_exchanges(mut command: Command) -> Command {
    command.env("COGWRIGHT_EXCHANGES", exchanges());
    command
}

/// The bot outside the workspace, built and tested as a user's would be.
fn hello() -> Step {
    let mut command = process::cargo(["test", "--locked"]);
    command.current_dir(root().join("bots/hello")).env("CARGO_TARGET_DIR", target_dir());
    counted(with_exchanges(command))
}

/// Tests must leave the checkout as it was.
fn clean_tree() -> Step {
    let git = process::command("git", ["status", "--porcelain"], &root()).output();
    let output = git.map_err(|e| format!("git status: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    match (text.is_empty(), std::env::var_os("CI").is_some()) {
        (true, _) => Ok(Counts::one()),
        (false, true) => Err(format!("the tests changed the checkout:\n{text}")),
        (false, false) => {
            println!("not clean (a failure under CI=true):\n{text}");
            Ok(Counts { skipped: 1, ..Counts::default() })
        }
    }
}
