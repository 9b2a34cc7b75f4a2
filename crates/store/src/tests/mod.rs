//! Tests over the whole crate.

mod backups;
mod guilds;
mod imports;
mod opening;
mod people;
mod repositories;
