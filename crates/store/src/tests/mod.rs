//! Tests over the whole crate.

mod guilds;
mod opening;
mod repositories;
