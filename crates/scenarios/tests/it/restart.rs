//! Restarts: what is written meanwhile is answered, everything once, and no session start is spent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cogwright_command::Cog;
use cogwright_discord::SessionJournal;
use cogwright_runtime::{StoreJournal, builtin_cogs};
use cogwright_sim::{After, EntryKind};
use cogwright_store::{Store, StoreOptions};
use cogwright_testkit::{Kit, Message, PATIENCE};
use serde_json::json;
use tokio::sync::watch;

use crate::helpers::{IDENTIFY, RESUME, answered, caught_up, each_answered_once, requests, sent};
use crate::paper::Paper;

async fn kit(paper: &Arc<Paper>) -> Kit {
    let journal: Arc<dyn SessionJournal> = Arc::<Paper>::clone(paper);
    let builder = Kit::builder().cogs(builtin_cogs()).journal(journal);
    builder.start().await.unwrap()
}

#[tokio::test]
async fn a_restart_loses_and_doubles_nothing_and_spends_no_session_start() {
    let paper = Paper::new();
    let mut kit = kit(&paper).await;
    let owner = kit.owner();
    assert_eq!(sent(&kit, IDENTIFY), 1);
    let before = owner.says("!echo before").unwrap();
    kit.reply_to(&before).await.unwrap();
    let guilds = kit.bot().cache().guild_count();
    let mut asked = vec![before];
    for round in 0..2 {
        let writer = kit.owner();
        let mut written = Vec::new();
        kit = kit
            .restart(builtin_cogs(), Arc::<Paper>::clone(&paper), || {
                written.push(writer.says(&format!("!echo while nobody is there {round}")).unwrap());
            })
            .await
            .unwrap();
        written.push(kit.owner().says(&format!("!echo after {round}")).unwrap());
        asked.extend(written);
    }
    each_answered_once(&kit, &asked).await;
    assert_eq!((sent(&kit, IDENTIFY), sent(&kit, RESUME)), (1, 2));
    assert_eq!(kit.bot().cache().guild_count(), guilds, "nothing but the snapshot brings them");
    // Permissions are computed from the cache: a slash command needs it too.
    let slash = kit.owner().slash("echo", json!({ "text": "and slash" })).await.unwrap();
    assert_eq!(slash.kind, Some("message"));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_restart_under_load_has_a_short_gap() {
    // As much as Discord's global limit lets a bot answer, which it keeps to here too.
    const COMMANDS: usize = 160;
    let paper = Paper::new();
    let kit = kit(&paper).await;
    let owner = kit.owner();
    let (progress, mut seen) = watch::channel(0);
    let writing = async {
        let mut pace = tokio::time::interval(Duration::from_millis(25));
        let mut asked = Vec::with_capacity(COMMANDS);
        for n in 0..COMMANDS {
            pace.tick().await;
            asked.push(owner.says(&format!("!echo {n}")).unwrap());
            progress.send_replace(n);
        }
        asked
    };
    let restarting = async {
        seen.wait_for(|n| *n >= COMMANDS / 3).await.unwrap();
        let begun = Instant::now();
        let kit = kit.restart(builtin_cogs(), Arc::<Paper>::clone(&paper), || {}).await.unwrap();
        (kit, begun.elapsed())
    };
    let (asked, (kit, gap)) = tokio::join!(writing, restarting);
    assert!(gap < Duration::from_secs(2), "{gap:?}");
    each_answered_once(&kit, &asked).await;
    assert_eq!((sent(&kit, IDENTIFY), sent(&kit, RESUME)), (1, 1));
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_command_that_is_still_running_finishes_and_is_not_run_again() {
    let paper = Paper::new();
    let kit = kit(&paper).await;
    let board = Message(kit.owner().slash("demo", json!(null)).await.unwrap().message.unwrap());
    let thinking = kit.owner().clicks(&board, "Deferred answer").await.unwrap();
    let loading = Message(thinking.message.unwrap());
    let before = kit.sim().journal().last();
    let kit = kit.restart(builtin_cogs(), Arc::<Paper>::clone(&paper), || {}).await.unwrap();
    assert_eq!(kit.look(&loading).unwrap()["flags"].as_u64().unwrap_or(0) & 128, 0, "was answered");
    let later = kit.owner().says("!echo later").unwrap();
    each_answered_once(&kit, &[later]).await;
    let again = requests(&kit, "create_interaction_response", before);
    assert!(again.is_empty(), "{again:?}");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_snapshot_that_is_torn_costs_a_session_start_and_nothing_else() {
    let paper = Paper::new();
    let kit = kit(&paper).await;
    let (torn, sim) = (Arc::clone(&paper), kit.sim().clone());
    let kit = kit
        .restart(builtin_cogs(), Arc::<Paper>::clone(&paper), move || {
            torn.put(|entry| entry.snapshot.truncate(entry.snapshot.len() - 1));
            // The last identify was a moment ago; Discord takes one in five seconds.
            sim.clock().advance(Duration::from_secs(6));
        })
        .await
        .unwrap();
    assert_eq!((sent(&kit, IDENTIFY), sent(&kit, RESUME)), (2, 0));
    let asked = kit.owner().says("!echo all the same").unwrap();
    each_answered_once(&kit, &[asked]).await;
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_session_beyond_its_window_begins_anew_after_a_wait() {
    let paper = Paper::new();
    let kit = kit(&paper).await;
    let clock = kit.sim().clone();
    let kit = kit
        .restart(builtin_cogs(), Arc::<Paper>::clone(&paper), move || {
            clock.clock().advance(Duration::from_secs(91));
        })
        .await
        .unwrap();
    assert_eq!((sent(&kit, IDENTIFY), sent(&kit, RESUME)), (2, 1), "asked, refused, begun anew");
    let asked = kit.owner().says("!echo all the same").unwrap();
    each_answered_once(&kit, &[asked]).await;
    kit.stop().await.unwrap();
}

/// A bot on a runtime of its own, which is dropped in the middle of everything: no goodbye, no last word.
pub(crate) struct Doomed {
    runtime: tokio::runtime::Runtime,
}

impl Doomed {
    pub(crate) async fn start(kit: &Kit, cogs: impl IntoIterator<Item = Cog>, paper: &Arc<Paper>) -> Self {
        let journal: Arc<dyn SessionJournal> = Arc::<Paper>::clone(paper);
        let builder = kit.another(cogs).journal(journal);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        runtime.spawn(async move {
            let bot = builder.start().await.unwrap();
            assert!(bot.ready().await);
            ready.send(()).unwrap();
            std::future::pending::<()>().await;
            drop(bot);
        });
        tokio::time::timeout(PATIENCE, is_ready).await.unwrap().unwrap();
        Self { runtime }
    }

    pub(crate) fn kill(self) {
        self.runtime.shutdown_background();
    }
}

#[tokio::test]
async fn after_a_kill_nothing_is_lost_and_nobody_is_answered_twice() {
    const COMMANDS: usize = 400;
    // The kit's own bot has no commands; it only sees to the place.
    let kit = Kit::builder().start().await.unwrap();
    let owner = kit.owner();
    let paper = Paper::new();
    let first = Doomed::start(&kit, builtin_cogs(), &paper).await;
    let identified = sent(&kit, IDENTIFY);
    let (progress, mut seen) = watch::channel(0);
    let writing = async {
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        let mut asked = Vec::with_capacity(COMMANDS);
        for n in 0..COMMANDS {
            pace.tick().await;
            asked.push(owner.says(&format!("!echo {n}")).unwrap());
            progress.send_replace(n);
        }
        asked
    };
    let killing = async {
        seen.wait_for(|n| *n >= COMMANDS / 3).await.unwrap();
        first.kill();
        let second = Doomed::start(&kit, builtin_cogs(), &paper).await;
        seen.wait_for(|n| *n >= COMMANDS * 2 / 3).await.unwrap();
        second.kill();
        Doomed::start(&kit, builtin_cogs(), &paper).await
    };
    let (asked, third) = tokio::join!(writing, killing);
    answered(&kit, &asked).await;
    // Then nothing is left that could be answered once more.
    caught_up(&kit, &paper).await;
    each_answered_once(&kit, &asked).await;
    assert_eq!(sent(&kit, IDENTIFY), identified, "no session start was spent");
    third.kill();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn after_a_kill_the_cache_catches_up_with_what_had_been_handled() {
    let kit = Kit::builder().start().await.unwrap();
    let owner = kit.owner();
    let paper = Paper::new();
    let first = Doomed::start(&kit, builtin_cogs(), &paper).await;
    // Until then the journal knows of no guilds.
    let entry = paper.until(|entry| entry.resume_from == entry.handled && entry.handled > 1).await;
    // Changes the cache: from here on the snapshot is out of date.
    let change = json!({ "name": "renamed" });
    kit.sim()
        .apply(cogwright_sim_world::places::PatchChannel {
            actor: cogwright_sim_world::Actor::person(owner.id()),
            channel: owner.channel(),
            body: change,
        })
        .unwrap();
    let asked = owner.says("!echo handled before the kill").unwrap();
    kit.reply_to(&asked).await.unwrap();
    let behind = paper.until(|now| now.handled > entry.handled && now.resume_from < now.handled).await;
    let before = kit.sim().journal().last();
    first.kill();
    let second = Doomed::start(&kit, builtin_cogs(), &paper).await;
    let resume = json!({ "direction": "in", "op": 6, "d": { "seq": behind.resume_from } });
    assert!(kit.sim().wait_for(EntryKind::Gateway, resume, After::Seq(before), PATIENCE).await.is_some());
    each_answered_once(&kit, &[asked]).await;
    let again = owner.says("!echo after it").unwrap();
    each_answered_once(&kit, &[again]).await;
    assert_eq!(
        requests(&kit, "create_message", before).len(),
        1,
        "what had been handled was not even tried again"
    );
    second.kill();
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn a_restart_through_the_database_resumes_too() {
    let folder = tempfile::tempdir().unwrap();
    let open = || async { Store::open(StoreOptions::new(folder.path())).await.unwrap() };
    let store = open().await;
    let builder = Kit::builder().cogs(builtin_cogs()).journal(Arc::new(StoreJournal::new(store.sessions())));
    let kit = builder.start().await.unwrap();
    let owner = kit.owner();
    let before = owner.says("!echo before").unwrap();
    kit.reply_to(&before).await.unwrap();
    let mut asked = vec![before];
    let journal = Arc::new(StoreJournal::new(store.sessions()));
    let kit = kit
        .restart(builtin_cogs(), journal, || asked.push(owner.says("!echo meanwhile").unwrap()))
        .await
        .unwrap();
    each_answered_once(&kit, &asked).await;
    assert_eq!((sent(&kit, IDENTIFY), sent(&kit, RESUME)), (1, 1));
    kit.stop().await.unwrap();
    // The last word is on disk.
    store.close().await.unwrap();
    drop(store);
    let saved = open().await.sessions().find(0).await.unwrap().unwrap();
    assert_eq!(saved.snapshot.map(|snapshot| snapshot.sequence), Some(saved.sequence));
}
