//! What commands have changed for the whole bot, for who looks at a data folder from outside.

use std::collections::BTreeMap;
use std::path::Path;

use crate::StoreError;
use crate::db::{Db, Meter, open_untouched};
use crate::repo::{StatusEntry, bot_settings, status_list};

/// What was changed at runtime and goes before config.json.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedByCommands {
    /// The list of statuses, if it was changed.
    pub statuses: Option<Vec<StatusEntry>>,
    /// Other settings by their key.
    pub settings: BTreeMap<String, String>,
}

/// Reads from `main.db` of a data folder what commands have changed; none if there is no such file. It takes no lock
/// and writes nothing, so a bot may run on the folder. A `main.db` of the original, which knows no such tables, has no
/// changes.
///
/// # Errors
/// When the file cannot be read.
pub fn changed_by_commands(folder: &Path) -> Result<Option<ChangedByCommands>, StoreError> {
    let path = folder.join("main.db");
    if !path.is_file() {
        return Ok(None);
    }
    let (connection, meter) = (open_untouched(&path).map_err(StoreError::sql(&path))?, Meter::default());
    let db = Db::on(&connection, &path, &meter);
    let known = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'bot_settings'";
    if db.row(known, [], |_| Ok(()))?.is_none() {
        return Ok(Some(ChangedByCommands::default()));
    }
    let statuses = status_list(&db)?;
    let mut settings = bot_settings(&db)?;
    settings.remove(crate::repo::STATUS_LIST);
    Ok(Some(ChangedByCommands { statuses, settings }))
}
