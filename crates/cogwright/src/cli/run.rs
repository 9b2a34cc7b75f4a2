//! `cogwright run`: the bot on Discord, or on a local one.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use cogwright_discord::Endpoint;
use cogwright_runtime::BotBuilder;
use cogwright_runtime::launch::{self, Fault};

use super::exit;
use super::files::FileArgs;

/// Arguments of `cogwright run`.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Connect to a local Discord on this loopback address (HOST:PORT) instead of discord.com
    #[arg(long, value_name = "HOST:PORT", value_parser = loopback)]
    local: Option<SocketAddr>,
    #[command(flatten)]
    files: FileArgs,
}

/// The token goes to that address in the clear, so it must not leave this machine.
pub(crate) fn loopback(text: &str) -> Result<SocketAddr, String> {
    launch::loopback(text)
        .ok_or_else(|| "not an address of this machine such as 127.0.0.1:8787 or localhost:8787".to_owned())
}

/// Runs the bot until Ctrl-C or SIGTERM.
pub(crate) async fn run(args: RunArgs) -> ExitCode {
    match bot(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let code = exit::fault(&fault);
            if matches!(&fault, Fault::Config(problems) if problems.iter().any(|p| p.setting == "DISCORD_TOKEN"))
            {
                eprintln!("A .env to fill in: cogwright settings env > .env");
                eprintln!("To try the bot without a token: cogwright playground");
            }
            code
        }
    }
}

async fn bot(args: RunArgs) -> Result<(), Fault> {
    let endpoint = args.local.map_or(Endpoint::Discord, Endpoint::local);
    let (watch, log) = launch::prepare(args.files.sources(), &endpoint)?;
    let settings = watch.running().settings.clone();
    launch::run(BotBuilder::new(settings).endpoint(endpoint).builtin(), watch, log).await
}
