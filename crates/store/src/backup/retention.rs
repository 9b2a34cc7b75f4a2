//! How many backups are kept and for how long.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::{Target, files};
use crate::StoreError;

/// Which backups of a database stay. The newest always does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// How many; 0 for any number.
    pub keep: usize,
    /// For how many days; 0 for ever.
    pub days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { keep: 7, days: 30 }
    }
}

/// Removes what is too much or too old; how many that were.
pub(crate) fn prune(
    data: &Path,
    target: Target,
    keep: Retention,
    now: SystemTime,
) -> Result<usize, StoreError> {
    let age = Duration::from_secs(u64::from(keep.days) * 86_400);
    let oldest = now.checked_sub(age).filter(|_| keep.days > 0);
    let all = files::list(data, target)?;
    let surplus = if keep.keep == 0 { 0 } else { all.len().saturating_sub(keep.keep) };
    let mut removed = 0;
    for (number, backup) in all.iter().enumerate() {
        let newest = number + 1 == all.len();
        let old = oldest.is_some_and(|oldest| backup.at < oldest);
        if !newest && (number < surplus || old) {
            std::fs::remove_file(&backup.path)
                .map_err(StoreError::io("remove the old backup", &backup.path))?;
            removed += 1;
        }
    }
    Ok(removed)
}
