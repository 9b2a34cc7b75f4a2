//! The repositories: typed access, one file each. SQL stays inside.

mod audit;
mod bot_settings;
mod change;
mod cooldowns;
mod global_stats;
mod guild;
mod key_value;
mod prune;
mod rules;
mod sessions;
mod settings;
mod statuses;
mod usage;
mod user_data;
mod withheld;

pub use audit::{Actor, Audit, AuditEntry, AuditFilter};
pub use bot_settings::BotSettings;
pub(crate) use change::{note_deletion, note_import};
pub use cooldowns::{Cooldown, CooldownScope, Cooldowns};
pub use global_stats::GlobalStats;
pub use guild::Guild;
pub(crate) use key_value::bot_settings;
pub use prune::Pruned;
pub use rules::RoleRules;
pub use sessions::{Mark, Session, Sessions, Snapshot};
pub use settings::Settings;
pub(crate) use statuses::{CHANGED as STATUS_LIST, all as status_list};
pub use statuses::{StatusEntry, Statuses};
pub use usage::{CommandUse, GuildUsage, Usage, UsageRow};
pub use user_data::{UserData, UserRecord};
pub use withheld::{Withheld, WithheldCommand};

use crate::StoreError;

/// Longest name of a setting, command, bucket and the like, in bytes.
const MAX_NAME: usize = 256;
/// Longest stored text, in bytes.
const MAX_VALUE: usize = 1024 * 1024;

/// Refuses names that nobody would want to read in a list.
pub(crate) fn check_name(what: &str, name: &str) -> Result<(), StoreError> {
    if name.is_empty() || name.len() > MAX_NAME || name.contains('\0') {
        let shown: String = name.chars().take(40).collect();
        let text = format!("{what} {shown:?} must have 1 to {MAX_NAME} bytes and no null byte");
        return Err(StoreError::Invalid(text));
    }
    Ok(())
}

/// Refuses values that would bloat a file.
pub(crate) fn check_value(what: &str, value: &str) -> Result<(), StoreError> {
    if value.len() > MAX_VALUE {
        let text = format!("the value of {what} has {} bytes; at most {MAX_VALUE} are kept", value.len());
        return Err(StoreError::Invalid(text));
    }
    Ok(())
}
