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

use cogwright_command::Cog;
use cogwright_config::{Report, Sources};
use cogwright_discord::Endpoint;
use serde::Serialize;

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

/// Looks at everything. Connects to Discord, but does not identify: nothing is spent and nobody sees the bot come
/// online. In the data folder a file is written and removed again.
pub async fn examine(sources: &Sources, endpoint: &Endpoint, cogs: &[Cog]) -> Diagnosis {
    let mut findings = Vec::new();
    let report: Report = sources.read(&cogwright_config::ProcessEnvironment);
    findings.extend(settings::check(&report));
    let settings = report.into_loaded().ok().map(|loaded| loaded.settings);
    match &settings {
        Some(settings) => {
            let data = &settings.database.base_path;
            findings.push(folder::check(data));
            findings.extend(rights::check(sources, data));
            findings.extend(databases::check(data).await);
        }
        None => findings.push(Finding::skipped(folder::SUBJECT, "where it is, the settings do not say yet")),
    }
    let contact = discord::check(settings.as_ref(), endpoint, &mut findings).await;
    findings.extend(intents::check(contact.as_ref().map(|contact| &contact.application), cogs));
    findings.push(gateway::check(contact.as_ref(), endpoint).await);
    Diagnosis { endpoint: endpoint.to_string(), findings }
}
