//! The cogs that every bot of this program has.

use cogwright_command::Cog;

/// The built-in cogs, in the order in which the help menu shows them.
pub fn builtin_cogs() -> Vec<Cog> {
    vec![
        cogwright_cog_help::cog(None),
        cogwright_cog_guild_settings::cog(None),
        cogwright_cog_info::cog(),
        cogwright_cog_demo::cog(),
    ]
}
