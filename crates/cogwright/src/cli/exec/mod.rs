//! `cogwright sim exec -- COMMAND`: an unmodified bot on a local Discord of its own, or on one that runs already.
//!
//! The child gets the addresses, and preload shims for Python and Node that point the library at them. On a local
//! Discord of its own it gets DISCORD_TOKEN too, and any well-formed token counts as the default application's, as bots
//! often bring their own.

use std::{
    ffi::OsString,
    io::IsTerminal as _,
    net::SocketAddr,
    path::Path,
    process::{ExitCode, ExitStatus},
    time::Duration,
};

use clap::Args;
use cogwright_sim::{Addresses, Sim, SimConfig};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use super::{
    exit, sim,
    sim_world::{Size, Worlds},
};

const PYTHON_SHIM: &str = include_str!("../shims/sitecustomize.py");
const NODE_SHIM: &str = include_str!("../shims/shim.cjs");

/// How long the bot may take to import its library before we say that none was seen.
const LIBRARY_PATIENCE: Duration = Duration::from_secs(20);
/// How long the bot gets to end after a stop signal.
const CHILD_GRACE: Duration = Duration::from_secs(8);

/// How long a local Discord that is said to run may take to take a connection.
const REACH_PATIENCE: Duration = Duration::from_secs(5);

/// Arguments of `cogwright sim exec`.
#[derive(Args, Debug)]
pub(crate) struct ExecArgs {
    /// Port of the local Discord and its playground page; 0 picks a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    #[command(flatten)]
    size: Size,
    /// Run the bot on the local Discord that listens at this loopback address (HOST:PORT) already, instead of one of
    /// its own: a further process of a bot, or another bot. It logs in with its own DISCORD_TOKEN
    #[arg(long, value_name = "HOST:PORT", value_parser = super::run::loopback)]
    #[arg(conflicts_with_all = ["port", "guilds", "guilds_per_shard"])]
    local: Option<SocketAddr>,
    /// The bot's command line, after `--`
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Where the bot runs.
struct Place {
    addresses: Addresses,
    /// The local Discord, if it is the bot's own.
    own: Option<Sim>,
}

/// Runs the bot; ends with its exit code.
pub(crate) async fn run(args: ExecArgs) -> ExitCode {
    let found = match args.local {
        Some(address) => reach(address).await,
        None => begin(&args).await,
    };
    let place = match found {
        Ok(place) => place,
        Err(code) => return code,
    };
    let shims = match write_shims() {
        Ok(shims) => shims,
        Err(error) => return exit::internal(&format!("The preload shims cannot be written: {error}.")),
    };
    let report = shims.path().join("seen");
    let page = place.addresses.api_base.trim_end_matches("/api").to_owned();
    eprintln!("cogwright: local Discord at {page} (open it to chat with the bot)");
    // Before the bot runs: a stop from then on is passed on to it.
    let stop = cogwright_lifecycle::stop_signal();
    let code = match command(&place, shims.path(), &report, &args.command).spawn() {
        Ok(child) => attend(child, stop, &place, &report).await,
        Err(error) => {
            exit::unavailable(&format!("{} cannot be started: {error}.", args.command[0].display()))
        }
    };
    if let Some(sim) = place.own {
        sim.tasks().shutdown(sim::GRACE).await;
    }
    code
}

/// A local Discord for this bot alone.
async fn begin(args: &ExecArgs) -> Result<Place, ExitCode> {
    let mut config = SimConfig {
        listen: ([127, 0, 0, 1], args.port).into(),
        accept_any_token: true,
        ..SimConfig::default()
    };
    args.size.set(&mut config.settings);
    let sim = sim::start(config, &Worlds::kept_nowhere().generated(args.size.generated())).await?;
    Ok(Place { addresses: sim.addresses().clone(), own: Some(sim) })
}

/// One that runs already.
async fn reach(address: SocketAddr) -> Result<Place, ExitCode> {
    let reached = tokio::time::timeout(REACH_PATIENCE, TcpStream::connect(address)).await;
    let problem = match reached {
        Ok(Ok(_)) => {
            if std::env::var_os("DISCORD_TOKEN").is_none() {
                eprintln!(
                    "cogwright: DISCORD_TOKEN is not set. The bot needs the token of an application of this local \
                     Discord: the line that `cogwright sim` prints has one."
                );
            }
            return Ok(Place { addresses: Addresses::of(address), own: None });
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} s", REACH_PATIENCE.as_secs()),
    };
    Err(exit::unavailable(&format!(
        "No local Discord at {address}: {problem}. Start one with `cogwright sim`; the line it prints has its address."
    )))
}

fn write_shims() -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("sitecustomize.py"), PYTHON_SHIM)?;
    std::fs::write(folder.path().join("shim.cjs"), NODE_SHIM)?;
    Ok(folder)
}

