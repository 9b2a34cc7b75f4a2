//! What registering the commands would change, without doing it.

use std::time::SystemTime;

use cogwright_command::{Catalog, Cog};
use cogwright_config::Settings;
use cogwright_discord::sync::{self, Change, ChangeKind, Scope, Sync};
use cogwright_discord::{ApplicationInfo, Endpoint};
use serde::Serialize;

use crate::error::StartError;
use crate::limits::{slash_thresholds, way_out};
use crate::registration::registered_names;

/// What registering the commands would change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommandDiff {
    /// Whether nothing would be written.
    pub same: bool,
    /// The changes in the order in which they would be made.
    pub changes: Vec<DiffLine>,
    /// How many commands stay as they are.
    pub unchanged: usize,
    /// Commands that the limiter keeps from having a slash form, with the reason.
    pub withheld: Vec<(String, String)>,
}

/// One command that would change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiffLine {
    /// `create`, `update` or `delete`.
    pub action: &'static str,
    /// The command.
    pub name: String,
    /// Of an update: the parts that differ, each as it is registered and as it would be.
    pub parts: Vec<DiffPart>,
}

/// One part of a command.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiffPart {
    /// Where: `options.text.max_length`.
    pub path: String,
    /// What is registered; null for nothing.
    pub from: serde_json::Value,
    /// What would be; null for nothing.
    pub to: serde_json::Value,
}

/// Compares what Discord knows with the commands of these cogs.
///
/// # Errors
/// See [`StartError`].
pub async fn command_diff(
    settings: &Settings,
    endpoint: &Endpoint,
    cogs: Vec<Cog>,
) -> Result<CommandDiff, StartError> {
    let catalog = Catalog::build_without(cogs, &settings.commands.disabled).map_err(StartError::Commands)?;
    let rest = way_out(settings, endpoint);
    let failed = |error| StartError::of_rest(endpoint, error);
    let application = ApplicationInfo::ask(&rest).await.map_err(failed)?.id;
    let progress = |progress| tracing::info!(?progress, "asking for commands");
    let sync = Sync { rest: &rest, application, scope: Scope::Global, force: false, progress: &progress };
    let registered = sync.registered().await.map_err(failed)?;
    let thresholds = slash_thresholds(settings);
    let plan = catalog.plan_slash(&registered_names(&registered), &[], thresholds, SystemTime::now());
    catalog.withhold(plan.withheld.iter().map(|record| record.command.clone()));
    let wanted = sync::to_json(&catalog.registrations()).map_err(failed)?;
    let comparison = sync::compare(&wanted, &registered);
    let withheld = plan.withheld.into_iter().map(|record| (record.command, record.reason.to_string()));
    Ok(CommandDiff {
        same: comparison.changes.is_empty(),
        changes: comparison.changes.iter().map(line).collect(),
        unchanged: comparison.unchanged.len(),
        withheld: withheld.collect(),
    })
}

fn line(change: &Change) -> DiffLine {
    let action = match change.kind {
        ChangeKind::Create => "create",
        ChangeKind::Update => "update",
        ChangeKind::Delete => "delete",
    };
    let differences = match (&change.from, &change.to) {
        (Some(from), Some(to)) => sync::differences(from, to),
        _ => Vec::new(),
    };
    let parts = differences.into_iter().map(|difference| DiffPart {
        path: difference.path,
        from: difference.from.unwrap_or_default(),
        to: difference.to.unwrap_or_default(),
    });
    DiffLine { action, name: change.name.clone(), parts: parts.collect() }
}
