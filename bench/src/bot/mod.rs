//! Measures the bot: the real binary as a process of its own, on a core of its own, against a local Discord in this
//! process. What counts is the bot's CPU time, which is the same however busy the machine is.

mod idle;
mod latency;
mod process;
mod spans;
mod throughput;

use std::path::PathBuf;

use crate::{
    Outcome, machine,
    report::{self, Figure},
};

/// Arguments of `bot`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The `cogwright` binary that is measured
    #[arg(long)]
    program: PathBuf,
    /// How often each is run; the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Only scenarios whose name contains this: prefix, slash, events, latency, memory, spans
    #[arg(long)]
    only: Option<String>,
}

/// Guilds of the memory scenario.
const GUILDS: [usize; 3] = [0, 1_000, 10_000];

/// Runs the scenarios and prints the report.
pub(crate) async fn run(args: Args) -> Outcome {
    let mut machine = machine::describe()?;
    machine["bot_cores"] = process::core().or_else(|| machine["cores"].as_str().map(str::to_owned)).into();
    eprintln!("local Discord on cores {}, bot on {}", machine["cores"], machine["bot_cores"]);
    let wanted = |name: &str| args.only.as_deref().is_none_or(|word| name.contains(word));
    // Bots run in folders of their own.
    let program =
        std::path::absolute(&args.program).map_err(|e| format!("{}: {e}", args.program.display()))?;
    let program = program.as_path();
    let mut all: Vec<Figure> = Vec::new();
    for run in 1..=args.runs {
        eprintln!("run {run} of {} ...", args.runs);
        if wanted("prefix") {
            all.extend(throughput::prefix(program).await?);
        }
        if wanted("slash") {
            all.extend(throughput::slash(program).await?);
        }
        if wanted("events") {
            all.extend(throughput::events(program).await?);
        }
        if wanted("latency") {
            for rate in [200, 500] {
                all.extend(latency::measure(program, rate).await?);
            }
        }
        if wanted("spans") {
            all.extend(spans::measure()?);
        }
        if wanted("memory") {
            for guilds in GUILDS {
                all.extend(idle::measure(program, guilds).await?);
            }
        }
    }
    let figures = report::gather(all);
    if args.json {
        println!("{:#}", report::json(&machine, &figures));
    } else {
        print!("{}", report::table(&machine, &figures));
    }
    Ok(())
}
