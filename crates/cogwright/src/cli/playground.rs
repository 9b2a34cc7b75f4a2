//! `cogwright playground`: the local Discord, a bot in it and a chat client in the browser, in one process.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use cogwright_config::Settings;
use cogwright_discord::Endpoint;
use cogwright_runtime::{Bot, BotBuilder, launch};
use cogwright_sim::{RateLimitMode, Sim, SimConfig};

use super::{exit, say, sim, sim_world::Worlds};

/// The log unless COGWRIGHT_LOG says otherwise: the address is not to drown in it.
const QUIET: &str = "warn";

/// Arguments of `cogwright playground`.
#[derive(Args, Debug)]
pub(crate) struct PlaygroundArgs {
    /// Port on the loopback interface; 0 picks a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Start from the default world instead of the saved one
    #[arg(long)]
    fresh: bool,
    /// Where the world is kept
    #[arg(long, default_value = "data/playground")]
    data: PathBuf,
}

/// Runs until it is stopped; the world is saved then, and while it runs.
pub(crate) async fn run(args: PlaygroundArgs) -> ExitCode {
    let stop = cogwright_lifecycle::stop_signal();
    // No setting is needed here, so no file is read that could be wrong.
    let _log = match launch::start_console_log(&launch::log_filter(QUIET)) {
        Ok(log) => log,
        Err(problems) => return exit::config(&problems.to_string()),
    };
    let mut config = SimConfig { listen: ([127, 0, 0, 1], args.port).into(), ..SimConfig::default() };
    // A person at the keyboard learns from the headers; being stopped would only annoy.
    config.settings.rate_limits = RateLimitMode::Headers;
    let worlds = Worlds::in_folder(&args.data, args.fresh);
    let sim = match sim::start(config, &worlds).await {
        Ok(sim) => sim,
        Err(code) => return code,
    };
    let code = match bot(&sim, &args.data).await {
        Ok(bot) => attend(&sim, bot, stop).await,
        Err(code) => code,
    };
    let saved = sim::stop(&sim).await;
    if code == ExitCode::SUCCESS { saved } else { code }
}

/// Starts the first bot as the world's oldest application.
async fn bot(sim: &Sim, data: &Path) -> Result<Bot, ExitCode> {
    let Some(ids) = sim.read(|world, _| world.default_ids()) else {
        return Err(exit::config("The saved world has no application in a guild. Start with --fresh."));
    };
    let host = sim.addresses().api_base.trim_start_matches("http://").trim_end_matches("/api").to_owned();
    BotBuilder::new(Settings::with_token(ids.token))
        .endpoint(Endpoint::local(host))
        .builtin()
        .data(data.join("bot"))
        // The local Discord starts anew as well.
        .without_resuming()
        .start()
        .await
        .map_err(|error| exit::internal(&format!("The bot could not start in its own playground: {error}.")))
}

async fn attend(sim: &Sim, bot: Bot, stop: impl Future<Output = &'static str>) -> ExitCode {
    say("The playground is ready: open it in a browser and write !ping");
    say(sim.addresses().api_base.trim_end_matches("/api"));
    say("Press Ctrl-C to stop.");
    let stopped = bot.run_until(async { _ = stop.await }).await;
    match stopped {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::internal(&format!("The bot ended: {error}.")),
    }
}
