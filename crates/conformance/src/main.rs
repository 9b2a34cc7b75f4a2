//! `cogwright-conformance OPENAPI EXCHANGES REPORT [ROUTES]`: validates every REST exchange that tests wrote down against
//! Discord's official OpenAPI document: all responses, and the requests that were accepted. Writes a coverage report.
//!
//! A check is one operation with one status and direction; it fails if any exchange of it fails. Known exceptions
//! stand in [`exceptions`] with their reasons; one that is no longer needed fails too. With ROUTES, what `cogwright sim
//! routes --json` prints, an operation that is simulated and that no test has called with success fails as well.
#![expect(clippy::print_stdout, reason = "a command line tool talks to people")]

mod exceptions;
mod report;
mod spec;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::Value;

use report::{Check, Direction, Report};
use spec::Spec;

fn main() -> ExitCode {
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let (openapi, exchanges, output, routes) = match args.as_slice() {
        [openapi, exchanges, output] => (openapi, exchanges, output, None),
        [openapi, exchanges, output, routes] => (openapi, exchanges, output, Some(routes.as_path())),
        _ => {
            eprintln!("usage: cogwright-conformance OPENAPI EXCHANGES REPORT [ROUTES]");
            return ExitCode::from(64);
        }
    };
    match run(openapi, exchanges, output, routes) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(openapi: &Path, exchanges: &Path, output: &Path, routes: Option<&Path>) -> Result<bool, String> {
    let simulated = routes.map(simulated).transpose()?.unwrap_or_default();
    let text = std::fs::read_to_string(openapi).map_err(|e| format!("{}: {e}", openapi.display()))?;
    let mut spec = Spec::new(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", openapi.display()))?);
    let mut report = Report::default();
    let mut lines = 0_u64;
    for path in files(exchanges)? {
        let file = File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|e| format!("{}: {e}", path.display()))?;
            // The last line of a process that was ended may be torn.
            let Ok(exchange) = serde_json::from_str::<Value>(&line) else { continue };
            lines += 1;
            check(&mut spec, &exchange, &mut report);
        }
    }
    if lines == 0 {
        return Err(format!("no exchange in {}: run the tests first", exchanges.display()));
    }
    std::fs::write(output, report.markdown(&spec)).map_err(|e| format!("{}: {e}", output.display()))?;
    report.expect_all(simulated.iter().map(String::as_str).filter(|id| spec.knows(id)));
    let (passed, failed) = report.print();
    println!("{lines} exchanges, {} operations; coverage in {}", report.operations(), output.display());
    println!("test result: {}. {passed} passed; {failed} failed;", if failed == 0 { "ok" } else { "FAILED" });
    Ok(failed == 0)
}

/// Ids of the operations that the local Discord simulates.
fn simulated(routes: &Path) -> Result<Vec<String>, String> {
    let bad = |e: &dyn std::fmt::Display| format!("{}: {e}", routes.display());
    let text = std::fs::read_to_string(routes).map_err(|e| bad(&e))?;
    let list: Vec<Value> = serde_json::from_str(&text).map_err(|e| bad(&e))?;
    let ids = list.iter().filter(|route| route["implemented"] == true);
    let ids: Vec<String> = ids.filter_map(|route| Some(route["operation"].as_str()?.to_owned())).collect();
    if ids.is_empty() { Err(bad(&"no simulated route in it")) } else { Ok(ids) }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("rest-")))
        .collect();
    files.sort();
    Ok(files)
}

fn check(spec: &mut Spec, exchange: &Value, report: &mut Report) {
    let text = |key: &str| exchange[key].as_str().unwrap_or_default();
    let (operation, method, path) = (text("operation").to_owned(), text("method"), text("path"));
    let status = exchange["status"].as_u64().unwrap_or(0) as u16;
    // 501 and unknown routes are not in the document; nothing is promised about them.
    if status == 501 || operation.is_empty() || !spec.knows(&operation) {
        return;
    }
    let what = format!("{method} {path}");
    let response = Check { operation: operation.clone(), status, direction: Direction::Response };
    let problem = spec.response_problem(&operation, status, &exchange["response"]);
    report.add(response, &what, problem, &exchange["response"]);
    let request = &exchange["request"];
    // Requests without a user agent are hand-made by tests, also with what Discord only tolerates; a library's are
    // what the document must describe.
    let by_library = exchange["user_agent"].is_string();
    if by_library && (200..300).contains(&status) && !request.is_null() {
        let check = Check { operation: operation.clone(), status, direction: Direction::Request };
        if spec.takes_body(&operation) {
            let problem = spec.request_problem(&operation, request);
            report.add(check, &what, problem, request);
        }
    }
}

/// Problems by a short text, with how often each was seen.
type Counted = BTreeMap<String, u64>;
