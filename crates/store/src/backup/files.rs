//! The backups that lie there, told by their names.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Target, prefix};
use crate::store::blocking;
use crate::time::parse_stamp;
use crate::{Store, StoreError, layout};

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupFile {
    /// Of which database.
    pub target: Target,
    /// The file.
    pub path: PathBuf,
    /// When it was made, by its name; UTC.
    pub at: SystemTime,
    /// Its size.
    pub bytes: u64,
    /// The state of the database that it holds; see `make::version`.
    pub(crate) version: Option<SystemTime>,
}

/// The backups of one database, oldest first.
pub(crate) fn list(data: &Path, target: Target) -> Result<Vec<BackupFile>, StoreError> {
    let folder = target.folder(data);
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(StoreError::io("list", &folder))?,
    };
    let mut all = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::io("list", &folder))?;
        let name = entry.file_name();
        let stamp =
            name.to_str().and_then(|name| name.strip_prefix(prefix(target.kind()))?.strip_suffix(".db"));
        let Some(at) = stamp.and_then(parse_stamp) else { continue };
        // Gone between listing and looking: somebody else removed it.
        let Ok(meta) = entry.metadata() else { continue };
        all.push(BackupFile {
            target,
            path: entry.path(),
            at,
            bytes: meta.len(),
            version: meta.modified().ok(),
        });
    }
    all.sort_by(|a, b| (a.at, &a.path).cmp(&(b.at, &b.path)));
    Ok(all)
}

impl BackupFile {
    /// The command that puts it back, ready to be copied into a terminal.
    pub fn restore_command(&self) -> String {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let data = match self.target {
            Target::Main => folder,
            Target::Guild(_) => folder.parent().unwrap_or(Path::new(".")),
        };
        format!("cogwright data restore {} --data {}", quoted(&self.path), quoted(data))
    }
}

/// A path as every shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\._-:".contains(c);
    if text.chars().all(plain) { text } else { format!("\"{text}\"") }
}

/// The newest backups of databases that are not there: of `main.db`, and of at most `guilds` guilds.
pub(crate) fn of_missing(data: &Path, guilds: usize) -> Result<Vec<BackupFile>, StoreError> {
    let mut all = Vec::new();
    let folders = layout::guild_folders(data)?.into_iter().map(Target::Guild);
    for target in [Target::Main].into_iter().chain(folders) {
        if !target.path(data).exists() {
            all.extend(list(data, target)?.pop());
        }
        if all.len() > guilds {
            break;
        }
    }
    Ok(all)
}

/// `main.db` and all guilds with a file.
pub(crate) fn targets(data: &Path) -> Result<Vec<Target>, StoreError> {
    let guilds = layout::guilds(data)?.into_iter().map(Target::Guild);
    Ok([Target::Main].into_iter().chain(guilds).collect())
}

/// All backups in a data folder, by database, oldest first; those of guilds whose file is gone as well. Opens no
/// database, so that it works where they are damaged.
///
/// # Errors
/// [`StoreError::Io`] for a folder that cannot be listed.
pub async fn backups_in(data: &Path) -> Result<Vec<BackupFile>, StoreError> {
    let data = data.to_owned();
    blocking(move || {
        let guilds = layout::guild_folders(&data)?.into_iter().map(Target::Guild);
        let mut all = Vec::new();
        for target in [Target::Main].into_iter().chain(guilds) {
            all.extend(list(&data, target)?);
        }
        Ok(all)
    })
    .await
}

impl Store {
    /// The backups of one database, oldest first.
    pub async fn backups(&self, target: Target) -> Result<Vec<BackupFile>, StoreError> {
        let data = self.folder().to_owned();
        blocking(move || list(&data, target)).await
    }
}
