//! `cogwright run`: the bot on Discord, or on a local one.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use cogwright_config::Sources;
use cogwright_discord::Endpoint;
use cogwright_runtime::launch::{self, Fault};
use cogwright_runtime::{BotBuilder, builtin_cogs};

use super::exit;

/// Arguments of `cogwright run`.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Connect to a local Discord on this loopback address (HOST:PORT) instead of discord.com
    #[arg(long, value_name = "HOST:PORT", value_parser = loopback)]
    local: Option<SocketAddr>,
}

/// The token goes to that address in the clear, so it must not leave this machine.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "not of the form 127.0.0.1:8787".to_owned())?;
    if address.ip().is_loopback() { Ok(address) } else { Err("not a loopback address".to_owned()) }
}

/// Runs the bot until Ctrl-C or SIGTERM.
pub(crate) async fn run(args: RunArgs) -> ExitCode {
    match bot(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let code = exit::fault(&fault);
            if matches!(&fault, Fault::Config(problems) if problems.iter().any(|p| p.setting == "DISCORD_TOKEN"))
            {
                eprintln!("To try the bot without a token: cogwright playground");
            }
            code
        }
    }
}

async fn bot(args: RunArgs) -> Result<(), Fault> {
    let loaded = launch::settings(&Sources::default())?;
    let _log = launch::start_log(&loaded.settings)?;
    launch::log_settings(&loaded);
    let endpoint = args.local.map_or(Endpoint::Discord, Endpoint::local);
    launch::run(BotBuilder::new(loaded.settings).endpoint(endpoint).cogs(builtin_cogs())).await
}
