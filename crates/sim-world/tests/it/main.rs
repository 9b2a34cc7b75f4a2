//! The world by its public actions. One test binary.

mod case_17_permissions;
mod explain;
mod guild_settings;
mod helpers;
mod idle_threads;
mod places;
mod roles;
mod stage;
mod visibility;
