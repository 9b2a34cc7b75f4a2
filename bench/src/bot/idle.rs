//! The bot in many guilds with nothing to do: how long it takes to be ready, and what it weighs.

use std::{path::Path, time::Duration};

use super::process::Bot;
use crate::{
    Outcome,
    report::{Figure, Target, figure},
    stage::{Stage, generated},
};

/// What one shard takes. See Discord docs: Gateway / Sharding.
const GUILDS_PER_SHARD: usize = 2_500;
/// How long memory gets to settle.
const SETTLE: Duration = Duration::from_secs(2);
/// What 10,000 guilds may weigh, in MiB.
const PROMISED: f64 = 300.0;

pub(super) async fn measure(program: &Path, guilds: usize) -> Outcome<Vec<Figure>> {
    let stage = Stage::start(Some(generated(guilds)), false).await?;
    let bot = if guilds == 0 {
        // A generated world has a guild at least, so this bot runs the one of two shards that the guild is not on.
        let guild = stage.sim.read(|world, _| world.guilds().next().map(|guild| guild.id.get()));
        let guild = guild.ok_or("the world has no guild")?;
        Bot::start(program, &stage, 2, Some(1 - (guild >> 22) % 2)).await?
    } else {
        let shards = guilds.div_ceil(GUILDS_PER_SHARD) + usize::from(guilds > GUILDS_PER_SHARD);
        Bot::start(program, &stage, shards, None).await?
    };
    tokio::time::sleep(SETTLE).await;
    let mib = bot.memory()? as f64 / f64::from(1 << 20);
    let ready = bot.ready_after.as_secs_f64();
    bot.stop().await?;
    stage.stop().await;
    let (memory, time, target) = match guilds {
        0 => ("no guild: memory", "no guild: start to ready", Target::None),
        1_000 => ("1,000 guilds: memory", "1,000 guilds: start to ready", Target::None),
        _ => ("10,000 guilds: memory", "10,000 guilds: start to ready", Target::AtMost(PROMISED)),
    };
    Ok(vec![figure(memory, "MiB", target, mib), figure(time, "s", Target::None, ready)])
}
