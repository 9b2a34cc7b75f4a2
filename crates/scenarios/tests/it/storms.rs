//! Gateway storms: the server closes, closes right after the handshake, goes silent, again and again.

use std::time::Duration;

use cogwright_runtime::builtin_cogs;
use cogwright_sim::{FaultKind, FaultSpec};
use cogwright_testkit::Kit;

use crate::faults::{add, answered_once, connected, sent};
use crate::kit;

fn opened(kit: &Kit) -> usize {
    let frames = kit
        .sim()
        .journal()
        .query(0, usize::MAX, |e| e.field("direction").as_deref() == Some(&serde_json::json!("open")));
    frames.0.len()
}

#[tokio::test]
async fn a_close_right_behind_the_handshake_is_met_with_growing_pauses() {
    let kit = kit().await;
    let before = opened(&kit);
    // The connection ends, and three attempts to come back are closed before HELLO.
    add(&kit, FaultSpec::new(FaultKind::Close { code: 1001 }).event("CONNECT").times(3));
    let begun = std::time::Instant::now();
    add(&kit, FaultSpec::new(FaultKind::Close { code: 4000 }));
    answered_once(&kit, "still here").await;
    assert_eq!(opened(&kit) - before, 4, "three in vain and one that worked");
    // At once, then 1, 2 and 4 s, each less or more by a quarter at the most.
    assert!(begun.elapsed() >= Duration::from_millis(5_000), "{:?}", begun.elapsed());
    assert_eq!((sent(&kit, 2), sent(&kit, 6)), (1, 1), "the session survives it all");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn op_7_op_9_and_closes_in_a_row_lose_nothing() {
    let kit = kit().await;
    for (round, kind) in [
        FaultKind::Op7 {},
        FaultKind::Close { code: 1001 },
        FaultKind::Op9 { resumable: true },
        FaultKind::Close { code: 4000 },
    ]
    .into_iter()
    .enumerate()
    {
        add(&kit, FaultSpec::new(kind));
        answered_once(&kit, &format!("round {round}")).await;
        connected(&kit).await;
    }
    assert_eq!(sent(&kit, 2), 1, "the session survives it all");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_zombie_storm_ends_with_a_working_connection() {
    let mut builder = Kit::builder().heartbeat(Duration::from_millis(300));
    for cog in builtin_cogs() {
        builder = builder.cog(cog);
    }
    let kit = builder.start().await.unwrap();
    add(&kit, FaultSpec::new(FaultKind::SwallowAcks {}).times(6));
    let resumed = serde_json::json!({ "direction": "in", "op": 6 });
    let came = kit.sim().wait_for(
        cogwright_sim::EntryKind::Gateway,
        resumed,
        cogwright_sim::After::Start,
        cogwright_testkit::PATIENCE,
    );
    assert!(came.await.is_some());
    answered_once(&kit, "alive").await;
    assert_eq!(sent(&kit, 2), 1);
    kit.stop().await.unwrap();
}
