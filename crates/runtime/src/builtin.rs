//! The cogs that every bot of this program has.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cogwright_cog_maintenance::Services as Maintenance;
use cogwright_cog_status::Rotator;
use cogwright_command::Cog;
use cogwright_config::Settings;
use cogwright_lifecycle::{SharedClock, SystemClock};
use cogwright_store::{Files, Store, StoreError, StoreOptions};

use crate::error::StartError;
use crate::facts::{Facts, operations};

/// What built-in cogs are made of. Those that keep something are left out of a bot that keeps nothing.
pub(crate) struct Services<'a> {
    pub(crate) store: Option<&'a Store>,
    pub(crate) rotator: Option<&'a Arc<Rotator>>,
    pub(crate) facts: &'a Arc<Facts>,
    /// The one handle of the bot: its counters are shown.
    pub(crate) files: &'a Files,
    pub(crate) settings: &'a Settings,
}

/// The built-in cogs that keep nothing and know nothing of the running bot, in the order in which the help menu shows
/// them.
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
    let folder = tempfile::tempdir()
        .map_err(|error| StoreError::Internal(format!("no temporary folder can be made: {error}")))?;
    let store = Store::open(StoreOptions::new(folder.path())).await?;
    let facts = Arc::new(Facts::idle(settings));
    let clock: SharedClock = Arc::new(SystemClock);
    let stage = Arc::clone(&facts);
    let rotator = Rotator::load(&settings.status, store.clone(), Arc::clone(&clock), stage).await?;
    let services = Services {
        store: Some(&store),
        rotator: Some(&rotator),
        facts: &facts,
        files: &Files::default(),
        settings,
    };
    let found = cogs(&services);
    store.close().await?;
    Ok(found.into_iter().map(|(cog, _)| cog).collect())
}

/// The built-in cogs that the settings ask for, each with how long it took to make. `framework.load_cogs` off leaves
/// help and information.
pub(crate) fn cogs(services: &Services<'_>) -> Vec<(Cog, Duration)> {
    let Services { store, rotator, facts, files, settings } = services;
    let framework = &settings.framework;
    let mut loaded = Vec::new();
    let mut load = |make: &dyn Fn() -> Cog| {
        let begun = Instant::now();
        let cog = make().built_in();
        loaded.push((cog, begun.elapsed()));
    };
    load(&|| cogwright_cog_help::cog(Some(Arc::clone(facts) as _)));
    load(&|| cogwright_cog_info::cog_with(&(Arc::clone(facts) as _)));
    if !framework.load_cogs {
        return loaded;
    }
    load(&cogwright_cog_demo::cog);
    if framework.enable_guild_settings {
        load(&|| cogwright_cog_guild_settings::cog(store.cloned()));
    }
    if framework.enable_slash_command_limiter {
        load(&|| cogwright_cog_slash_limiter::cog(&(Arc::clone(facts) as _)));
    }
    if let Some(rotator) = rotator {
        load(&|| cogwright_cog_status::cog(rotator));
    }
    if let Some(store) = store {
        load(&|| {
            cogwright_cog_maintenance::cog(&Maintenance {
                store: (*store).clone(),
                files: (*files).clone(),
                operations: operations(facts),
            })
        });
    }
    loaded
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn names(change: impl FnOnce(&mut Settings)) -> Vec<String> {
        let mut settings = Settings::with_token("a.b.c");
        change(&mut settings);
        described_cogs(&settings).await.unwrap().iter().map(|cog| cog.name().to_owned()).collect()
    }

    #[tokio::test]
    async fn each_switch_leaves_out_its_cogs_and_no_other() {
        let all = names(|_| ()).await;
        let without = |gone: &str| all.iter().filter(|name| *name != gone).cloned().collect::<Vec<_>>();
        let guilds = names(|settings| settings.framework.enable_guild_settings = false).await;
        assert_eq!(guilds, without("Server Settings"));
        let limiter = names(|settings| settings.framework.enable_slash_command_limiter = false).await;
        assert_eq!(limiter, without("Slash limiter"));
        let minimal = names(|settings| settings.framework.load_cogs = false).await;
        assert_eq!(minimal, ["Help", "Info"]);
        assert_eq!((all.len(), guilds.len(), limiter.len()), (7, 6, 6));
    }
}
