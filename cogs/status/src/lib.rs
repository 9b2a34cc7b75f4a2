//! `status`: what Discord shows under the bot's name, one status after the other.
//!
//! [`Rotator`] keeps the list and turns it; the commands change it. What was changed is kept in the database and goes
//! before `status` of config.json.

mod commands;
mod fill;
mod service;
mod view;

use std::sync::Arc;

use cogwright_command::{Cog, Group, Spec};

pub use fill::Facts;
pub use service::{Rotator, Stage};

/// The cog.
pub fn cog(rotator: &Arc<Rotator>) -> Cog {
    let status = Group::new("status", "What is shown under the bot's name")
        .command(commands::list(Arc::clone(rotator)))
        .command(commands::add(Arc::clone(rotator)))
        .command(commands::remove(Arc::clone(rotator)))
        .command(commands::next(Arc::clone(rotator)))
        .command(commands::interval(Arc::clone(rotator)))
        .default_command("list")
        .each(Spec::owner_only);
    Cog::new("Status").group(status)
}
