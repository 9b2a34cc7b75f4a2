//! Everything about one person, over all databases: what there is, and erasing it. Goes by the registry of tables, so
//! that a new table cannot be forgotten; tables of others' making are searched by the names of their columns.

mod erase;
mod find;

pub use erase::{ErasureReport, Remaining};
pub use find::{PersonalData, PersonalTable};
