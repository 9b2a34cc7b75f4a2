//! A client of ours that checks what no library tells: that sequence numbers have no gap, over resumes too.

use std::time::Duration;

use serde_json::json;

use super::{Scene, Tally};
use crate::{Outcome, client::Gateway};

/// Pause before a new connection; a fault may end each at once.
const PAUSE: Duration = Duration::from_millis(100);

/// Where a session stands.
#[derive(Debug)]
struct Standing {
    session: String,
    seq: u64,
}

/// Watches until the soak stops.
pub(super) async fn watch(scene: Scene, token: String, shard: [u32; 2]) {
    let mut standing = None;
    while !scene.stop.is_cancelled() {
        tokio::select! {
            // A connection that ends is no problem: faults do that. What comes on it is checked.
            ended = connection(&scene, &token, shard, &mut standing) => drop(ended),
            () = scene.stop.cancelled() => return,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn connection(scene: &Scene, token: &str, shard: [u32; 2], standing: &mut Option<Standing>) -> Outcome {
    let mut gateway = Gateway::connect(&format!("ws://{}", scene.host)).await?;
    match standing {
        Some(Standing { session, seq }) => {
            let d = json!({ "token": token, "session_id": session, "seq": seq });
            gateway.send(&json!({ "op": 6, "d": d })).await?;
        }
        None => gateway.send_identify(token, shard).await?,
    }
    let mut beat = tokio::time::interval(Duration::from_secs(20));
    loop {
        let frame = tokio::select! {
            frame = gateway.frame() => frame?,
            _ = beat.tick() => {
                gateway.send(&json!({ "op": 1, "d": standing.as_ref().map(|s| s.seq) })).await?;
                continue;
            }
        };
        let Some(name) = frame.name() else {
            match frame.value()?["op"].as_u64() {
                Some(7) => return Ok(()),
                Some(9) => {
                    if frame.value()?["d"] != true {
                        *standing = None;
                    }
                    return Ok(());
                }
                _ => continue,
            }
        };
        Tally::count(&scene.tally.dispatches);
        let seq = frame.seq().unwrap_or(0);
        if name == "READY" {
            Tally::count(&scene.tally.identifies);
            let session = frame.value()?["d"]["session_id"].as_str().unwrap_or_default().to_owned();
            *standing = Some(Standing { session, seq });
            continue;
        }
        if name == "RESUMED" {
            Tally::count(&scene.tally.resumes);
        }
        match standing {
            Some(known) if seq == known.seq + 1 => known.seq = seq,
            Some(known) => {
                scene
                    .tally
                    .problem(format!("shard {shard:?}: {name} has sequence {seq} after {}", known.seq));
                known.seq = seq;
            }
            None => scene.tally.problem(format!("shard {shard:?}: {name} before READY")),
        }
    }
}
