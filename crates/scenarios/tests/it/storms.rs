//! Gateway storms on the whole bot: the server sends it away, turns it away, hangs up, is cut off or goes silent, again
//! and again. Connections stay few, their pauses grow, and of what is said meanwhile nothing is lost or answered twice.

use std::time::Duration;

use cogwright_runtime::builtin_cogs;
use cogwright_sim::{Entry, FaultKind, FaultSpec};
use cogwright_testkit::{Kit, Message, PATIENCE};
use tokio::time::{Instant, interval};

use crate::helpers::{
    IDENTIFY, RESUME, add, answered_once, connected, each_answered_once, fired, frames, kit, opened, sent,
};

/// How often somebody says something during a storm.
const TALK: Duration = Duration::from_millis(100);

/// Real time from one entry to the next; world time is real time here.
fn between<E: AsRef<Entry>>(entries: &[E]) -> Vec<Duration> {
    entries.windows(2).map(|pair| pair[1].as_ref().at.since(pair[0].as_ref().at)).collect()
}

/// Says something all the time until the storm is over, and once more.
async fn talk(kit: &Kit, until: impl Fn() -> bool) -> Vec<Message> {
    let owner = kit.owner();
    let say = |n: usize| owner.says(&format!("!echo {n}")).unwrap();
    let (mut pace, deadline) = (interval(TALK), Instant::now() + PATIENCE * 2);
    let mut asked = Vec::new();
    while !until() {
        assert!(Instant::now() < deadline, "the storm does not end: {:?}", kit.sim().faults());
        pace.tick().await;
        asked.push(say(asked.len()));
    }
    connected(kit).await;
    asked.push(say(asked.len()));
    asked
}

/// A connection ends by `first`, and the next ones by `next`, as often as there are pauses behind them; in seconds, and
/// each less or more by a quarter. The session has to survive it.
async fn survives(first: FaultKind, next: FaultSpec, pauses: &[u32]) {
    let kit = kit().await;
    let before = kit.sim().journal().last();
    let storm = add(&kit, next.times(pauses.len() as u32));
    add(&kit, FaultSpec::new(first));
    let asked = talk(&kit, || fired(&kit, &storm) == pauses.len() as u64).await;
    each_answered_once(&kit, &asked).await;
    let opened = opened(&kit, before);
    assert_eq!(opened.len(), pauses.len() + 1, "one for each end, and no more");
    for (was, pause) in between(&opened).iter().zip(pauses) {
        assert!(*was >= Duration::from_secs((*pause).into()).mul_f64(0.75), "{was:?} instead of {pause} s");
    }
    assert_eq!(sent(&kit, IDENTIFY), 1, "the session lives on");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn hung_up_on_right_behind_the_handshake() {
    let hang_up = FaultSpec::new(FaultKind::Close { code: 1001 }).event("CONNECT");
    survives(FaultKind::Close { code: 4000 }, hang_up, &[1, 2, 4, 8]).await;
}

#[tokio::test]
async fn cut_off_without_a_close_frame() {
    let cut = FaultSpec::new(FaultKind::Close { code: 1006 });
    survives(FaultKind::Close { code: 1006 }, cut.event("RESUMED"), &[1, 2, 4]).await;
}

#[tokio::test]
async fn cut_off_right_behind_the_handshake() {
    let cut = FaultSpec::new(FaultKind::Close { code: 1006 });
    survives(FaultKind::Close { code: 1006 }, cut.event("CONNECT"), &[1, 2]).await;
}

#[tokio::test]
async fn sent_away_by_op_7() {
    survives(FaultKind::Op7 {}, FaultSpec::new(FaultKind::Op7 {}).event("RESUMED"), &[1, 2, 4]).await;
}

#[tokio::test]
async fn turned_away_by_op_9_that_is_resumable() {
    let op9 = FaultKind::Op9 { resumable: true };
    survives(op9.clone(), FaultSpec::new(op9).event("RESUME"), &[1, 2, 4]).await;
}

#[tokio::test]
async fn turned_away_by_op_9_for_good() {
    const REFUSED: u32 = 2;
    let kit = kit().await;
    let before = kit.sim().journal().last();
    let op9 = || FaultSpec::new(FaultKind::Op9 { resumable: false });
    let storm = add(&kit, op9().event("IDENTIFY").times(REFUSED));
    add(&kit, op9());
    // Without a session nothing is held back for the bot, on Discord as well: nobody speaks until there is one.
    let deadline = Instant::now() + PATIENCE * 2;
    let mut changes = kit.sim().changes();
    while frames(&kit, IDENTIFY, before).len() <= REFUSED as usize {
        changes.mark_unchanged();
        // Frames are no changes of the world.
        drop(tokio::time::timeout(TALK, changes.changed()).await);
        assert!(Instant::now() < deadline, "{:?}", kit.sim().faults());
    }
    connected(&kit).await;
    answered_once(&kit, "a new session").await;
    assert_eq!(fired(&kit, &storm), u64::from(REFUSED));
    let (opened, identified) = (opened(&kit, before), frames(&kit, IDENTIFY, before));
    assert_eq!((opened.len(), identified.len()), (3, 3), "as many as were asked for");
    // See Discord docs: Gateway / Resuming (1 to 5 s before a new session), Rate Limiting (one in five seconds).
    assert!(between(&opened).iter().all(|pause| *pause >= Duration::from_secs(1)), "{:?}", between(&opened));
    assert!(
        between(&identified).iter().all(|pause| *pause >= Duration::from_secs(5)),
        "{:?}",
        between(&identified)
    );
    assert_eq!(sent(&kit, RESUME), 0, "nobody asks for a session that is gone");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn all_of_it_in_a_row() {
    let kit = kit().await;
    let kinds = [
        FaultKind::Op7 {},
        FaultKind::Close { code: 1001 },
        FaultKind::Op9 { resumable: true },
        FaultKind::Close { code: 1006 },
        FaultKind::Close { code: 4000 },
    ];
    for (round, kind) in kinds.into_iter().enumerate() {
        add(&kit, FaultSpec::new(kind));
        answered_once(&kit, &format!("round {round}")).await;
        connected(&kit).await;
    }
    assert_eq!(sent(&kit, IDENTIFY), 1, "the session survives it all");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn zombies_are_noticed_and_left() {
    const SILENT: u32 = 4;
    let kit =
        Kit::builder().heartbeat(Duration::from_millis(300)).cogs(builtin_cogs()).start().await.unwrap();
    let before = kit.sim().journal().last();
    let storm = add(&kit, FaultSpec::new(FaultKind::SwallowAcks {}).times(SILENT));
    let asked =
        talk(&kit, || fired(&kit, &storm) == u64::from(SILENT) && !frames(&kit, RESUME, before).is_empty());
    let asked = asked.await;
    each_answered_once(&kit, &asked).await;
    let opened = opened(&kit, before);
    // A connection goes through one or two heartbeats until the silence counts.
    assert!((1..=SILENT as usize).contains(&opened.len()), "{}", opened.len());
    assert_eq!((sent(&kit, IDENTIFY), frames(&kit, RESUME, before).len()), (1, opened.len()));
    kit.stop().await.unwrap();
}
