//! Restarts and kills under a steady load: nothing is lost, nothing doubled, no session start spent.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cogwright_sim_world::{Actor, MessageId, messages};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::discord::{Discord, IDENTIFY, RESUME};
use crate::process::Process;

/// How many commands are called.
const COMMANDS: usize = 900;
/// 200 a second.
pub(crate) const PACE: Duration = Duration::from_millis(5);

/// A folder for a bot that may answer as fast as it can: the limits of Discord are for Discord.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"{"rest": {"governor": false}, "logging": {"level": "DEBUG"}}"#;
    std::fs::write(folder.path().join("config.json"), config).unwrap();
    folder
}

async fn start(discord: &Discord, folder: &Path) -> Process {
    let (host, token, folder) = (discord.host(), discord.ids.token.clone(), folder.to_owned());
    tokio::task::spawn_blocking(move || Process::start(&folder, &host, &token).ready()).await.unwrap()
}

/// Calls commands at a steady pace and tells how many.
async fn load(discord: Arc<Discord>, progress: watch::Sender<usize>) -> Vec<MessageId> {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut asked = Vec::with_capacity(COMMANDS);
    for n in 0..COMMANDS {
        pace.tick().await;
        asked.push(discord.says(&format!("!echo {n}")));
        progress.send_replace(n);
    }
    asked
}

/// The longest time in which nothing was answered although somebody waited.
fn gap(discord: &Discord) -> Duration {
    let mut times: Vec<_> = discord.replies().into_values().flatten().collect();
    times.sort_unstable();
    times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_restarted_under_load_loses_and_doubles_nothing() {
    let (discord, folder) = (Arc::new(Discord::start().await), folder());
    let first = start(&discord, folder.path()).await;
    let before = discord.sim.journal().last();
    let (progress, mut seen) = watch::channel(0);
    let began = Instant::now();
    let mut writing = JoinSet::new();
    writing.spawn(load(Arc::clone(&discord), progress));
    seen.wait_for(|n| *n >= COMMANDS / 3).await.unwrap();
    let stopping = Instant::now();
    let (ended, said) = tokio::task::spawn_blocking(|| first.stop()).await.unwrap();
    let stopped = stopping.elapsed();
    assert_eq!(ended.code(), Some(0), "{said}");
    let second = start(&discord, folder.path()).await;
    let asked = writing.join_next().await.unwrap().unwrap();
    let wrote = began.elapsed();
    discord.answered(&asked).await;
    tokio::task::spawn_blocking(|| second.stop()).await.unwrap();
    discord.each_once(&asked);
    assert_eq!(discord.answers().calls(), asked.len(), "nothing else was answered");
    assert_eq!(discord.sent(IDENTIFY, before), 0, "no session start was spent");
    assert_eq!(discord.sent(RESUME, before), 1);
    let gap = gap(&discord);
    println!("{COMMANDS} commands in {wrote:?}; stopped in {stopped:?}; gap {gap:?}");
    assert!(gap < Duration::from_secs(2), "{gap:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_under_load_loses_nothing_and_answers_nobody_twice() {
    let (discord, folder) = (Arc::new(Discord::start().await), folder());
    let mut bot = start(&discord, folder.path()).await;
    let before = discord.sim.journal().last();
    let (progress, mut seen) = watch::channel(0);
    let mut writing = JoinSet::new();
    writing.spawn(load(Arc::clone(&discord), progress));
    for part in 1..=3 {
        seen.wait_for(|n| *n >= COMMANDS * part / 4).await.unwrap();
        tokio::task::spawn_blocking(|| bot.kill()).await.unwrap();
        bot = start(&discord, folder.path()).await;
    }
    let asked = writing.join_next().await.unwrap().unwrap();
    discord.answered(&asked).await;
    tokio::task::spawn_blocking(|| bot.stop()).await.unwrap();
    discord.each_once(&asked);
    assert_eq!(discord.answers().calls(), asked.len(), "nothing else was answered");
    assert_eq!(discord.sent(IDENTIFY, before), 0, "no session start was spent");
    println!(
        "{COMMANDS} commands, 3 kills; gap {:?}; {} resumes",
        gap(&discord),
        discord.sent(RESUME, before)
    );
}

/// The check that the tests here stand on: it goes by what was answered, not by the nonce of the answer.
#[tokio::test]
async fn an_answer_that_comes_twice_is_noticed_whatever_its_nonce() {
    let discord = Discord::start().await;
    let channel = discord.ids.channel;
    let bot = Actor::bot(discord.ids.application);
    let asked = [discord.says("!echo once"), discord.says("!echo again")];
    let answer = |to: Option<MessageId>, nonce: &str| {
        let reference = to.map(|to| json!({ "message_id": to }));
        let body =
            json!({ "content": "x", "nonce": nonce, "enforce_nonce": true, "message_reference": reference });
        let create = messages::CreateMessage { actor: bot, channel, body, files: Vec::new() };
        discord.sim.apply(create).unwrap()["id"].as_str().unwrap().parse::<MessageId>().unwrap()
    };
    let wrong = || discord.answers().wrong(asked).len();
    assert_eq!(wrong(), 2, "neither was answered");
    for asked in asked {
        answer(Some(asked), &asked.to_string());
    }
    assert_eq!(wrong(), 0);
    answer(Some(asked[0]), &asked[0].to_string());
    assert_eq!(wrong(), 0, "the same nonce: the local Discord made nothing of it");
    let doubled = answer(Some(asked[0]), "another");
    assert_eq!(wrong(), 1);
    discord.sim.apply(messages::DeleteMessage { actor: bot, channel, message: doubled }).unwrap();
    assert_eq!(wrong(), 1, "that it is gone makes it no better");
    answer(None, "a third");
    assert_eq!(wrong(), 2, "one that does not say what it answers");
}
