//! The arguments that name settings files, shared by commands that read settings.

use std::path::PathBuf;

use clap::Args;
use cogwright_config::Sources;

/// Where settings are read from.
#[derive(Args, Clone, Debug)]
pub(crate) struct FileArgs {
    /// Read variables from this file instead of .env
    #[arg(long, value_name = "FILE")]
    env: Option<PathBuf>,
    /// Read settings from this file instead of config.json
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Keep databases in this folder instead of database.base_path
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
}

impl FileArgs {
    /// The same, with a settings file that may still have to be made.
    pub(crate) fn sources_to_be(self) -> Sources {
        Sources { config_required: false, ..self.sources() }
    }

    pub(crate) fn sources(self) -> Sources {
        let usual = Sources::default();
        Sources {
            env_required: self.env.is_some(),
            env: self.env.unwrap_or(usual.env),
            config_required: self.config.is_some(),
            config: self.config.unwrap_or(usual.config),
            data: self.data,
        }
    }
}
