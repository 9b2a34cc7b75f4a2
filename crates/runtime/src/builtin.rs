//! The cogs that every bot of this program has.

use std::sync::Arc;

use cogwright_cog_status::Rotator;
use cogwright_command::Cog;
use cogwright_config::Settings;
use cogwright_lifecycle::SystemClock;
use cogwright_store::{Store, StoreError, StoreOptions};

use crate::error::StartError;
use crate::facts::Facts;

/// What built-in cogs are made of. Those that keep something are left out of a bot that keeps nothing.
pub(crate) struct Services<'a> {
    pub(crate) store: Option<&'a Store>,
    pub(crate) rotator: Option<&'a Arc<Rotator>>,
    pub(crate) settings: &'a Settings,
}

/// The built-in cogs that keep nothing, in the order in which the help menu shows them.
pub fn builtin_cogs() -> Vec<Cog> {
    vec![
        cogwright_cog_help::cog(None),
        cogwright_cog_guild_settings::cog(None),
        cogwright_cog_info::cog(),
        cogwright_cog_demo::cog(),
    ]
}

/// All cogs that [`BotBuilder::builtin`](crate::BotBuilder::builtin) would give a bot with these settings, to look at:
/// what they keep lies in a folder that is gone afterwards, so their commands are not to be run.
///
/// # Errors
/// When there is no place for that folder.
pub async fn described_cogs(settings: &Settings) -> Result<Vec<Cog>, StartError> {
    let folder =
        tempfile::tempdir().map_err(|error| StoreError::Internal(format!("no temporary folder: {error}")))?;
    let store = Store::open(StoreOptions::new(folder.path())).await?;
    let facts = Arc::new(Facts::idle(settings));
    let rotator = Rotator::load(&settings.status, store.clone(), Arc::new(SystemClock), facts).await?;
    let found = cogs(&Services { store: Some(&store), rotator: Some(&rotator), settings });
    store.close().await?;
    Ok(found)
}

/// The built-in cogs that the settings ask for.
pub(crate) fn cogs(services: &Services<'_>) -> Vec<Cog> {
    let mut cogs = builtin_cogs();
    if services.settings.framework.load_cogs {
        cogs.extend(services.rotator.map(cogwright_cog_status::cog));
    }
    cogs.into_iter().map(Cog::built_in).collect()
}
