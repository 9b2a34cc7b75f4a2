//! The scenarios, one file each, and running them several times.

mod fan_out;
mod latency;
mod round_trip;
mod world;

use crate::{
    Outcome, machine,
    report::{self, Figure},
};

/// Arguments of `sim`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// How often each is run; the median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// Only scenarios whose name contains this: fan-out, round-trip, latency, world
    #[arg(long)]
    only: Option<String>,
    /// Guilds of the generated world
    #[arg(long, default_value_t = 10_000)]
    guilds: usize,
}

/// The other end.
#[derive(clap::Args, Debug)]
pub(crate) struct Child {
    scenario: String,
    #[arg(long, default_value = "")]
    host: String,
    #[arg(long, default_value = "")]
    token: String,
    #[arg(long, default_value = "")]
    channel: String,
    #[arg(long)]
    count: usize,
}

/// Runs the scenarios and prints the report.
pub(crate) async fn run(args: Args) -> Outcome {
    let machine = machine::describe()?;
    let wanted = |name: &str| args.only.as_deref().is_none_or(|word| name.contains(word));
    let mut all: Vec<Vec<Figure>> = Vec::new();
    for run in 1..=args.runs {
        eprintln!("run {run} of {} ...", args.runs);
        if wanted("fan-out") {
            all.push(fan_out::measure().await?);
        }
        if wanted("round-trip") {
            all.push(round_trip::measure().await?);
        }
        if wanted("latency") {
            all.push(latency::measure().await?);
        }
        if wanted("world") {
            all.push(world::measure(args.guilds).await?);
        }
    }
    let figures = report::gather(all.into_iter().flatten());
    if args.json {
        println!("{:#}", report::json(&machine, &figures));
    } else {
        print!("{}", report::table(&machine, &figures));
    }
    Ok(())
}

/// Runs the other end of a scenario.
pub(crate) async fn child(child: Child) -> Outcome {
    match child.scenario.as_str() {
        "fan-out" => fan_out::client(child).await,
        "round-trip" => round_trip::client(child).await,
        "world" => world::alone(child.count).await,
        other => Err(format!("there is no scenario {other}")),
    }
}
