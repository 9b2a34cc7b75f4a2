//! MESSAGE_CREATE to one session: a person writes as fast as the world takes it, a client in a child process counts.

use std::time::Instant;

use super::Child;
use crate::{
    Outcome,
    client::Gateway,
    machine,
    report::{Figure, Target, figure},
    stage::Stage,
};

/// Messages of a run; fewer than a session keeps for replay, so that none is lost however slow the client is.
const MESSAGES: usize = 50_000;

pub(super) async fn measure() -> Outcome<Vec<Figure>> {
    let stage = Stage::start(None, false).await?;
    let mut client = stage.child("fan-out", MESSAGES)?;
    client.line().await?;
    let (started, before) = (Instant::now(), machine::cpu()?);
    for number in 0..MESSAGES {
        stage.say(&format!("message {number}"))?;
        // The sim's own tasks run on this runtime too.
        if number % 64 == 0 {
            tokio::task::yield_now().await;
        }
    }
    client.line().await?;
    let (took, used) =
        (started.elapsed().as_secs_f64(), machine::cpu()?.saturating_sub(before).as_secs_f64());
    client.end().await?;
    stage.stop().await;
    let count = MESSAGES as f64;
    Ok(vec![
        figure("MESSAGE_CREATE to one session", "messages/s", Target::AtLeast(20_000.0), count / took),
        figure("MESSAGE_CREATE to one session, CPU", "messages per CPU s", Target::None, count / used),
    ])
}

/// Counts until all have come, in order.
pub(super) async fn client(child: Child) -> Outcome {
    let mut gateway = Gateway::connect(&format!("ws://{}", child.host)).await?;
    let mut last = gateway.identify(&child.token, [0, 1]).await?.seq;
    println!("ready");
    let mut left = child.count;
    while left > 0 {
        let frame = gateway.frame().await?;
        let Some(seq) = frame.seq() else { continue };
        if seq != last + 1 {
            return Err(format!("sequence {seq} after {last}"));
        }
        last = seq;
        left -= usize::from(frame.name() == Some("MESSAGE_CREATE"));
    }
    println!("done");
    Ok(())
}
