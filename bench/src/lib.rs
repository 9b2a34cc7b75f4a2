//! Measures the local Discord and the bot: throughput, latency, memory, and whether it stays whole for minutes.
//!
//! Started by `cargo xtask bench sim`, `cargo xtask bench bot` and `cargo xtask soak`. Two programs, because the soak's
//! allocator counts what is in use, and counting costs time. Where the sim's own CPU time counts, the client runs in a child process, so that the two
//! are told apart even on one core.
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
    /// The other end of a scenario, in a process of its own
    #[command(hide = true)]
    Child(scenarios::Child),
}

/// Random people, faults and clients for some minutes
#[derive(Parser)]
#[command(name = "cogwright-soak")]
struct SoakCli {
    #[command(flatten)]
    args: soak::Args,
}

/// The program that measures.
pub fn bench() -> ExitCode {
    match Cli::parse().task {
        Task::Sim(args) => run(scenarios::run(args)),
        Task::Bot(args) => run(bot::run(args)),
        Task::Child(child) => run(scenarios::child(child)),
    }
}

/// The soak test. `in_use` answers how many bytes are allocated at this moment.
pub fn soak(in_use: fn() -> usize) -> ExitCode {
    run(soak::run(SoakCli::parse().args, in_use))
}

fn run(task: impl Future<Output = Outcome>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: this machine refuses threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
