//! Looks at everything that a bot needs to run, and says what to do about what is missing.
//!
//! One check is one file; it never fails, it finds. What later checks need and an earlier one could not get is
//! reported as not looked at, so that one cause is told once.

mod databases;
mod discord;
mod folder;
mod gateway;
mod intents;
mod rights;
mod settings;

use cogwright_command::{Catalog, Cog};
use cogwright_config::{Effective, Report, Settings, Sources};
use cogwright_discord::Endpoint;
use serde::Serialize;

use crate::command_names::check_command_names;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Fine,
    /// The bot runs, but not as well as it could.
    Warning,
    /// The bot does not run, or not for long.
    Problem,
    /// Could not be looked at.
    Skipped,
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: a word or two.
    pub subject: &'static str,
    /// How it went.
    pub state: State,
    /// What was found, in one sentence.
    pub text: String,
    /// What to do about it.
    pub fix: Option<String>,
}

impl Finding {
    fn fine(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, state: State::Fine, text: text.into(), fix: None }
    }

    fn skipped(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, state: State::Skipped, text: text.into(), fix: None }
    }

    fn warning(subject: &'static str, text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { subject, state: State::Warning, text: text.into(), fix: Some(fix.into()) }
    }

    fn problem(subject: &'static str, text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { subject, state: State::Problem, text: text.into(), fix: Some(fix.into()) }
    }
}

/// All findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Which Discord was asked.
    pub endpoint: String,
    /// In the order in which a bot needs these things.
    pub findings: Vec<Finding>,
}

impl Diagnosis {
    /// How many findings are of this state.
    pub fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }

    /// Whether the bot would run.
    pub fn is_healthy(&self) -> bool {
        self.count(State::Problem) == 0
    }
}

/// What is odd about the names of commands in these settings, for a bot with these cogs.
pub fn odd_names(
    settings: &Settings,
    effective: &[Effective],
    cogs: Vec<Cog>,
) -> Vec<cogwright_config::Problem> {
    // Cogs that do not fit together are a mistake of ours, which the start tells.
    let Ok(catalog) = Catalog::build_without(cogs, &settings.commands.disabled) else { return Vec::new() };
    let place = |key: &str| {
        let found = effective.iter().find(|it| it.setting.key == key);
        found.map_or_else(String::new, |it| it.origin.to_string())
    };
    check_command_names(&catalog, settings, place)
}

/// Why the bot could not start with this data folder; `None` when it can be written, however little is free. Writes a file
/// there and removes it again.
pub fn unusable_folder(folder: &std::path::Path) -> Option<Finding> {
    folder::written(folder).err()
}

/// Looks at everything. Connects to Discord, but does not identify: nothing is spent and nobody sees the bot come
/// online. In the data folder a file is written and removed again.
pub async fn examine(sources: &Sources, endpoint: &Endpoint, cogs: &[Cog]) -> Diagnosis {
    let mut findings = Vec::new();
    let mut report: Report = sources.read(&cogwright_config::ProcessEnvironment);
    if let Some(settings) = report.as_far_as_they_go() {
        let odd = odd_names(&settings, &report.effective, cogs.to_vec());
        report.warnings.extend(odd);
    }
    findings.extend(settings::check(&report));
    // Where a file cannot be read at all, the default folder may not be the one that is meant.
    let readable = report.problems.iter().all(|problem| !problem.setting.is_empty());
    let known = report.as_far_as_they_go().filter(|_| readable);
    let settings = report.into_loaded().ok().map(|loaded| loaded.settings);
    match &known {
        Some(settings) => {
            let data = &settings.database.base_path;
            findings.push(folder::check(data));
            findings.extend(rights::check(sources, data));
            findings.extend(databases::check(data).await);
        }
        None => findings.push(Finding::skipped(folder::SUBJECT, "where it is, the settings do not say yet")),
    }
    match discord::check(settings.as_ref(), endpoint, &mut findings).await {
        Ok(contact) => {
            findings.extend(intents::check(&contact.application, cogs));
            findings.push(gateway::check(&contact, endpoint).await);
        }
        Err(why) => {
            findings.push(Finding::skipped(intents::SUBJECT, why));
            findings.push(Finding::skipped(gateway::SUBJECT, why));
        }
    }
    Diagnosis { endpoint: endpoint.to_string(), findings }
}
