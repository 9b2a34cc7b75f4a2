//! The command line: one file per command.

mod check;
mod commands;
mod data;
mod doctor;
mod exec;
mod exit;
mod files;
mod invite;
mod paint;
mod place;
mod playground;
mod run;
mod settings;
mod sim;
mod sim_world;

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What plain `cogwright` says.
const HELLO: &str = "\
cogwright runs a Discord bot, and a local Discord to build it on.

  cogwright playground   a local Discord with the bot in it, to chat with in the browser;
                         needs no token and no network
  cogwright run          the bot on Discord itself; needs DISCORD_TOKEN in the environment
                         or in the file .env
  cogwright check        whether config.json and .env are in order, and what holds; connects to nothing
  cogwright sim          only the local Discord, for a bot in any language

`cogwright help` lists everything.";

/// A Discord bot in production from one binary, and the local Discord to build it on.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A local Discord with the bot in it, to chat with in the browser
    Playground(playground::PlaygroundArgs),
    /// Run the bot on Discord
    Run(run::RunArgs),
    /// Look at everything the bot needs, and say how to put right what is missing; exit 0: it would run, 1: it would not
    Doctor(doctor::DoctorArgs),
    /// Print the link that brings the bot into a server
    Invite(invite::InviteArgs),
    /// Look at the registered slash commands
    Commands(commands::CommandsArgs),
    /// Back up, restore, check, export, erase and import what the bot keeps, while it is stopped
    Data(data::DataArgs),
    /// Take over an original installation: the same as `data import`
    #[command(after_help = data::CODES)]
    Import(data::ImportArgs),
    /// Run a local Discord for bots in any language
    Sim(sim::SimArgs),
    /// Validate the configuration without connecting, and show every value with its origin
    Check(check::CheckArgs),
    /// Show what can be set: the reference, a config.json, its schema, a .env to fill in
    Settings(settings::SettingsArgs),
}

/// Runs what the command line asks for.
pub(crate) async fn run(cli: Cli) -> ExitCode {
    match cli.command {
        None => {
            say(HELLO);
            ExitCode::SUCCESS
        }
        Some(Command::Playground(args)) => playground::run(args).await,
        Some(Command::Run(args)) => run::run(args).await,
        Some(Command::Doctor(args)) => doctor::run(args).await,
        Some(Command::Invite(args)) => invite::run(args).await,
        Some(Command::Commands(args)) => commands::run(args).await,
        Some(Command::Data(args)) => data::run(args).await,
        Some(Command::Import(args)) => data::run(args.into()).await,
        Some(Command::Sim(args)) => sim::run(args).await,
        Some(Command::Check(args)) => check::run(args).await,
        Some(Command::Settings(args)) => settings::run(&args),
    }
}

/// Writes a line to standard output. Whoever has closed it, as `| head` does, wants no more; that is
/// no failure of ours.
fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
