//! Parses every recorded gateway frame with twilight's and serenity's models.
//!
//! `parse-frames DIR` reads all `frames-*.jsonl` in DIR. A frame that a model refuses is a failure, unless
//! [`EXCEPTIONS`] names its event and that library; an exception whose event was seen and always parsed is a
//! failure too, so that the list shrinks by itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::ExitCode,
};

use serde_json::Value;
use serenity::model::event::GatewayEvent;
use twilight_gateway::EventTypeFlags;

/// Event, library, why its refusal is not our fault.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "RATE_LIMITED",
    "twilight",
    "twilight 0.18 expects `meta` as an externally tagged enum; the documented object has no tag",
)];

/// Characters of an error that are shown; twilight's hold the whole frame.
const MAX_SHOWN: usize = 800;

#[derive(Default)]
struct Tally {
    seen: BTreeMap<String, u64>,
    /// Event and library, with the first refusal's text and the frame's place.
    refused: BTreeMap<(String, &'static str), (u64, String)>,
    parsed: BTreeSet<(String, &'static str)>,
    broken: Vec<String>,
}

fn main() -> ExitCode {
    let Some(directory) = std::env::args().nth(1) else {
        eprintln!("usage: parse-frames DIR");
        return ExitCode::from(64);
    };
    let mut tally = Tally::default();
    if let Err(error) = read_all(Path::new(&directory), &mut tally) {
        eprintln!("{directory}: {error}");
        return ExitCode::FAILURE;
    }
    report(&tally)
}

fn read_all(directory: &Path, tally: &mut Tally) -> std::io::Result<()> {
    let mut paths: Vec<_> = fs::read_dir(directory)?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        if !name.starts_with("frames-") || !name.ends_with(".jsonl") {
            continue;
        }
        // One line at a time would be slower; a file is what one test process sent.
        for (number, line) in fs::read_to_string(&path)?.lines().enumerate() {
            one(line, &format!("{name}:{}", number + 1), tally);
        }
    }
    Ok(())
}

fn one(line: &str, place: &str, tally: &mut Tally) {
    let name = match serde_json::from_str::<Value>(line) {
        Ok(frame) => frame["t"].as_str().unwrap_or("(no name)").to_owned(),
        Err(error) => {
            tally.broken.push(format!("{place}: {error}"));
            return;
        }
    };
    *tally.seen.entry(name.clone()).or_default() += 1;
    // An event that twilight does not know is `Ok(None)`: skipped by its users, and no fault.
    let twilight = twilight_gateway::parse(line.to_owned(), EventTypeFlags::all()).map(drop).map_err(|e| {
        let source = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
        format!("{source}: {e}")
    });
    let serenity = serde_json::from_str::<GatewayEvent>(line).map(drop).map_err(|e| e.to_string());
    for (library, outcome) in [("twilight", twilight), ("serenity", serenity)] {
        let key = (name.clone(), library);
        match outcome {
            Ok(()) => drop(tally.parsed.insert(key)),
            Err(error) => {
                let shown: String = error.chars().take(MAX_SHOWN).collect();
                let entry = tally.refused.entry(key).or_insert((0, format!("{place}: {shown}")));
                entry.0 += 1;
            }
        }
    }
}

fn report(tally: &Tally) -> ExitCode {
    let mut failed = tally.broken.len();
    for broken in tally.broken.iter().take(20) {
        println!("not JSON: {broken}");
    }
    let excepted =
        |event: &str, library: &str| EXCEPTIONS.iter().any(|(e, l, _)| *e == event && *l == library);
    for ((event, library), (count, first)) in &tally.refused {
        if !excepted(event, library) {
            failed += 1;
            println!("{library} refuses {event} ({count} times), first {first}");
        }
    }
    for (event, library, why) in EXCEPTIONS {
        let key = ((*event).to_owned(), *library);
        if tally.parsed.contains(&key) && !tally.refused.contains_key(&key) {
            failed += 1;
            println!("{library} parses {event} now; take it off the exceptions ({why})");
        }
    }
    let frames: u64 = tally.seen.values().sum();
    println!("{frames} frames of {} events", tally.seen.len());
    for (event, count) in &tally.seen {
        println!("  {count:>7} {event}");
    }
    if frames == 0 {
        failed += 1;
        println!("no frames were recorded; did the tests run with COGWRIGHT_EXCHANGES?");
    }
    let passed = tally.parsed.iter().filter(|key| !tally.refused.contains_key(key)).count();
    println!("test result: {passed} passed; {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
