//! What commands keep, in the store: prefixes and rules of guilds, long cooldowns, how often commands are used.

mod cooldowns;
mod prefs;
mod rules;
mod totals;
mod usage;
mod withheld;

use cogwright_command::{By, PolicyError};
use cogwright_store::{Actor, StoreError};
use twilight_model::id::Id;

pub(crate) use self::cooldowns::KeptCooldowns;
pub(crate) use self::prefs::KeptPrefs;
pub(crate) use self::rules::KeptRules;
pub(crate) use self::totals::{Totals, keep_totals};
pub(crate) use self::usage::UsageBook;
pub(crate) use self::withheld::KeptWithheld;

/// As the audit names whoever changes something of a guild.
fn actor(guild: u64, by: By) -> Actor {
    Actor::new(by.user.get(), Some(guild), by.channel.map(Id::get))
}

fn failed(error: StoreError) -> PolicyError {
    PolicyError::Store(error.to_string())
}
