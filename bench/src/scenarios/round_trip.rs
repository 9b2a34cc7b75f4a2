//! A person's message, its dispatch, the bot's POST, and the echo of that: many at once, the client in a child process,
//! so that the CPU time of this one is the sim's.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cogwright_lifecycle::Tasks;
use tokio::sync::{Mutex, mpsc};

use super::Child;
use crate::{
    Outcome,
    client::{Gateway, Rest},
    machine,
    report::{Figure, Target, figure},
    stage::Stage,
};

/// Round trips of a run.
const TRIPS: usize = 50_000;
/// Trips before that do not count: until the journal and the session's replay buffer are full, the system hands out
/// new memory, which costs as much as the work.
const WARM_UP: usize = 35_000;
/// Under way at once.
const WINDOW: usize = 128;
/// REST connections of the client.
const CONNECTIONS: usize = 8;
/// How often this end looks how far they are.
const LOOK: Duration = Duration::from_millis(1);

pub(super) async fn measure() -> Outcome<Vec<Figure>> {
    let stage = Stage::start(None, false).await?;
    let mut client = stage.child("round-trip", WARM_UP + TRIPS)?;
    client.line().await?;
    let seq = || stage.sim.gateway_sessions()[0]["seq"].as_u64().unwrap_or(0) as usize;
    let start = seq();
    let (mut started, mut before) = (Instant::now(), machine::cpu()?);
    let mut sent = 0;
    while sent < WARM_UP + TRIPS {
        // Every message and every reply is one dispatch.
        let replies = (seq() - start).saturating_sub(sent);
        for _ in 0..(WINDOW + replies).saturating_sub(sent).min(WARM_UP + TRIPS - sent) {
            stage.say("in")?;
            sent += 1;
            if sent == WARM_UP {
                (started, before) = (Instant::now(), machine::cpu()?);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
    client.line().await?;
    let (took, used) =
        (started.elapsed().as_secs_f64(), machine::cpu()?.saturating_sub(before).as_secs_f64());
    client.end().await?;
    stage.stop().await;
    let count = TRIPS as f64;
    Ok(vec![
        figure(
            "message in, dispatch, POST reply, echo",
            "per CPU s of the sim",
            Target::AtLeast(16_000.0),
            count / used,
        ),
        figure("the same, sim and client on all cores", "trips/s", Target::None, count / took),
    ])
}

/// Replies to every message of others and counts the echoes.
pub(super) async fn client(child: Child) -> Outcome {
    let tasks = Tasks::new("client");
    let (work, due) = mpsc::channel::<()>(WINDOW * 2);
    let due = Arc::new(Mutex::new(due));
    let path = format!("/api/v10/channels/{}/messages", child.channel);
    for _ in 0..CONNECTIONS {
        let mut rest = Rest::connect(&child.host, Some(&child.token)).await?;
        let (due, path) = (Arc::clone(&due), path.clone());
        tasks.spawn("poster", async move {
            loop {
                let Some(()) = due.lock().await.recv().await else { return };
                let answer = rest.call("POST", &path, r#"{"content":"out"}"#).await;
                if !matches!(answer, Ok((200, _))) {
                    eprintln!("a reply was refused: {answer:?}");
                    return;
                }
            }
        });
    }
    let mut gateway = Gateway::connect(&format!("ws://{}", child.host)).await?;
    gateway.identify(&child.token, [0, 1]).await?;
    println!("ready");
    let mut echoes = 0;
    while echoes < child.count {
        let frame = gateway.frame().await?;
        if frame.name() != Some("MESSAGE_CREATE") {
            continue;
        }
        if frame.contains("\"content\":\"out\"") {
            echoes += 1;
        } else {
            work.send(()).await.map_err(|_| "all REST connections are gone")?;
        }
    }
    println!("done");
    Ok(())
}
