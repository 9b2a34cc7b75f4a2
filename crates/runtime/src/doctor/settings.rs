//! Whether the settings can be used.

use cogwright_config::Report;

use super::Finding;

const SUBJECT: &str = "settings";

pub(super) fn check(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for problem in &report.problems {
        findings.push(Finding::problem(SUBJECT, what(problem), problem.remedy.clone()));
    }
    for warning in &report.warnings {
        findings.push(Finding::warning(SUBJECT, what(warning), warning.remedy.clone()));
    }
    if findings.is_empty() {
        let from = match (report.has_config, report.has_env) {
            (true, true) => "config.json and .env can be used",
            (true, false) => "config.json can be used; there is no .env",
            (false, true) => ".env can be used; there is no config.json, so its defaults hold",
            (false, false) => "the environment can be used; there is no config.json, so its defaults hold",
        };
        findings.push(Finding::fine(SUBJECT, from));
    }
    findings
}

fn what(problem: &cogwright_config::Problem) -> String {
    format!("{} ({}): {}", problem.setting, problem.place, problem.what)
}