fn command(place: &Place, shims: &Path, report: &Path, line: &[OsString]) -> Command {
    let mut command = Command::new(&line[0]);
    let addresses = &place.addresses;
    if let Some(sim) = &place.own {
        let token = sim.read(|world, _| world.default_ids().map(|ids| ids.token)).unwrap_or_default();
        command.env("DISCORD_TOKEN", token);
    }
    command
        .args(&line[1..])
        .env("COGWRIGHT_API_BASE", &addresses.api_base)
        .env("COGWRIGHT_GATEWAY_URL", &addresses.gateway_url)
        .env("COGWRIGHT_CDN_BASE", &addresses.cdn_base)
        .env("COGWRIGHT_CONTROL_URL", &addresses.control_url)
        .env("COGWRIGHT_SHIM_REPORT", report)
        .env("PYTHONPATH", with_existing("PYTHONPATH", shims.as_os_str(), ":"))
        .env("NODE_OPTIONS", with_existing("NODE_OPTIONS", &node_require(shims), " "))
        .kill_on_drop(true);
    command
}

/// `--require PATH`, quoted as NODE_OPTIONS wants it.
fn node_require(shims: &Path) -> OsString {
    let path = shims.join("shim.cjs").display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!("--require \"{path}\"").into()
}

fn with_existing(name: &str, ours: &std::ffi::OsStr, separator: &str) -> OsString {
    let mut value = ours.to_owned();
    if let Some(existing) = std::env::var_os(name).filter(|v| !v.is_empty()) {
        value.push(separator);
        value.push(existing);
    }
    value
}

/// Waits for the child, for a stop signal, and for a sign of a known library.
async fn attend(
    mut child: Child,
    stop: impl Future<Output = &'static str>,
    place: &Place,
    report: &Path,
) -> ExitCode {
    let mut patience = std::pin::pin!(tokio::time::sleep(LIBRARY_PATIENCE));
    let mut stop = std::pin::pin!(stop);
    let mut told = false;
    loop {
        tokio::select! {
            status = child.wait() => {
                if !told { tell_if_unseen(place, report); }
                return status.map_or(ExitCode::FAILURE, code_of);
            }
            () = &mut patience, if !told => {
                told = true;
                tell_if_unseen(place, report);
            }
            signal = &mut stop => {
                end(child, signal).await;
                return ExitCode::SUCCESS;
            }
        }
    }
}

/// Passes the stop on, gives the bot its time, and kills what has not ended then.
async fn end(mut child: Child, signal: &str) {
    // A Ctrl-C at the terminal reaches the child by itself; a second one would cut its farewell short.
    if signal == "SIGTERM" || !std::io::stdin().is_terminal() {
        pass_on(&child, signal).await;
    }
    if tokio::time::timeout(CHILD_GRACE, child.wait()).await.is_err() {
        eprintln!("cogwright: the bot did not end within {} s; it is killed", CHILD_GRACE.as_secs());
        drop(child.kill().await);
    }
}

/// Signals need `unsafe` or a shell. Every shell has its own `kill`, small images have no other.
#[cfg(unix)]
async fn pass_on(child: &Child, signal: &str) {
    let Some(id) = child.id() else { return };
    let name = signal.trim_start_matches("SIG");
    let line = ["-c", "kill -s \"$0\" \"$1\"", name, &id.to_string()];
    let sent = Command::new("sh").args(line).stderr(std::process::Stdio::null()).status().await;
    // It may have ended meanwhile; whoever cannot be told is killed after the grace.
    drop(sent);
}

#[cfg(not(unix))]
async fn pass_on(_: &Child, _: &str) {}

fn tell_if_unseen(place: &Place, report: &Path) {
    if report.exists() || place.own.as_ref().is_some_and(Sim::connected) {
        return;
    }
    let addresses = &place.addresses;
    eprintln!(
        "cogwright: no known library was loaded (known: discord.py, py-cord, disnake, nextcord, hikari, \
         discord.js).\n\
         The bot may be talking to the real Discord. Point its library at these addresses by hand:\n  \
         REST {}   gateway {}   CDN {}",
        addresses.api_base, addresses.gateway_url, addresses.cdn_base
    );
}

/// The child's own code; 128 and the number for one that a signal has ended, as shells do.
fn code_of(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal.map(|number: i32| 128 + number));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
