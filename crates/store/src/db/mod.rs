//! SQLite below the repositories: connections, migrations, the storage threads.

mod connection;
mod guild_thread;
mod main_thread;
mod meter;
mod migrate;
mod pool;
mod schema;
mod task;

pub(crate) use connection::{Db, Kind, Opened, open_readonly, open_untouched};
pub(crate) use meter::Meter;
pub use meter::{DatabaseStats, SlowQuery, ThreadStats};
#[cfg(test)]
pub(crate) use migrate::file_of_schema;
pub(crate) use migrate::known_version;
#[cfg(test)]
pub(crate) use pool::OPEN_GUILDS;
pub(crate) use pool::{Access, Pool};
pub(crate) use schema::{Erase, TABLES, looks_like_a_person};
