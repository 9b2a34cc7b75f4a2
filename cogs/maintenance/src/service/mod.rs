//! What is found out, and whether it is as it should be.

pub(crate) mod atomic;
pub(crate) mod caches;
pub(crate) mod cleanup;
pub(crate) mod database;
pub(crate) mod integrity;
pub(crate) mod paths;
#[cfg(test)]
pub(crate) mod testing;
