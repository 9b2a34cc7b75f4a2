//! The commands of this cog.

mod help;

pub(crate) use help::help;
