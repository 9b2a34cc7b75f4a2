//! Moderating a guild: bans, prunes, and the log that tells of everything that was done to it.
//!
//! What moderators do to one member or message is where members and messages are.

mod audit_log;
mod ban;
mod bulk_ban;
mod prune;

pub use audit_log::{AuditPage, audit_log};
pub use ban::{BanUser, BansPage, Unban, ban, bans};
pub use bulk_ban::BulkBan;
pub use prune::{Prune, prune_count};
