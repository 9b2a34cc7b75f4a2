//! What commands keep, in the store: prefixes and rules of guilds, long cooldowns, how often commands are used.

mod cooldowns;
mod prefs;
mod rules;
mod usage;
mod withheld;

use cogwright_command::PolicyError;
use cogwright_store::StoreError;

pub(crate) use self::cooldowns::KeptCooldowns;
pub(crate) use self::prefs::KeptPrefs;
pub(crate) use self::rules::KeptRules;
pub(crate) use self::usage::UsageBook;
pub(crate) use self::withheld::KeptWithheld;

fn failed(error: StoreError) -> PolicyError {
    PolicyError::Store(error.to_string())
}
