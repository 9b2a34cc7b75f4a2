//! Checks every database for damage, beside the running bot.

use crate::backup::Target;
use crate::db::open_readonly;
use crate::store::blocking;
use crate::{Store, StoreError};

/// Complaints that are kept of one file.
const MAX_PROBLEMS: u32 = 20;

/// One file's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrityResult {
    /// Which database.
    pub target: Target,
    /// Its size in bytes, without its log.
    pub bytes: u64,
    /// What is wrong; empty if nothing is.
    pub problems: Vec<String>,
}

impl IntegrityResult {
    /// Whether the file passed.
    pub fn ok(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Store {
    /// Checks `main.db` and every guild's file, in this order. `progress` hears of each one as it is done: its result,
    /// how many are done, and how many there are.
    pub async fn check_integrity(
        &self,
        mut progress: impl FnMut(&IntegrityResult, usize, usize) + Send,
    ) -> Result<Vec<IntegrityResult>, StoreError> {
        let guilds = self.guilds().await?.into_iter().map(Target::Guild);
        let targets: Vec<Target> = [Target::Main].into_iter().chain(guilds).collect();
        let mut results = Vec::new();
        for target in &targets {
            let result = self.check(*target).await?;
            progress(&result, results.len() + 1, targets.len());
            results.push(result);
        }
        Ok(results)
    }

    async fn check(&self, target: Target) -> Result<IntegrityResult, StoreError> {
        let path = target.path(self.folder());
        blocking(move || {
            let bytes = std::fs::metadata(&path).map_or(0, |meta| meta.len());
            let look = || -> Result<Vec<String>, StoreError> {
                let db = open_readonly(&path)?;
                let sql = format!("PRAGMA integrity_check({MAX_PROBLEMS})");
                let mut check = db.prepare(&sql).map_err(StoreError::sql(&path))?;
                let rows = check.query_map([], |row| row.get(0)).map_err(StoreError::sql(&path))?;
                rows.collect::<Result<_, _>>().map_err(StoreError::sql(&path))
            };
            let mut problems = look().unwrap_or_else(|error| vec![error.to_string()]);
            problems.retain(|problem| problem != "ok");
            Ok(IntegrityResult { target, bytes, problems })
        })
        .await
    }
}
