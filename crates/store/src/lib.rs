//! What the bot keeps: crash-safe files, `main.db`, a file per guild, their migrations and backups.
//!
//! [`Store::open`] takes a data folder for this process alone. Everything typed hangs off it:
//! `store.guild(id).settings()`, `store.audit()`, `store.sessions()` and so on. No SQL and no type of
//! the driver leaves this crate. [`Files`] is for text and JSON outside the databases.
//!
//! Promises: a write that was answered with `Ok` to `main.db` or through [`Files`] survives a power cut; one to a guild's
//! file survives the death of the process, and a change of a setting or rule a power cut as well. Errors are
//! returned, never swallowed.

mod backup;
mod changed;
mod db;
mod deletion;
mod error;
mod files;
mod id;
mod import;
mod inspect;
mod integrity;
mod layout;
mod lock;
mod main_file;
mod maintenance;
mod personal;
mod platform;
mod repo;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod time;

pub use backup::{BackupFile, BackupReport, Restored, Retention, Target, backups_in, restore};
pub use changed::{ChangedByCommands, changed_by_commands};
pub use db::{DatabaseStats, SlowQuery, ThreadStats};
pub use deletion::DeletionError;
pub use error::StoreError;
pub use files::{
    FileHealth, FileOperation, FileStats, Files, FilesOptions, OperationKind, ReadMode, WriteMode,
};
pub use import::{
    ConfigOutcome, ImportPlan, ImportReport, ImportedCommand, ImportedConfig, ImportedGuild, ImportedUser,
    plan_import,
};
pub use inspect::{Condition, Inspection, inspect};
pub use integrity::IntegrityResult;
pub use main_file::MainFile;
pub use maintenance::{MaintenanceReport, Presence};
pub use personal::{ErasureReport, PersonalData, PersonalTable, Remaining};
pub use platform::open_to_others;
pub use repo::{
    Actor, Audit, AuditEntry, AuditFilter, BotSettings, CommandUse, Cooldown, CooldownScope, Cooldowns,
    GlobalStats, Guild, GuildUsage, Mark, Pruned, RoleRules, Session, Sessions, Settings, Snapshot,
    StatusEntry, Statuses, Usage, UsageRow, UserData, UserRecord, Withheld, WithheldCommand,
};
pub use store::{Store, StoreOptions};

/// Bytes as lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
