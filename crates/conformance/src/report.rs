//! What was checked and what came of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
};

use serde_json::Value;

use crate::{
    Counted,
    exceptions::{ANY, EXCEPTIONS, Exception},
    spec::Spec,
};

/// Which half of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Request { "request" } else { "response" })
    }
}

/// One operation, status and direction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Check {
    pub(crate) operation: String,
    pub(crate) status: u16,
    pub(crate) direction: Direction,
}

#[derive(Default)]
struct Seen {
    exchanges: u64,
    problems: Counted,
    example: Option<String>,
}

/// Everything seen so far.
#[derive(Default)]
pub(crate) struct Report {
    checks: BTreeMap<Check, Seen>,
    used: BTreeSet<usize>,
    /// Operations that should have been called with success, and whether they were.
    expected: BTreeMap<String, bool>,
}

impl Report {
    pub(crate) fn add(&mut self, check: Check, what: &str, problem: Option<String>, body: &Value) {
        let excused = problem.as_ref().and_then(|problem| {
            EXCEPTIONS.iter().position(|Exception { operation, direction, contains, .. }| {
                [ANY, check.operation.as_str()].contains(operation)
                    && *direction == check.direction
                    && problem.contains(contains)
            })
        });
        let seen = self.checks.entry(check).or_default();
        seen.exchanges += 1;
        if let Some(index) = excused {
            self.used.insert(index);
        } else if let Some(problem) = problem {
            *seen.problems.entry(problem).or_default() += 1;
            seen.example.get_or_insert_with(|| {
                format!("{what}: {}", body.to_string().chars().take(1500).collect::<String>())
            });
        }
    }

    pub(crate) fn operations(&self) -> usize {
        self.checks.keys().map(|check| &check.operation).collect::<BTreeSet<_>>().len()
    }

    /// Demands that each of these operations has been answered with success by now.
    pub(crate) fn expect_all<'a>(&mut self, operations: impl Iterator<Item = &'a str>) {
        let succeeded: BTreeSet<&str> = self
            .checks
            .keys()
            .filter(|check| check.direction == Direction::Response && (200..400).contains(&check.status))
            .map(|check| check.operation.as_str())
            .collect();
        self.expected = operations.map(|id| (id.to_owned(), succeeded.contains(id))).collect();
    }

    /// Prints what failed; answers how many checks passed and failed.
    pub(crate) fn print(&self) -> (usize, usize) {
        let mut failed = 0;
        for (Check { operation, status, direction }, seen) in
            self.checks.iter().filter(|(_, s)| !s.problems.is_empty())
        {
            failed += 1;
            println!("FAILED {operation} {status} {direction}");
            for (problem, times) in seen.problems.iter().take(5) {
                println!("  {times} x {problem}");
            }
            println!("  e.g. {}", seen.example.as_deref().unwrap_or_default());
        }
        for (index, exception) in
            EXCEPTIONS.iter().enumerate().filter(|(index, _)| !self.used.contains(index))
        {
            failed += 1;
            println!(
                "FAILED exception {index} ({}: {}) is not needed any more: remove it",
                exception.operation, exception.reason
            );
        }
        for operation in self.expected.iter().filter(|(_, seen)| !**seen).map(|(id, _)| id) {
            failed += 1;
            println!("FAILED {operation} is simulated, and no test has called it with success");
        }
        (self.checks.len() + EXCEPTIONS.len() + self.expected.len() - failed, failed)
    }

    /// Operation by status, with how often each was seen.
    pub(crate) fn markdown(&self, spec: &Spec) -> String {
        let mut by_operation: BTreeMap<&str, BTreeMap<u16, u64>> = BTreeMap::new();
        for (check, seen) in self.checks.iter().filter(|(check, _)| check.direction == Direction::Response) {
            by_operation.entry(&check.operation).or_default().insert(check.status, seen.exchanges);
        }
        let mut text = String::from(
            "# Coverage of Discord's OpenAPI by the tests\n\n| operation | route | statuses seen |\n| --- | --- | --- |\n",
        );
        let mut operations: Vec<_> = spec.operations().collect();
        operations.sort_by_key(|(id, _)| *id);
        for (id, operation) in operations {
            let Some(statuses) = by_operation.get(id.as_str()) else { continue };
            let statuses: Vec<String> =
                statuses.iter().map(|(status, n)| format!("{status} ({n})")).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "| {id} | `{} {}` | {} |",
                operation.method,
                operation.path,
                statuses.join(", ")
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expected_operation_needs_an_answer_of_success() {
        let mut report = Report::default();
        for (operation, status) in [("get_guild", 200), ("get_channel", 404)] {
            let check = Check { operation: operation.into(), status, direction: Direction::Response };
            report.add(check, "", None, &Value::Null);
        }
        report.expect_all(["get_guild", "get_channel", "get_user"].into_iter());
        let called: Vec<bool> = ["get_guild", "get_channel", "get_user"].map(|id| report.expected[id]).into();
        assert_eq!(called, [true, false, false]);
    }
}
