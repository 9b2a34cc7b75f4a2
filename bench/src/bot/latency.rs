//! Commands at a steady rate: how long the answer takes, from the message to the reply.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use cogwright_sim::EntryKind;
use cogwright_sim_world::{Actor, load, messages::CreateMessage};
use serde_json::json;
use tokio::{sync::broadcast::error::RecvError, time::timeout};

use super::process::Bot;
use crate::{
    Outcome,
    report::{Figure, Target, figure, median},
    stage::{Stage, generated},
};

/// Guilds that the commands come from.
const GUILDS: usize = 100;
/// How long commands come.
const SPAN: Duration = Duration::from_secs(10);
/// The first of them do not count.
const WARM_UP: Duration = Duration::from_secs(2);
/// How long the last replies may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What p99 at 500 a second is promised to be, in milliseconds.
const PROMISED: f64 = 5.0;

pub(super) async fn measure(program: &Path, rate: u32) -> Outcome<Vec<Figure>> {
    let stage = Stage::start(Some(generated(GUILDS)), true).await?;
    let bot = Bot::start(program, &stage, 1, None).await?;
    let places: Vec<_> = stage.sim.read(|world, _| load::speakers(world).take(GUILDS).collect());
    let mut journal = stage.sim.journal().subscribe();
    let total = (SPAN.as_secs_f64() * f64::from(rate)) as usize;
    let (mut sent, mut open, mut took) = (0, HashMap::new(), Vec::with_capacity(total));
    let begun = Instant::now();
    while sent < total || !open.is_empty() {
        let due = begun + Duration::from_secs_f64(sent as f64 / f64::from(rate));
        if sent < total && Instant::now() >= due {
            let (user, channel) = places[sent % places.len()];
            let body = json!({ "content": format!("!echo n{sent}") });
            let action = CreateMessage { actor: Actor::person(user), channel, body, files: Vec::new() };
            open.insert(format!("n{sent}"), Instant::now());
            stage.sim.apply(action).map_err(|e| format!("a message was refused: {e}"))?;
            sent += 1;
            continue;
        }
        let wait = if sent < total { due.saturating_duration_since(Instant::now()) } else { PATIENCE };
        match timeout(wait, journal.recv()).await {
            Ok(Ok(entry)) if entry.kind == EntryKind::Event => {
                let data = entry.field("data").unwrap_or_default();
                if let Some(since) = data["content"].as_str().and_then(|content| open.remove(content)) {
                    let counts = since.duration_since(begun) >= WARM_UP;
                    took.extend(counts.then(|| since.elapsed().as_secs_f64() * 1_000.0));
                }
            }
            Ok(Ok(_)) => {}
            Ok(Err(RecvError::Lagged(missed))) => return Err(format!("this end missed {missed} entries")),
            Ok(Err(RecvError::Closed)) => return Err("the local Discord ended".to_owned()),
            Err(_) if sent < total => {}
            Err(_) => return Err(format!("{} of {total} commands were never answered", open.len())),
        }
    }
    bot.stop().await?;
    stage.stop().await;
    took.sort_by(f64::total_cmp);
    let p99 = took[took.len() * 99 / 100];
    let target = if rate >= 500 { Target::AtMost(PROMISED) } else { Target::None };
    let names = match rate {
        200 => ("message to reply at 200/s, median", "message to reply at 200/s, 99th percentile"),
        _ => ("message to reply at 500/s, median", "message to reply at 500/s, 99th percentile"),
    };
    Ok(vec![figure(names.0, "ms", Target::None, median(&took)), figure(names.1, "ms", target, p99)])
}
