//! The soak test: random people, random faults, several client libraries and a bot that calls every route, on one local
//! Discord for some minutes. At the end nothing has panicked, memory is as it was, no sequence number was missing, every
//! simulated route was called, and every client answers.
//!
//! The run is cut into rounds. A round ends with `/reset` and an empty journal, so that what a round leaves behind is
//! what the next one starts with, and memory can be compared.

mod actors;
mod bots;
mod events;
mod observer;
mod pace;
mod roamer;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use cogwright_lifecycle::{CancellationToken, Tasks};
use cogwright_sim::{RateLimitMode, Sim, SimConfig, routes};
use cogwright_sim_world::{
    Timestamp, World,
    places::operator::{CreateApplication, CreateGuild},
};
use serde_json::{Value, json};

use self::pace::Pace;
use crate::{Outcome, client::Rest, machine, report::median};

/// Arguments of `soak`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// How long
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=120))]
    minutes: u64,
    /// The same seed acts alike; what the clients make of it still differs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder of the client matrix; without it only our own observers are connected
    #[arg(long)]
    matrix: Option<PathBuf>,
    /// Where what the client libraries say goes, a file for each
    #[arg(long, default_value = "target/soak")]
    logs: PathBuf,
}

/// People acting at once.
const ACTORS: usize = 4;
/// Connections of ours that check sequence numbers.
const OBSERVERS: u32 = 2;
/// How much the memory of the last third of the rounds may exceed that of the third before it.
const MAX_GROWTH: f64 = 1.05;
/// How long the clients get to be back after a reset.
const PATIENCE: Duration = Duration::from_secs(60);
/// Looks at the memory after a round, of which the lowest counts, and the pause between two: clients are at work, and what
/// a request needs while it is answered is not left behind.
const LOOKS: u32 = 20;
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// What goes wrong and how much went on, counted by everybody.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) actions: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) faults: AtomicU64,
    pub(crate) dispatches: AtomicU64,
    pub(crate) resumes: AtomicU64,
    pub(crate) identifies: AtomicU64,
    pub(crate) panics: AtomicU64,
    problems: std::sync::Mutex<Vec<String>>,
    /// Operations that were called, and how often with success.
    routes: std::sync::Mutex<BTreeMap<&'static str, u64>>,
}

impl Tally {
    /// Notes the call of an operation.
    pub(crate) fn called(&self, operation: &'static str, success: bool) {
        let mut routes = self.routes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *routes.entry(operation).or_default() += u64::from(success);
    }

    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes something that must not happen.
    pub(crate) fn problem(&self, what: String) {
        let mut problems = self.problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // The first few say it all.
        if problems.len() < 20 {
            eprintln!("problem: {what}");
            problems.push(what);
        }
    }
}

/// What everybody is given.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) sim: Sim,
    pub(crate) host: String,
    pub(crate) channel: String,
    /// People who act.
    pub(crate) people: Vec<String>,
    /// Applications of the client libraries that are connected.
    pub(crate) applications: Vec<String>,
    /// Messages that every library answers.
    pub(crate) pings: Arc<Pace>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) stop: CancellationToken,
}

/// What a bot of ours or a library's is in the world.
#[derive(Clone, Debug)]
struct Place {
    application: String,
    token: String,
    guild: String,
}

/// A world with an application for each name. They are all in the default guild but the last, which has one of its own.
fn world(names: &[&str], now: Timestamp) -> Outcome<(World, Vec<Place>)> {
    let (mut world, ids) = World::default_world("", now);
    let body = json!({ "name": "Playing field", "owner": ids.user });
    let made = world.apply(CreateGuild { body }, now).map_err(|e| e.to_string())?.output;
    let field = made["id"].as_str().unwrap_or_default().to_owned();
    let mut places = Vec::new();
    for (number, name) in (1..).zip(names) {
        let guild = if number == names.len() { field.clone() } else { ids.guild.to_string() };
        let body = json!({
            "name": name, "guilds": [guild], "permissions": "8", "max_concurrency": 16,
            "session_starts": 1_000_000, "privileged_intents": ["presence", "members", "message_content"],
        });
        let made = world.apply(CreateApplication { body }, now).map_err(|e| e.to_string())?.output;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (application, token) = (text(&made["application"]["id"]), text(&made["token"]));
        places.push(Place { application, token, guild });
    }
    Ok((world, places))
}

