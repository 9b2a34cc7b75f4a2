//! Tests over the whole crate.

mod backups;
mod changed;
mod full_disk;
mod guilds;
mod imports;
mod opening;
mod page;
mod people;
mod repositories;
