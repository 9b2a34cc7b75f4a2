//! A large generated world: how long it takes to make, save, load and connect to, and what it weighs. In a process of
//! its own each time, because freed memory does not always go back to the system.

use std::time::{Duration, Instant};

use cogwright_sim::{Sim, SimConfig, load_world};
use cogwright_sim_world::{Timestamp, World, load};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use crate::{
    Outcome,
    client::Gateway,
    machine,
    report::{Figure, Target, figure},
    stage::{Other, Stage},
};

/// What one shard takes.
const GUILDS_PER_SHARD: usize = 2_500;
/// Shards that identify; more if the world is larger.
const SHARDS: usize = 5;

const FIGURES: [(&str, &str, Target, &str); 10] = [
    ("generated world: time", "s", Target::None, "generate_s"),
    ("generated world: memory", "MiB", Target::None, "world_mib"),
    ("generated world: memory per guild", "KiB", Target::None, "guild_kib"),
    ("generated world served: memory", "MiB", Target::None, "served_mib"),
    ("5 shards READY with all guilds: time", "s", Target::None, "ready_s"),
    ("5 shards READY, journal with bodies: memory", "MiB", Target::AtMost(1536.0), "ready_mib"),
    ("generated world saved: time", "s", Target::None, "save_s"),
    ("generated world saved: size", "MiB", Target::None, "file_mib"),
    ("generated world loaded: time", "s", Target::None, "load_s"),
    ("default world: reset", "ms", Target::AtMost(50.0), "reset_ms"),
];

pub(super) async fn measure(guilds: usize) -> Outcome<Vec<Figure>> {
    let mut other = Other::start(&["child", "world", "--count", &guilds.to_string()])?;
    let line = other.line().await?;
    other.end().await?;
    let found: Value = serde_json::from_str(&line).map_err(|e| format!("{e}: {line}"))?;
    let value = |key: &str| found[key].as_f64().ok_or_else(|| format!("no {key} in {line}"));
    FIGURES.iter().map(|(name, unit, target, key)| Ok(figure(name, unit, *target, value(key)?))).collect()
}

/// In the child: does it all once and prints one line of JSON.
pub(super) async fn alone(guilds: usize) -> Outcome {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let reset_ms = reset().await?;
    let (before, _) = machine::memory()?;
    let started = Instant::now();
    let (world, _) = load::generate(guilds, 1, Timestamp::from_ms(1_792_000_000_000));
    let generate_s = started.elapsed().as_secs_f64();
    let weight = machine::memory()?.0 - before;

    let stage = Stage::start(Some(world), true).await?;
    let (served, _) = machine::memory()?;
    let started = Instant::now();
    let shards = SHARDS.max(guilds.div_ceil(GUILDS_PER_SHARD)) as u32;
    let url = stage.sim.addresses().gateway_url.clone();
    let connections = (0..shards).map(async |id| {
        let mut gateway = Gateway::connect(&url).await?;
        let ready = gateway.identify(&stage.ids.token, [id, shards]).await?;
        Ok::<_, String>((gateway, ready.guilds))
    });
    let connected = try_join_all(connections).await?;
    let ready_s = started.elapsed().as_secs_f64();
    let got: usize = connected.iter().map(|(_, guilds)| guilds).sum();
    if got != guilds {
        return Err(format!("{got} guilds came instead of {guilds}"));
    }
    let (_, ready) = machine::memory()?;
    drop(connected);
    stage.stop().await;

    let (save_s, load_s, file) = file(guilds).await?;
    println!(
        "{}",
        json!({
            "reset_ms": reset_ms, "generate_s": generate_s, "world_mib": mib(weight),
            "guild_kib": weight as f64 / 1024.0 / guilds as f64, "served_mib": mib(served), "ready_s": ready_s,
            "ready_mib": mib(ready), "save_s": save_s, "load_s": load_s, "file_mib": mib(file),
        })
    );
    Ok(())
}

async fn reset() -> Outcome<f64> {
    let stage = Stage::start(None, true).await?;
    let started = Instant::now();
    stage.sim.reset();
    let took = started.elapsed();
    stage.stop().await;
    Ok(took.as_secs_f64() * 1000.0)
}

/// Seconds to save and to load, and the file's size.
async fn file(guilds: usize) -> Outcome<(f64, f64, u64)> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let path = folder.path().join("world.json");
    let config = SimConfig { world_file: Some(path.clone()), ..SimConfig::default() };
    let sim = Sim::serve(config, |_, now| -> World { load::generate(guilds, 1, now).0 });
    let sim = sim.await.map_err(|e| e.to_string())?;
    let started = Instant::now();
    let saved = sim.save_world().map_err(|e| e.to_string())?.ok_or("nothing was saved")?;
    let save_s = started.elapsed().as_secs_f64();
    sim.tasks().shutdown(Duration::from_secs(1)).await;
    drop(sim);
    let started = Instant::now();
    let loaded = load_world(&path).map_err(|e| e.to_string())?;
    let load_s = started.elapsed().as_secs_f64();
    if loaded.guilds().count() != guilds {
        return Err("guilds were lost on the way to the disk and back".into());
    }
    Ok((save_s, load_s, saved.bytes))
}
