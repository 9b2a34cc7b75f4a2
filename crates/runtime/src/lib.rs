//! The composition root: settings, build, run, drain.
//!
//! [`BotBuilder`] takes settings and cogs and makes a running [`Bot`] of them; the bot runs until
//! it is stopped or Discord ends it, and drains before it is gone. Nothing here is global: any
//! number of bots runs in one process, each with its own endpoint and clock.

mod adapt;
mod assemble;
mod bot;
mod builder;
mod builtin;
mod command_names;
pub mod doctor;
mod drive;
mod error;
mod exposure;
mod facts;
mod health;
mod identity;
mod kept;
pub mod launch;
mod limits;
mod log;
mod main_watch;
mod metrics;
mod needs;
mod observe;
pub mod operator;
mod panel;
mod readiness;
mod registration;
mod reload;
mod session_journal;
mod slash_limiter;
mod traces;
mod upkeep;
mod vitals;

pub use bot::{Bot, BotEvent};
pub use builder::BotBuilder;
pub use builtin::{builtin_cogs, described_cogs};
pub use command_names::check_command_names;
pub use error::{RunError, StartError};
pub use exposure::exposed_files;
pub use log::{Log, LogError, LogOptions};
pub use registration::{CommandSync, SyncError};
pub use session_journal::StoreJournal;
pub use traces::{Collector, event_span};

#[cfg(test)]
mod tests;
