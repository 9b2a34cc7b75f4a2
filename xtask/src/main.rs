//! `cargo xtask`: everything a developer does with the project, in one place and without shell scripts.
#![expect(clippy::print_stdout, reason = "a command line tool talks to people")]

mod bench;
mod r#gen;
mod process;
mod run;
mod test;
mod tidy;
mod tools;
mod web;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// What every task returns: nothing, or what went wrong and what to do, for people.
pub(crate) type Outcome = Result<(), String>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer tasks of Cogwright", disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set everything up and start the playground (release build)
    Run {
        /// Port of the playground; 0 picks a free one
        #[arg(long, default_value_t = 8787)]
        port: u16,
        /// Further arguments of `cogwright playground`
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Set everything up and run every check and test
    Test {
        /// Only the steps whose name contains one of these words
        only: Vec<String>,
    },
    /// Build the web assets that the binary embeds
    Web,
    /// Generate committed files
    Gen {
        #[arg(value_enum)]
        what: r#gen::What,
    },
    /// Measure, in the release profile
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Random people, faults and all client libraries on one local Discord for some minutes (not in CI)
    Soak {
        /// How long
        #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=120))]
        minutes: u64,
        /// Where the random numbers begin
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Check file sizes, module docs, crate direction and forbidden calls
    Tidy,
}

#[derive(Subcommand)]
enum Bench {
    /// The local Discord: throughput, round trips, memory, saving and loading
    #[command(disable_help_flag = true)]
    Sim {
        /// `--runs N`, `--json`, `--only SCENARIO`, `--guilds N`; `--help` says more
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The bot: commands per CPU second, latency, memory, time to ready
    #[command(disable_help_flag = true)]
    Bot {
        /// `--runs N`, `--json`, `--only SCENARIO`; `--help` says more
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Run { port, args } => run::run(port, &args),
        Task::Test { only } => test::run(&only),
        Task::Web => web::build(),
        Task::Gen { what } => r#gen::run(what),
        Task::Bench { what: Bench::Sim { args } } => bench::sim(&args),
        Task::Bench { what: Bench::Bot { args } } => bench::bot(&args),
        Task::Soak { minutes, seed } => bench::soak(minutes, seed),
        Task::Tidy => tidy::run().map(|summary| println!("{summary}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The project's root: the folder above this crate.
pub(crate) fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}
