//! The commands of this cog.

mod discordbotframework;
mod help;

pub(crate) use discordbotframework::discordbotframework;
pub(crate) use help::help;
