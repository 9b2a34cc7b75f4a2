//! The commands of this cog.

mod demo;
mod echo;

pub(crate) use demo::demo;
pub(crate) use echo::echo;