/// Runs it.
pub(crate) async fn run(args: Args, in_use: fn() -> usize) -> Outcome {
    let tally = Arc::new(Tally::default());
    let counting = Arc::clone(&tally);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        Tally::count(&counting.panics);
        usual(panic);
    }));
    let libraries = args.matrix.as_deref().map(bots::available).unwrap_or_default();
    let mut names: Vec<&str> = libraries.iter().map(|l| l.name).collect();
    names.extend(["observer", "roamer"]);
    let mut config = SimConfig::default();
    config.settings.rate_limits = RateLimitMode::Headers;
    let mut places = Err("the world was not made".to_owned());
    let sim = Sim::serve(config, |_, now| match world(&names, now) {
        Ok((world, made)) => {
            places = Ok(made);
            world
        }
        Err(problem) => {
            places = Err(problem);
            World::default()
        }
    })
    .await
    .map_err(|e| format!("cannot listen: {e}"))?;
    let places = places?;
    let ids = sim.read(|world, _| world.default_ids()).ok_or("the world has no application")?;
    let people =
        sim.read(|world, _| world.users().filter(|u| !u.bot).map(|u| u.id.to_string()).collect::<Vec<_>>());
    let scene = Scene {
        host: sim.addresses().gateway_url.trim_start_matches("ws://").to_owned(),
        channel: ids.channel.to_string(),
        people,
        applications: places.iter().take(libraries.len()).map(|p| p.application.clone()).collect(),
        pings: Arc::default(),
        tally: Arc::clone(&tally),
        stop: CancellationToken::new(),
        sim,
    };
    eprintln!("soak: seed {}, {} min, clients: {names:?}", args.seed, args.minutes);
    let mut running = Vec::new();
    for (library, Place { token, .. }) in libraries.iter().zip(&places) {
        running.push(bots::Running::start(library, scene.sim.addresses(), token, &args.logs)?);
    }
    let tasks = Tasks::new("soak");
    let [.., observer, roamer] = places.as_slice() else { return Err("two bots of ours are missing".into()) };
    for shard in 0..OBSERVERS {
        tasks.spawn("observer", observer::watch(scene.clone(), observer.token.clone(), [shard, OBSERVERS]));
    }
    let sessions = running.len() + OBSERVERS as usize;
    settled(&scene, sessions).await?;
    let memory = rounds(&scene, &tasks, &args, roamer, sessions, in_use).await?;
    let answered = bots::all_answer(&scene, &mut running).await;
    scene.stop.cancel();
    tasks.shutdown(Duration::from_secs(3)).await;
    for bot in &mut running {
        bot.stop().await;
    }
    scene.sim.tasks().shutdown(Duration::from_secs(3)).await;
    verdict(&tally, &memory, answered)
}

/// What a round leaves behind, in MiB.
#[derive(Clone, Copy, Debug)]
struct Memory {
    /// What is allocated.
    in_use: f64,
    /// What the system counts as ours: with what the allocator keeps for later.
    resident: f64,
}

/// Acts for the whole time; answers the memory at the end of each round.
async fn rounds(
    scene: &Scene,
    tasks: &Tasks,
    args: &Args,
    roamer: &Place,
    sessions: usize,
    in_use: fn() -> usize,
) -> Outcome<Vec<Memory>> {
    let total = Duration::from_secs(args.minutes * 60);
    // At least nine rounds, so that each third has three.
    let length = (total / 9).min(Duration::from_secs(60));
    let started = Instant::now();
    let mut memory = Vec::new();
    for round in 0.. {
        if started.elapsed() + length / 2 > total {
            break;
        }
        let over = CancellationToken::new();
        let acting = tasks.child("round");
        for actor in 0..ACTORS {
            let seed = args.seed.wrapping_mul(1_000_003) ^ (round * 64 + actor as u64);
            acting.spawn("actor", actors::act(scene.clone(), seed, over.clone()));
        }
        let seed = args.seed.wrapping_mul(7_919) ^ round;
        acting.spawn("roamer", roamer::roam(scene.clone(), roamer.clone(), seed, over.clone()));
        tokio::select! {
            () = tokio::time::sleep(length) => {}
            () = scene.stop.cancelled() => {}
        }
        over.cancel();
        acting.shutdown(Duration::from_secs(10)).await;
        scene.sim.reset();
        scene.sim.journal().clear();
        control(scene, "DELETE", "/faults", &Value::Null).await?;
        settled(scene, sessions).await?;
        let now = left_over(scene, in_use).await?;
        memory.push(now);
        let (actions, dispatches) = (&scene.tally.actions, &scene.tally.dispatches);
        eprintln!(
            "round {round}: {:.2} MiB in use, {:.1} resident, {} actions, {} dispatches seen",
            now.in_use,
            now.resident,
            actions.load(Ordering::Relaxed),
            dispatches.load(Ordering::Relaxed)
        );
    }
    Ok(memory)
}

