//! The cogs that every bot of this program has.

use std::sync::Arc;

use cogwright_cog_status::Rotator;
use cogwright_command::Cog;
use cogwright_config::Settings;
use cogwright_store::Store;

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

/// The built-in cogs that the settings ask for.
pub(crate) fn cogs(services: &Services<'_>) -> Vec<Cog> {
    let mut cogs = builtin_cogs();
    if services.settings.framework.load_cogs {
        cogs.extend(services.rotator.map(cogwright_cog_status::cog));
    }
    cogs.into_iter().map(Cog::built_in).collect()
}
