//! Where the local Discord's world comes from and goes to: the default one, or `world.json` in a folder.

use std::{fs, io::Write, path::PathBuf};

use cogwright_sim::{Addresses, Sim};
use cogwright_sim_world::{Timestamp, World};
use serde_json::{Value, json};

/// The format of the saved document; the same as the control API's snapshot.
const FORMAT: u64 = 1;

/// The choice of world.
#[derive(Debug)]
pub(crate) struct Worlds {
    folder: Option<PathBuf>,
    fresh: bool,
}

impl Worlds {
    /// A world kept in `folder`, if any; `fresh` starts from the default world all the same.
    pub(crate) fn new(folder: Option<PathBuf>, fresh: bool) -> Self {
        Self { folder, fresh }
    }

    fn file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join("world.json"))
    }

    /// The saved world, if there is one and it is wanted. A broken file is never overwritten.
    pub(crate) fn load(&self) -> Result<Option<World>, String> {
        let Some(file) = self.file().filter(|file| !self.fresh && file.exists()) else { return Ok(None) };
        let shown = file.display();
        let advice = "Start with --fresh to begin anew (the file is then replaced at the stop).";
        let text = fs::read_to_string(&file).map_err(|e| format!("{shown} cannot be read: {e}. {advice}"))?;
        let mut document: Value =
            serde_json::from_str(&text).map_err(|e| format!("{shown} is not valid JSON: {e}. {advice}"))?;
        if document["format"] != FORMAT {
            return Err(format!("{shown} was saved in another format. {advice}"));
        }
        serde_json::from_value(document["world"].take())
            .map(Some)
            .map_err(|e| format!("{shown} does not hold a world: {e}. {advice}"))
    }

    /// The world to start with.
    pub(crate) fn first(saved: Option<World>, addresses: &Addresses, now: Timestamp) -> World {
        saved.unwrap_or_else(|| World::default_world(&addresses.cdn_base, now).0)
    }

    /// Saves the world: a temporary file, flushed, then renamed.
    pub(crate) fn save(&self, sim: &Sim) -> Result<(), String> {
        let Some(file) = self.file() else { return Ok(()) };
        let text = sim.read(|world, _| json!({ "format": FORMAT, "world": world }).to_string());
        let shown = file.display();
        let folder = file.parent().unwrap_or(&file);
        let write = || {
            fs::create_dir_all(folder)?;
            let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
            temporary.write_all(text.as_bytes())?;
            temporary.as_file().sync_all()?;
            temporary.persist(&file)?;
            std::io::Result::Ok(())
        };
        write().map_err(|e| format!("{shown} cannot be written: {e}. The world of this run is lost."))
    }
}
