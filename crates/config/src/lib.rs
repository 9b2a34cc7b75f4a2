//! Settings: raw as written, then validated; the one registry of settings and environment names.
//!
//! Nothing else in the workspace reads the environment. A setting that is not in
//! [`SETTINGS`] does not exist.

mod dotenv;
mod problem;
mod registry;
mod secret;
mod settings;
mod source;

pub use dotenv::DotEnv;
pub use problem::{Problem, Problems};
pub use registry::{SETTINGS, Setting};
pub use secret::Secret;
pub use settings::{MAX_PREFIX, Settings};
pub use source::{Environment, Layered, ProcessEnvironment};
