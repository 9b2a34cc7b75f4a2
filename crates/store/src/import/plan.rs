//! What an import would do, as data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::source::Sources;
use super::{config, read};
use crate::StoreError;
use crate::store::blocking;

/// Everything that was found in an original installation. Printing it shows what an import would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportPlan {
    /// The installation's folder.
    pub source: PathBuf,
    /// Its configuration.
    pub config: Option<ImportedConfig>,
    /// Its configuration, if there is one that cannot be read; why is among the problems.
    pub broken_config: Option<PathBuf>,
    /// Guilds with their settings and command counts.
    pub guilds: BTreeMap<u64, ImportedGuild>,
    /// What is kept about users.
    pub users: Vec<ImportedUser>,
    /// Bot-wide command counts.
    pub commands: Vec<ImportedCommand>,
    /// Other bot-wide statistics.
    pub global_stats: BTreeMap<String, String>,
    /// What has no place here and stays in the source: tables with their number of rows.
    pub left_behind: Vec<String>,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// The source's config.json.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedConfig {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// `command_permissions`: command to roles. They stay bot-wide defaults in config.json.
    pub role_rules: BTreeMap<String, Vec<u64>>,
}

/// A guild of the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportedGuild {
    /// Its settings.
    pub settings: BTreeMap<String, String>,
    /// Its command counts.
    pub commands: Vec<ImportedCommand>,
}

/// A command's count.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedCommand {
    /// The command.
    pub name: String,
    /// How often it ran.
    pub count: u64,
    /// When it last ran.
    pub last_used: Option<SystemTime>,
}

/// A user of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedUser {
    /// The user.
    pub id: u64,
    /// The data, JSON.
    pub data: String,
    /// When the user was last seen.
    pub last_seen: Option<SystemTime>,
}

/// Reads an original installation: its folder (with config.json), or its data folder. Writes nothing anywhere but in
/// the system's folder for temporary files.
///
/// # Errors
/// [`StoreError::Invalid`] if there is nothing to import, or if the original bot is still writing. What is wrong with
/// single files is in [`ImportPlan::problems`].
pub async fn plan_import(source: impl Into<PathBuf>) -> Result<ImportPlan, StoreError> {
    let source = source.into();
    blocking(move || plan(&source)).await
}

fn plan(source: &Path) -> Result<ImportPlan, StoreError> {
    let source = source.canonicalize().map_err(StoreError::io("find", source))?;
    let mut plan = ImportPlan { source: source.clone(), ..ImportPlan::default() };
    let path = source.join("config.json");
    let config = config::read(&path, &mut plan.problems);
    // Whatever is wrong so far is wrong with it.
    plan.broken_config = Some(path).filter(|_| config.is_none() && !plan.problems.is_empty());
    let (base, single) =
        config.as_ref().map_or((None, None), |config| (config.base.clone(), config.single.clone()));
    plan.config = config.map(|config| config.imported);
    let mut sources = Sources::find(&base.unwrap_or_else(|| source.join("data")), single.as_deref())?;
    if sources.is_empty() {
        sources = Sources::find(&source, None)?;
    }
    if sources.is_empty() && plan.config.is_none() && plan.problems.is_empty() {
        let text = format!(
            "{} is no original installation: no config.json, no main.db, no <guild>/guild.db and no bot.db in it or in its data folder",
            source.display()
        );
        return Err(StoreError::Invalid(text));
    }
    if let Some(single) = &sources.single {
        read::single(single, &mut plan)?;
    }
    // Newer than a single file beside them: what they say wins.
    if let Some(main) = &sources.main {
        read::main(main, &mut plan)?;
    }
    for (guild, path) in &sources.guilds {
        read::guild(*guild, path, &mut plan)?;
    }
    Ok(plan)
}
