//! The `cogwright` binary: parses the command line and turns the outcome into an exit code.

use std::process::ExitCode;

use clap::Parser as _;

mod cli;

/// Small values are made and dropped by the dozen with every message; see docs/src/performance.md for what this saves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Usage errors are configuration errors; see CONTRIBUTING.md, exit codes.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, and are none.
            let code = if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
            return if error.print().is_ok() { code } else { ExitCode::FAILURE };
        }
    };
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(cli::run(cli)),
        Err(error) => {
            eprintln!("error: this machine refuses threads: {error}");
            ExitCode::from(70)
        }
    }
}
