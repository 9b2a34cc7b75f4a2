//! `cogwright sim`: the local Discord by itself, for a bot in any language.

use std::{net::IpAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Subcommand};
use cogwright_sim::{Addresses, RateLimitMode, Sim, SimConfig};
use serde_json::json;

use super::{
    exec, exit, say,
    sim_world::{Size, Worlds},
};

/// How long open connections get to end at a stop.
pub(crate) const GRACE: Duration = Duration::from_secs(3);

/// Arguments of `cogwright sim`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SimArgs {
    #[command(subcommand)]
    command: Option<SimCommand>,
    #[command(flatten)]
    serve: ServeArgs,
}

/// How the local Discord is served.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Port on the loopback interface; 0 picks a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Address to listen on; beyond loopback --key is needed
    #[arg(long, default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Key that the control API asks for
    #[arg(long, env = "COGWRIGHT_SIM_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Start from the first world, even if there is a saved one
    #[arg(long)]
    fresh: bool,
    /// Keep the world in this file: loaded if it exists, saved seconds after a change, at the stop, and by POST
    /// /_sim/v1/world/save
    #[arg(long, value_name = "FILE")]
    world: Option<PathBuf>,
    /// Keep the world as world.json in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "world")]
    data: Option<PathBuf>,
    #[command(flatten)]
    size: Size,
    /// REST rate limits: off, headers or enforce
    #[arg(long, default_value = "enforce", value_parser = rate_limits)]
    rate_limits: RateLimitMode,
    /// Never compress gateway frames
    #[arg(long)]
    no_compress: bool,
}

#[derive(Debug, Subcommand)]
enum SimCommand {
    /// Run an unmodified discord.py or discord.js bot on a local Discord
    Exec(exec::ExecArgs),
    /// List all routes of Discord and which of them are simulated
    Routes {
        /// As the page docs/src/parity.md
        #[arg(long)]
        markdown: bool,
        /// As JSON
        #[arg(long, conflicts_with = "markdown")]
        json: bool,
    },
    /// Print the control API's OpenAPI document
    Api {
        /// As the page docs/src/control-api.md
        #[arg(long)]
        markdown: bool,
        /// As JSON, which is the default
        #[arg(long, conflicts_with = "markdown")]
        json: bool,
    },
}

fn rate_limits(text: &str) -> Result<RateLimitMode, String> {
    serde_json::from_value(text.into()).map_err(|_| "one of: off, headers, enforce".to_owned())
}

/// Runs the command.
pub(crate) async fn run(args: SimArgs) -> ExitCode {
    match args.command {
        Some(SimCommand::Exec(args)) => exec::run(args).await,
        Some(SimCommand::Routes { markdown, json }) => routes(markdown, json),
        Some(SimCommand::Api { markdown, json: _ }) => api(markdown),
        None => serve(args.serve).await,
    }
}

async fn serve(args: ServeArgs) -> ExitCode {
    let mut config =
        SimConfig { listen: (args.listen, args.port).into(), key: args.key, ..SimConfig::default() };
    config.settings.rate_limits = args.rate_limits;
    config.settings.compression = !args.no_compress;
    let worlds = match (args.world, args.data) {
        (Some(file), _) => Worlds::in_file(file, args.fresh),
        (None, Some(folder)) => Worlds::in_folder(&folder, args.fresh),
        (None, None) => Worlds::kept_nowhere(),
    };
    args.size.set(&mut config.settings);
    let worlds = worlds.generated(args.size.generated());
    let sim = match start(config, &worlds).await {
        Ok(sim) => sim,
        Err(code) => return code,
    };
    let signal = cogwright_lifecycle::stop_signal();
    say(ready_line(&sim));
    signal.await;
    stop(&sim).await
}

/// Starts a local Discord with the saved or the first world; says why it cannot.
pub(crate) async fn start(mut config: SimConfig, worlds: &Worlds) -> Result<Sim, ExitCode> {
    let listen = config.listen;
    config.world_file = worlds.file();
    worlds.check().map_err(|problem| exit::config(&problem))?;
    let saved = worlds.load().map_err(|problem| exit::config(&problem))?;
    Sim::serve(config, |addresses, now| worlds.first(saved, addresses, now)).await.map_err(|error| {
        match error.kind() {
            std::io::ErrorKind::AddrInUse => exit::unavailable(&format!(
                "Port {} is taken by another program. Choose another with --port, or --port 0 for any free one.",
                listen.port()
            )),
            std::io::ErrorKind::InvalidInput => exit::config(&format!("{error}: give one with --key.")),
            _ => exit::unavailable(&format!("Cannot listen on {listen}: {error}.")),
        }
    })
}

/// Saves the world and ends everything.
pub(crate) async fn stop(sim: &Sim) -> ExitCode {
    let saved = Worlds::save(sim);
    sim.tasks().shutdown(GRACE).await;
    match saved {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => exit::internal(&problem),
    }
}

/// One line of JSON: where everything is, and the default world's ids.
fn ready_line(sim: &Sim) -> String {
    let Addresses { api_base, gateway_url, cdn_base, control_url } = sim.addresses();
    let mut line = json!({
        "api_base": api_base, "gateway_url": gateway_url, "cdn_base": cdn_base, "control_url": control_url,
    });
    if let Some(ids) = sim.read(|world, _| world.default_ids()) {
        line["application_id"] = json!(ids.application);
        line["token"] = json!(ids.token);
        line["guild"] = json!(ids.guild);
        line["channel"] = json!(ids.channel);
        line["user"] = json!(ids.user);
    }
    line.to_string()
}

fn api(markdown: bool) -> ExitCode {
    if markdown {
        say(cogwright_sim::control_api_page().trim_end());
    } else {
        say(format_args!("{:#}", cogwright_sim::control_api()));
    }
    ExitCode::SUCCESS
}

fn routes(markdown: bool, as_json: bool) -> ExitCode {
    if markdown {
        say(cogwright_sim::parity_page().trim_end());
    } else if as_json {
        say(json!(cogwright_sim::routes()));
    } else {
        let routes = cogwright_sim::routes();
        for route in &routes {
            let mark = if route.implemented { "yes" } else { " - " };
            say(format_args!("{mark} {:<6} {}", route.method, route.path));
        }
        let simulated = routes.iter().filter(|route| route.implemented).count();
        say(format_args!("{simulated} of {} routes are simulated; the others answer 501.", routes.len()));
    }
    ExitCode::SUCCESS
}
