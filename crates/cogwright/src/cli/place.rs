//! The arguments of every command that reads settings and asks a Discord.

use std::net::SocketAddr;

use clap::Args;
use cogwright_config::{Problems, ProcessEnvironment, Settings};
use cogwright_discord::Endpoint;
use cogwright_runtime::Log;
use cogwright_runtime::launch;

use super::files::FileArgs;

/// Where to ask.
#[derive(Args, Debug)]
pub(crate) struct Place {
    /// Ask a local Discord on this loopback address (HOST:PORT) instead of discord.com
    #[arg(long, value_name = "HOST:PORT", value_parser = super::run::loopback)]
    local: Option<SocketAddr>,
    #[command(flatten)]
    files: FileArgs,
}

impl Place {
    /// Which Discord.
    pub(crate) fn endpoint(&self) -> Endpoint {
        self.local.map_or(Endpoint::Discord, Endpoint::local)
    }

    /// Where settings are read from.
    pub(crate) fn sources(&self) -> cogwright_config::Sources {
        self.files.clone().sources()
    }

    /// The settings, and a log that says only what goes wrong: standard output is the answer.
    /// The log lives as long as what is answered beside the settings.
    pub(crate) fn settings(&self) -> Result<(Settings, Log), Problems> {
        let loaded = self.sources().read(&ProcessEnvironment).into_loaded()?;
        let log = launch::start_console_log(&launch::log_filter("warn"))?;
        log.hide(&loaded.settings.token);
        Ok((loaded.settings, log))
    }
}
