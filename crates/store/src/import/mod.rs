//! Taking over an original installation: first a plan that can be looked at, then its execution. The source is only read.

mod apply;
mod config;
mod plan;
mod print;
mod read;
mod source;

pub use apply::{ConfigOutcome, ImportReport};
pub use plan::{ImportPlan, ImportedCommand, ImportedConfig, ImportedGuild, ImportedUser, plan_import};
