//! Settings: `config.json`, `.env` and environment to validated [`Settings`]; the one registry of their names.
//!
//! Nothing else in the workspace reads the environment. A setting that is not in [`SECTIONS`] does not exist.
//!
//! [`Sources::read`] reads everything and finds all problems at once; [`Report::into_loaded`] gives the settings.
//! [`Watch`] picks up changes while the bot runs.

mod advice;
mod dotenv;
mod emoji;
mod first_run;
mod generate;
mod json;
mod load;
mod origin;
mod prefix;
mod problem;
mod registry;
mod rules;
mod secret;
mod settings;
mod shape;
mod source;
mod suggest;
mod text;
mod values;
mod watch;

pub use first_run::Written;
pub use generate::{default_file, env_example, reference, schema};
pub use load::{Loaded, Report, Sources};
pub use origin::Origin;
pub use prefix::{BadPrefix, MAX_PREFIX, check_prefix, is_invisible};
pub use problem::{Problem, Problems};
pub use registry::{Initial, SECTIONS, Section, Setting, settings};
pub use secret::Secret;
pub use settings::{
    Activity, Assistant, AutoDelete, Backup, BackupRestore, Bar, Colours, Commands, Cooldowns, Database,
    Diagnostics, Emoji, Extensions, Framework, Health, Level, Logging, Presence, Rest, RoleRules, Settings,
    ShardManager, ShardMonitor, Sharding, SlashLimiter, Status, StatusEntry, Telemetry, Theme,
};
pub use shape::{Part, Shape};
pub use source::{Environment, ProcessEnvironment};
pub use values::Effective;
pub use watch::{Change, Changes, Reload, Watch, changes};
