//! Kills within the first seconds of a session, under a steady load: from the moment that READY is written down nothing
//! is lost, nothing doubled, and no further session start is spent.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cogwright_sim::{After, EntryKind};
use cogwright_sim_world::MessageId;
use cogwright_store::{Store, StoreOptions};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use crate::discord::{Discord, IDENTIFY, RESUME};
use crate::process::{PATIENCE, Process};
use crate::restart::{PACE, folder};

/// In which part of [`FIRST`] each round's first kill comes, one after the other.
const ROUNDS: u32 = 5;
/// How long after the first IDENTIFY the first kill comes at the latest.
const FIRST: Duration = Duration::from_secs(3);
/// The same for the process after it and the second kill.
const SECOND: Duration = Duration::from_secs(1);
/// Commands that are called once the last process is there.
const AFTERWARDS: usize = 50;

/// Calls commands at a steady pace until it is told to stop; tells how many, and where in the journal each was called.
struct Load {
    count: watch::Receiver<usize>,
    enough: watch::Sender<bool>,
    calling: JoinSet<BTreeMap<MessageId, u64>>,
}

impl Load {
    fn begin(discord: Arc<Discord>) -> Self {
        let (progress, count) = watch::channel(0);
        let (enough, is_enough) = watch::channel(false);
        let mut calling = JoinSet::new();
        calling.spawn(async move {
            let mut pace = interval(PACE);
            pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let mut called = BTreeMap::new();
            while !*is_enough.borrow() {
                pace.tick().await;
                let at = discord.sim.journal().last();
                called.insert(discord.says(&format!("!echo {}", called.len())), at);
                progress.send_replace(called.len());
            }
            called
        });
        Self { count, enough, calling }
    }

    /// Waits for so many more.
    async fn more(&mut self, count: usize) {
        let until = *self.count.borrow() + count;
        self.count.wait_for(|now| *now >= until).await.unwrap();
    }

    async fn end(mut self) -> BTreeMap<MessageId, u64> {
        self.enough.send_replace(true);
        self.calling.join_next().await.unwrap().unwrap()
    }
}

async fn start(discord: &Discord, folder: &Path) -> Process {
    let (host, token, folder) = (discord.host(), discord.ids.token.clone(), folder.to_owned());
    spawn_blocking(move || Process::start(&folder, &host, &token)).await.unwrap()
}

/// Starts a process and kills it so long after it has identified or asked to resume. Answers whether it has left a
/// session to go on with.
async fn short_life(discord: &Discord, folder: &Path, load: &mut Load, lives: Duration) -> bool {
    let before = discord.sim.journal().last();
    let process = start(discord, folder).await;
    let begins = json!({ "direction": "in", "op": { "$any": [IDENTIFY, RESUME] } });
    let begun = discord.sim.wait_for(EntryKind::Gateway, begins, After::Seq(before), PATIENCE).await;
    assert!(begun.is_some(), "it neither identifies nor resumes");
    load.more(lives.div_duration_f64(PACE) as usize).await;
    let (ended, said) = spawn_blocking(|| process.kill()).await.unwrap();
    assert_eq!(ended.code(), None, "it has not ended by itself: {said}");
    let store = Store::open(StoreOptions::new(folder.join("data"))).await.unwrap();
    let left = store.sessions().find(0).await.unwrap();
    store.close().await.unwrap();
    left.is_some_and(|session| session.snapshot.is_some())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_killed_within_its_first_seconds_goes_on() {
    for round in 0..ROUNDS {
        let first = (FIRST / ROUNDS).mul_f64(f64::from(round) + fastrand::f64());
        let second = SECOND.mul_f64(fastrand::f64());
        let (discord, folder) = (Arc::new(Discord::start().await), folder());
        let mut load = Load::begin(Arc::clone(&discord));
        let kept = short_life(&discord, folder.path(), &mut load, first).await;
        let kept_again = short_life(&discord, folder.path(), &mut load, second).await;
        let last = start(&discord, folder.path()).await;
        let last = spawn_blocking(|| last.ready()).await.unwrap();
        load.more(AFTERWARDS).await;
        let called = load.end().await;

        // Before a session there is nobody to send anything to, on Discord as well.
        let begun = discord.frames(&[("direction", json!("out")), ("t", json!("READY"))], 0);
        let (begun, identified) = (begun.last().unwrap().seq, discord.sent(IDENTIFY, 0));
        let owed: Vec<_> = called.iter().filter(|(_, at)| **at > begun).map(|(id, _)| *id).collect();
        println!(
            "round {round}: killed after {first:?} ({kept}) and {second:?} ({kept_again}); {identified} session starts, {} \
             of {} commands to be answered",
            owed.len(),
            called.len()
        );
        assert!(kept || round == 0, "READY is written down long before {first:?}");
        if kept {
            assert_eq!(identified, 1, "round {round}: the first session goes on");
        }
        discord.answered(&owed).await;
        spawn_blocking(|| last.stop()).await.unwrap();
        // What was called before that may have been answered by the session before; not twice.
        let answers = discord.answers();
        discord.each_once(called.keys().filter(|call| answers.has(call)).chain(&owed));
    }
}
