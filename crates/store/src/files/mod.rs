//! Crash-safe text and JSON files with a cache.
//!
//! Files are known by their canonical path, so that two spellings of one file are one file: one lock, one cache entry.

mod cache;
mod cached;
mod durable;
mod effects;
mod handle;
mod health;
mod locks;
mod paths;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod tests;

pub(crate) use cached::Look;
pub(crate) use durable::{TEMPORARY, replace};
pub(crate) use effects::Disk;
#[cfg(test)]
pub(crate) use effects::Effects;
pub use handle::{Files, FilesOptions, ReadMode, WriteMode};
pub use health::{FileHealth, FileOperation, FileStats, OperationKind};