/// What is there without what clients have done since the round ended: how long they took to come back differs, and with
/// it what the journal holds.
async fn left_over(scene: &Scene, in_use: fn() -> usize) -> Outcome<Memory> {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let mut lowest = Memory { in_use: f64::INFINITY, resident: f64::INFINITY };
    for _ in 0..LOOKS {
        scene.sim.journal().clear();
        tokio::time::sleep(LOOK_PAUSE).await;
        lowest.in_use = lowest.in_use.min(mib(in_use() as u64));
        lowest.resident = lowest.resident.min(mib(machine::memory()?.0));
    }
    Ok(lowest)
}

/// Waits until so many sessions are connected.
async fn settled(scene: &Scene, sessions: usize) -> Outcome {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let list = scene.sim.gateway_sessions();
        let connected = list.iter().filter(|s| s["state"] == "connected").count();
        if connected >= sessions {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return Err(format!("only {connected} of {sessions} clients came back: {list:?}"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A call of the control API on a connection of its own.
pub(crate) async fn control(scene: &Scene, method: &str, path: &str, body: &Value) -> Outcome<(u16, Value)> {
    let mut rest = Rest::connect(&scene.host, None).await?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, bytes) = rest.call(method, &format!("/_sim/v1{path}"), &body).await?;
    Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
}

fn verdict(tally: &Tally, memory: &[Memory], answered: Outcome) -> Outcome {
    let in_use: Vec<f64> = memory.iter().map(|m| m.in_use).collect();
    let resident: Vec<f64> = memory.iter().map(|m| m.resident).collect();
    let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let called = tally.routes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    println!(
        "{}",
        json!({
            "actions": load(&tally.actions), "refused_by_the_rules": load(&tally.refused),
            "faults": load(&tally.faults), "dispatches_checked": load(&tally.dispatches),
            "resumes": load(&tally.resumes), "identifies": load(&tally.identifies),
            "routes_called": called.len(), "routes_answered": called.values().filter(|n| **n > 0).count(),
            "panics": load(&tally.panics), "in_use_mib": in_use, "resident_mib": resident,
        })
    );
    let mut problems = tally.problems.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    if load(&tally.panics) > 0 {
        problems.push(format!("{} panics", load(&tally.panics)));
    }
    if load(&tally.dispatches) == 0 || load(&tally.actions) == 0 {
        problems.push("nothing happened".into());
    }
    let left: Vec<&str> = routes().iter().filter(|r| r.implemented).map(|r| r.operation).collect();
    let left: Vec<&str> = left.into_iter().filter(|operation| !called.contains_key(operation)).collect();
    if !left.is_empty() {
        problems.push(format!("never called: {}", left.join(", ")));
    }
    problems.extend(growth("memory in use", &in_use));
    problems.extend(growth("resident memory", &resident));
    problems.extend(answered.err());
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// A complaint if the last third of the rounds has more than the third before it.
fn growth(what: &str, rounds: &[f64]) -> Option<String> {
    let third = rounds.len() / 3;
    let (middle, last) = (median(&rounds[third..2 * third]), median(&rounds[rounds.len() - third..]));
    // Not a number when there were too few rounds to tell.
    let flat = last <= middle * MAX_GROWTH;
    (!flat).then(|| format!("{what} grew from {middle:.2} to {last:.2} MiB"))
}

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn growth_beyond_five_percent_is_told_and_so_are_too_few_rounds() {
        let rounds = |last: f64| [9.0, 1.0, 2.0, 2.0, 2.0, 50.0, last, last, 90.0];
        assert_eq!(growth("memory", &rounds(2.1)), None, "neither the start nor an outlier counts");
        assert_eq!(growth("memory", &rounds(2.11)).as_deref(), Some("memory grew from 2.00 to 2.11 MiB"));
        assert!(growth("memory", &[1.0, 1.0]).is_some());
    }
}
