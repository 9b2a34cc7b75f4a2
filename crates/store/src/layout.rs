//! Where things lie in the data folder, and which guilds have a file.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::StoreError;

/// `<data>/<guild>`.
pub(crate) fn guild_folder(data: &Path, guild: u64) -> PathBuf {
    data.join(guild.to_string())
}

/// `<data>/<guild>/guild.db`.
pub(crate) fn guild_file(data: &Path, guild: u64) -> PathBuf {
    guild_folder(data, guild).join("guild.db")
}

/// All guilds with a file, ascending.
pub(crate) fn guilds(data: &Path) -> Result<Vec<u64>, StoreError> {
    let mut all = guild_folders(data)?;
    all.retain(|guild| guild_file(data, *guild).is_file());
    Ok(all)
}

/// All guilds with a folder, ascending.
pub(crate) fn guild_folders(data: &Path) -> Result<Vec<u64>, StoreError> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(data).map_err(StoreError::io("list", data))? {
        let entry = entry.map_err(StoreError::io("list", data))?;
        let name = entry.file_name();
        // Only the canonical spelling: `007` is nobody's guild.
        let guild =
            name.to_str().and_then(|name| name.parse::<u64>().ok().filter(|id| id.to_string() == name));
        all.extend(guild);
    }
    all.sort_unstable();
    Ok(all)
}

/// The schema that a file's header tells, without opening it as a database. What is only in its
/// write-ahead log is not seen. Nothing if it is not a database.
pub(crate) fn header_version(path: &Path) -> Option<u32> {
    let mut header = [0; 100];
    File::open(path).ok()?.read_exact(&mut header).ok()?;
    // https://www.sqlite.org/fileformat.html#the_database_header: user_version is at offset 60.
    let version = u32::from_be_bytes([header[60], header[61], header[62], header[63]]);
    header.starts_with(b"SQLite format 3\0").then_some(version)
}
