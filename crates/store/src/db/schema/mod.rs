//! The schemas: numbered migrations, and the registry of what each table knows about whom.

mod tables;

use super::connection::Kind;

pub(crate) use tables::{Erase, TABLES, looks_like_a_person};

/// One step of a schema. Once released, its text is never changed; a new step is added instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// Counts up from 1 without a gap.
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

const MAIN: &[Migration] = &[
    Migration { number: 1, name: "original", sql: include_str!("main/0001_original.sql") },
    Migration { number: 2, name: "core", sql: include_str!("main/0002_core.sql") },
    Migration { number: 3, name: "cooldowns", sql: include_str!("main/0003_cooldowns.sql") },
    Migration { number: 4, name: "upkeep", sql: include_str!("main/0004_upkeep.sql") },
    Migration { number: 5, name: "original_counts", sql: include_str!("main/0005_original_counts.sql") },
    Migration { number: 6, name: "this_run", sql: include_str!("main/0006_this_run.sql") },
];

const GUILD: &[Migration] = &[
    Migration { number: 1, name: "original", sql: include_str!("guild/0001_original.sql") },
    Migration { number: 2, name: "core", sql: include_str!("guild/0002_core.sql") },
];

/// The steps of a kind of file.
pub(crate) fn migrations(kind: Kind) -> &'static [Migration] {
    match kind {
        Kind::Main => MAIN,
        Kind::Guild => GUILD,
    }
}
