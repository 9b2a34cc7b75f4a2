//! The commands of this cog, a file each.

mod atomicstats;
mod atomictest;
mod cachestats;
mod cleanup;
mod dbstats;
mod integritycheck;
mod sync;
mod why;

pub(crate) use atomicstats::atomicstats;
pub(crate) use atomictest::atomictest;
pub(crate) use cachestats::cachestats;
pub(crate) use cleanup::cleanup;
pub(crate) use dbstats::dbstats;
pub(crate) use integritycheck::integritycheck;
pub(crate) use sync::sync;
pub(crate) use why::why;
