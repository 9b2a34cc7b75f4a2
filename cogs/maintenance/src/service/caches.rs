//! What the caches hold.

use cogwright_command::CacheStats;
use cogwright_discord::RestStats;
use cogwright_store::{DatabaseStats, FileStats};

use crate::Services;
use crate::operations::Running;

/// All caches, and what goes through them.
#[derive(Clone, Debug)]
pub(crate) struct Caches {
    pub(crate) files: FileStats,
    pub(crate) settings: CacheStats,
    pub(crate) database: DatabaseStats,
    pub(crate) running: Running,
    pub(crate) rest: RestStats,
}

pub(crate) fn caches(services: &Services, settings: CacheStats) -> Caches {
    Caches {
        files: services.files.stats(),
        settings,
        database: services.store.stats(),
        running: services.operations.running(),
        rest: services.operations.rest(),
    }
}
