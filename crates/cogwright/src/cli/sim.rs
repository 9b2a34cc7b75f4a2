//! `cogwright sim`: the local Discord by itself, for a bot in any language.

use std::{net::IpAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Subcommand};
use cogwright_sim::{Addresses, RateLimitMode, Sim, SimConfig};
use serde_json::json;

use super::{exec, exit, sim_world::Worlds};

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
    /// Start from the default world, even if --data holds a saved one
    #[arg(long)]
    fresh: bool,
    /// Keep the world in this folder: loaded at the start, saved at the stop
    #[arg(long)]
    data: Option<PathBuf>,
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
        /// As the page docs/parity.md
        #[arg(long)]
        markdown: bool,
        /// As JSON
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
        None => serve(args.serve).await,
    }
}

async fn serve(args: ServeArgs) -> ExitCode {
    let mut config =
        SimConfig { listen: (args.listen, args.port).into(), key: args.key, ..SimConfig::default() };
    config.settings.rate_limits = args.rate_limits;
    config.settings.compression = !args.no_compress;
    let worlds = Worlds::new(args.data, args.fresh);
    let sim = match start(config, &worlds).await {
        Ok(sim) => sim,
        Err(code) => return code,
    };
    println!("{}", ready_line(&sim));
    cogwright_lifecycle::stop_signal().await;
    stop(&sim, &worlds).await
}

/// Starts a local Discord with the saved or the default world; says why it cannot.
pub(crate) async fn start(config: SimConfig, worlds: &Worlds) -> Result<Sim, ExitCode> {
    let listen = config.listen;
    let saved = worlds.load().map_err(|problem| exit::config(&problem))?;
    Sim::serve(config, |addresses, now| Worlds::first(saved, addresses, now)).await.map_err(|error| {
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
pub(crate) async fn stop(sim: &Sim, worlds: &Worlds) -> ExitCode {
    let saved = worlds.save(sim);
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

fn routes(markdown: bool, as_json: bool) -> ExitCode {
    if markdown {
        print!("{}", cogwright_sim::parity_page());
    } else if as_json {
        println!("{}", json!(cogwright_sim::routes()));
    } else {
        let routes = cogwright_sim::routes();
        for route in &routes {
            println!("{} {:<6} {}", if route.implemented { "yes" } else { " - " }, route.method, route.path);
        }
        let simulated = routes.iter().filter(|route| route.implemented).count();
        println!("{simulated} of {} routes are simulated; the others answer 501.", routes.len());
    }
    ExitCode::SUCCESS
}
