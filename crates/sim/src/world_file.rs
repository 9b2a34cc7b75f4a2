//! A world in a file: the same document as the control API's snapshot, read whole and written atomically.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use cogwright_sim_world::World;
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::Sim;

/// The format of a saved world, in files and snapshots alike.
pub(crate) const FORMAT: u64 = 1;

/// Why a world could not be loaded or saved.
#[derive(Debug, thiserror::Error)]
pub enum WorldFileError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not JSON, or cut off.
    #[error("{} is not valid JSON: {source}", path.display())]
    NotJson {
        /// Which.
        path: PathBuf,
        /// Where it breaks.
        source: serde_json::Error,
    },
    /// The document says that it is of another format.
    #[error("{} was saved in another format", path.display())]
    Format {
        /// Which.
        path: PathBuf,
    },
    /// JSON, but no world.
    #[error("{} does not hold a world: {source}", path.display())]
    NotAWorld {
        /// Which.
        path: PathBuf,
        /// What is wrong where.
        source: serde_json::Error,
    },
    /// The file cannot be written; what was there before is still there.
    #[error("{} cannot be written: {source}", path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A world that was saved.
#[derive(Clone, Debug, Serialize)]
pub struct SavedWorld {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    format: u64,
    world: &'a World,
}

/// Read first, so that a document of another format is not called broken.
#[derive(Deserialize)]
struct Head {
    format: Option<u64>,
    #[serde(rename = "world")]
    _world: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Loaded {
    world: World,
}

/// Loads a world that [`Sim::save_world`] or `GET /snapshot` wrote. Attachment addresses are put right when it is
/// served.
///
/// # Errors
/// When the file cannot be read, is broken or of another format.
pub fn load_world(path: &Path) -> Result<World, WorldFileError> {
    let at = || path.to_owned();
    let bytes = fs::read(path).map_err(|source| WorldFileError::Unreadable { path: at(), source })?;
    let head: Head =
        serde_json::from_slice(&bytes).map_err(|source| WorldFileError::NotJson { path: at(), source })?;
    if head.format != Some(FORMAT) {
        return Err(WorldFileError::Format { path: at() });
    }
    serde_json::from_slice::<Loaded>(&bytes)
        .map(|loaded| loaded.world)
        .map_err(|source| WorldFileError::NotAWorld { path: at(), source })
}

impl Sim {
    /// Saves the world to the file it was started with (`SimConfig::world_file`): a temporary file beside it, flushed
    /// to the disk, then renamed. `None` when it was started without one. The world stands still while it is
    /// rendered, not while it is written.
    ///
    /// # Errors
    /// When the file cannot be written; what was there before is then still there.
    pub fn save_world(&self) -> Result<Option<SavedWorld>, WorldFileError> {
        let Some(path) = self.config().world_file.clone() else { return Ok(None) };
        let _one_at_a_time = self.saving();
        let text = self.read(|world, _| serde_json::to_vec(&Document { format: FORMAT, world }));
        let written = text.map_err(io::Error::from).and_then(|text| {
            replace(&path, &text)?;
            Ok(text.len() as u64)
        });
        match written {
            Ok(bytes) => Ok(Some(SavedWorld { path, bytes })),
            Err(source) => Err(WorldFileError::Unwritable { path, source }),
        }
    }
}

fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(text)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path)?;
    // The rename itself lasts only once the folder is on the disk; where folders cannot be opened (Windows) it
    // is the system's business.
    if let Ok(folder) = fs::File::open(folder) {
        folder.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Addresses, SimConfig};

    #[tokio::test]
    async fn what_is_saved_is_loaded_and_a_broken_file_says_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/world.json");
        let addresses = Addresses::of(([127, 0, 0, 1], 1).into());
        let (world, ids) = World::default_world("", crate::SimClock::default().now());
        let config = SimConfig { world_file: Some(path.clone()), ..SimConfig::default() };
        let sim = Sim::new(config, addresses.clone(), world.clone());
        let saved = sim.save_world().unwrap().unwrap();
        assert_eq!((&saved.path, saved.bytes), (&path, fs::metadata(&path).unwrap().len()));
        let loaded = load_world(&path).unwrap();
        assert_eq!(loaded.default_ids().unwrap(), ids);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file stays");
        assert!(Sim::new(SimConfig::default(), addresses, world).save_world().unwrap().is_none());

        let whole = fs::read_to_string(&path).unwrap();
        for (text, wanted) in [
            (&whole[..whole.len() / 2], "not valid JSON"),
            (r#"{"format":2,"world":{}}"#, "another format"),
            ("{}", "another format"),
            (r#"{"format":1,"world":{"users":3}}"#, "does not hold a world"),
        ] {
            fs::write(&path, text).unwrap();
            let problem = load_world(&path).unwrap_err().to_string();
            assert!(problem.contains(wanted) && problem.contains("world.json"), "{problem}");
        }
        let problem = load_world(folder.path()).unwrap_err();
        assert!(matches!(problem, WorldFileError::Unreadable { .. }), "{problem}");
    }
}
