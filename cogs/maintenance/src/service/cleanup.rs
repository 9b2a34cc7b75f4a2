//! Drops what is over, closes what is not needed.

use cogwright_store::{MaintenanceReport, StoreError};

use crate::Services;

/// What a round did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cleaned {
    pub(crate) databases: MaintenanceReport,
    /// Guilds whose remembered settings were too old.
    pub(crate) settings: usize,
}

/// One round. `forget_settings` drops remembered settings that are too old and says how many those were.
pub(crate) async fn clean(
    services: &Services,
    forget_settings: impl FnOnce() -> usize,
) -> Result<Cleaned, StoreError> {
    let databases = services.store.maintain(services.operations.presence()).await?;
    Ok(Cleaned { databases, settings: forget_settings() })
}
