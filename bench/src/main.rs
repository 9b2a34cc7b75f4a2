//! Measures the local Discord and the bot: throughput, latency, memory, and whether it stays whole for minutes.
//!
//! Started by `cargo xtask bench sim`, `cargo xtask bench bot` and `cargo xtask soak`. Where the sim's own CPU time counts, the client runs in a
//! child process, so that the two are told apart even on one core.
#![expect(clippy::print_stdout, reason = "a command line program talks over its standard output")]

mod bot;
mod client;
mod machine;
mod report;
mod scenarios;
mod soak;
mod stage;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The one that the `cogwright` binary has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What everything returns: nothing, or what went wrong, for people.
pub(crate) type Outcome<T = ()> = Result<T, String>;

#[derive(Parser)]
#[command(name = "cogwright-bench")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure the local Discord
    Sim(scenarios::Args),
    /// Measure the bot, as a process of its own
    Bot(bot::Args),
    /// Random people, faults and clients for some minutes
    Soak(soak::Args),
    /// The other end of a scenario, in a process of its own
    #[command(hide = true)]
    Child(scenarios::Child),
}

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: this machine refuses threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = match Cli::parse().task {
        Task::Sim(args) => runtime.block_on(scenarios::run(args)),
        Task::Bot(args) => runtime.block_on(bot::run(args)),
        Task::Soak(args) => runtime.block_on(soak::run(args)),
        Task::Child(child) => runtime.block_on(scenarios::child(child)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
