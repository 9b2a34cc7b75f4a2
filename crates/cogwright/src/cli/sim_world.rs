//! Where the local Discord's world comes from and goes to: a file, the default one, or a generated one.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cogwright_sim::{Addresses, Settings, Sim, load_world};
use cogwright_sim_world::{Timestamp, World, load};

/// The choice of world.
#[derive(Debug, Default)]
pub(crate) struct Worlds {
    file: Option<PathBuf>,
    fresh: bool,
    generated: Option<Generated>,
}

/// A generated world's size and seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Generated {
    pub(crate) guilds: usize,
    pub(crate) seed: u64,
}

/// How large a world to generate, and into how many shards it is to fall.
#[derive(Args, Debug)]
pub(crate) struct Size {
    /// Begin with a generated world of N guilds instead of the default one: each of 20 channels, 15 roles and
    /// 50 members; a shard takes 2,500 guilds at the most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=load::MAX_GUILDS as u64))]
    guilds: Option<u64>,
    /// The same seed generates the same world (but for the token)
    #[arg(long, requires = "guilds", default_value_t = 1)]
    seed: u64,
    /// Recommend a shard for every N guilds (GET /gateway/bot); Discord recommends one for about 1,000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    guilds_per_shard: Option<u32>,
}

impl Size {
    /// The generated world, if one is wanted.
    pub(crate) fn generated(&self) -> Option<Generated> {
        self.guilds.map(|guilds| Generated { guilds: guilds as usize, seed: self.seed })
    }

    /// Writes down what is a setting.
    pub(crate) fn set(&self, settings: &mut Settings) {
        settings.guilds_per_shard = self.guilds_per_shard.unwrap_or(settings.guilds_per_shard);
    }
}

impl Worlds {
    /// A world that is forgotten at the stop.
    pub(crate) fn kept_nowhere() -> Self {
        Self::default()
    }

    /// A world kept in `file`: loaded if it exists, saved at the stop. `fresh` starts from the first world all the same.
    pub(crate) fn in_file(file: PathBuf, fresh: bool) -> Self {
        Self { file: Some(file), fresh, ..Self::default() }
    }

    /// A world kept as `world.json` in `folder`.
    pub(crate) fn in_folder(folder: &Path, fresh: bool) -> Self {
        Self::in_file(folder.join("world.json"), fresh)
    }

    /// The first world is a generated one instead of the default one.
    pub(crate) fn generated(self, generated: Option<Generated>) -> Self {
        Self { generated, ..self }
    }

    /// Where the world is kept, if anywhere.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.file.clone()
    }

    /// Whether the world can be kept where it is wanted: better known now than after an evening's work.
    pub(crate) fn check(&self) -> Result<(), String> {
        let Some(folder) = self.file.as_deref().and_then(Path::parent) else { return Ok(()) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let tried = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        let shown = folder.display();
        tried
            .map(drop)
            .map_err(|e| format!("The world cannot be kept in {shown}: {e}. Choose another place."))
    }

    /// The saved world, if there is one and it is wanted. A broken file stops the start, so it is never overwritten.
    pub(crate) fn load(&self) -> Result<Option<World>, String> {
        let Some(file) = self.file.as_ref().filter(|file| !self.fresh && file.exists()) else {
            return Ok(None);
        };
        let advice = "Start with --fresh to begin anew (the file is then replaced).";
        load_world(file).map(Some).map_err(|problem| format!("{problem}. {advice}"))
    }

    /// The world to start with.
    pub(crate) fn first(&self, saved: Option<World>, addresses: &Addresses, now: Timestamp) -> World {
        saved.unwrap_or_else(|| match self.generated {
            Some(Generated { guilds, seed }) => load::generate(guilds, seed, now).0,
            None => World::default_world(&addresses.cdn_base, now).0,
        })
    }

    /// Saves the world, if it is kept.
    pub(crate) fn save(sim: &Sim) -> Result<(), String> {
        match sim.save_world() {
            Ok(_) => Ok(()),
            Err(problem) => Err(format!("{problem}. The world of this run is lost.")),
        }
    }
}
