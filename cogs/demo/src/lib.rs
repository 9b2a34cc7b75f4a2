//! `echo` and `demo`: every kind of option, component and answer once, to try things out with.

mod commands;
mod service;
mod view;

use cogwright_command::Cog;

/// The cog.
pub fn cog() -> Cog {
    Cog::new("Demo").command(commands::echo).command(commands::demo)
}
