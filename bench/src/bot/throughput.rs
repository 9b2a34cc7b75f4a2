//! As many commands as the bot takes, some always under way: what one costs.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use cogwright_sim_world::{
    Actor, ChannelId, CommandKind, UserId, interactions, load, messages::CreateMessage,
};
use serde_json::{Value, json};

use super::process::Bot;
use crate::{
    Outcome,
    report::{Figure, Target, figure},
    stage::{Stage, generated},
};

/// Commands of a run.
const COMMANDS: usize = 20_000;
/// Commands before that do not count, until caches and connections are warm.
const WARM_UP: usize = 4_000;
/// Under way at once, spread over the guilds: a guild on its own may have fewer.
const WINDOW: usize = 64;
/// Guilds that the commands come from.
const GUILDS: usize = 100;
/// How often this end looks how far they are.
const LOOK: Duration = Duration::from_millis(1);
/// How long no command may come back.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who writes where: a member of each guild in its first text channel.
fn places(stage: &Stage) -> Vec<(UserId, ChannelId)> {
    stage.sim.read(|world, _| load::speakers(world).take(GUILDS).collect())
}

/// Prefix commands: a message in, the reply out.
pub(super) async fn prefix(program: &Path) -> Outcome<Vec<Figure>> {
    let say = |stage: &Stage, (user, channel): (UserId, ChannelId), number: usize| {
        let body = json!({ "content": format!("!echo {number}") });
        let action = CreateMessage { actor: Actor::person(user), channel, body, files: Vec::new() };
        stage.sim.apply(action).map(drop).map_err(|e| format!("a message was refused: {e}"))
    };
    let (each, per_second) = measure(program, say).await?;
    Ok(vec![
        figure("prefix commands", "per CPU s of the bot", Target::AtLeast(5_000.0), 1.0 / each),
        figure("prefix commands, CPU time of one", "ms", Target::None, each * 1_000.0),
        figure("prefix commands, one core for the bot", "1/s", Target::None, per_second),
    ])
}

/// Slash commands: an interaction in, the answer out.
pub(super) async fn slash(program: &Path) -> Outcome<Vec<Figure>> {
    let call = |stage: &Stage, (user, channel): (UserId, ChannelId), number: usize| {
        let action = interactions::Invoke {
            user,
            channel,
            kind: CommandKind::ChatInput,
            name: "echo".to_owned(),
            options: json!({ "text": number.to_string() }),
            target: None,
            application: None,
        };
        stage.sim.apply(action).map(drop).map_err(|e| format!("a slash command was refused: {e}"))
    };
    let (each, per_second) = measure(program, call).await?;
    Ok(vec![
        figure("slash commands", "per CPU s of the bot", Target::None, 1.0 / each),
        figure("slash commands, CPU time of one", "ms", Target::None, each * 1_000.0),
        figure("slash commands, one core for the bot", "1/s", Target::None, per_second),
    ])
}

/// CPU seconds of one command, and commands a second.
async fn measure(
    program: &Path,
    send: impl Fn(&Stage, (UserId, ChannelId), usize) -> Outcome,
) -> Outcome<(f64, f64)> {
    let stage = Stage::start(Some(generated(GUILDS)), false).await?;
    let bot = Bot::start(program, &stage, 1, None).await?;
    let places = places(&stage);
    let start = dispatched(&stage);
    let (mut sent, mut marks) = (0, (Instant::now(), bot.cpu()?));
    let mut moved = Instant::now();
    let mut replies = 0;
    while replies < WARM_UP + COMMANDS {
        // What is sent is one dispatch to the bot, its reply is another.
        let now = (dispatched(&stage) - start).saturating_sub(sent);
        if now > replies {
            (replies, moved) = (now, Instant::now());
        } else if moved.elapsed() > PATIENCE {
            return Err(format!("no reply for {} s after {replies} commands", PATIENCE.as_secs()));
        }
        while sent < WARM_UP + COMMANDS && sent - replies < WINDOW {
            send(&stage, places[sent % places.len()], sent)?;
            sent += 1;
            if sent == WARM_UP {
                marks = (Instant::now(), bot.cpu()?);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    let took = marks.0.elapsed().as_secs_f64();
    let used = bot.cpu()?.saturating_sub(marks.1).as_secs_f64();
    bot.stop().await?;
    stage.stop().await;
    let count = COMMANDS as f64;
    Ok((used / count, count / took))
}

/// Events sent to the bot so far.
fn dispatched(stage: &Stage) -> usize {
    let of = |session: &Value| session["seq"].as_u64().unwrap_or(0) as usize;
    stage.sim.gateway_sessions().iter().map(of).sum()
}

/// Messages of a run that are no command.
const CHATTER: usize = 100_000;

/// Messages that nobody asked the bot about: what listening costs.
pub(super) async fn events(program: &Path) -> Outcome<Vec<Figure>> {
    let stage = Stage::start(Some(generated(GUILDS)), false).await?;
    let bot = Bot::start(program, &stage, 1, None).await?;
    let places = places(&stage);
    let before = bot.cpu()?;
    for number in 0..CHATTER {
        let (user, channel) = places[number % places.len()];
        let body = json!({ "content": "just talking" });
        let action = CreateMessage { actor: Actor::person(user), channel, body, files: Vec::new() };
        stage.sim.apply(action).map_err(|e| format!("a message was refused: {e}"))?;
        if number % 500 == 0 {
            // The queue of a gateway session is bounded.
            tokio::time::sleep(LOOK * 5).await;
        }
    }
    // Events come in order, so the answer to a command says that all before it are read.
    let start = dispatched(&stage);
    let (user, channel) = places[0];
    let body = json!({ "content": "!echo end" });
    let action = CreateMessage { actor: Actor::person(user), channel, body, files: Vec::new() };
    stage.sim.apply(action).map_err(|e| format!("a message was refused: {e}"))?;
    let begun = Instant::now();
    while dispatched(&stage) < start + 2 {
        if begun.elapsed() > PATIENCE {
            return Err("the bot does not answer after the chatter".to_owned());
        }
        tokio::time::sleep(LOOK).await;
    }
    let used = bot.cpu()?.saturating_sub(before).as_secs_f64();
    bot.stop().await?;
    stage.stop().await;
    Ok(vec![figure(
        "messages that are no command",
        "per CPU s of the bot",
        Target::None,
        CHATTER as f64 / used,
    )])
}
