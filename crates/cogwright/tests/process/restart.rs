//! Restarts and kills under a steady load: nothing is lost, nothing doubled, no session start spent.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cogwright_sim_world::MessageId;
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

fn each_once(discord: &Discord, asked: &[MessageId]) {
    let replies = discord.replies();
    let doubled = asked.iter().filter(|asked| replies[asked].len() > 1).count();
    assert_eq!(doubled, 0, "of {} commands were answered more than once", asked.len());
    assert_eq!(replies.len(), asked.len(), "nothing else was answered");
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
    each_once(&discord, &asked);
    assert_eq!(discord.sent(IDENTIFY, before), 0, "no session start was spent");
    assert_eq!(discord.sent(RESUME, before), 1);
    let gap = gap(&discord);
    println!("{COMMANDS} commands in {wrote:?}; stopped in {stopped:?}; gap {gap:?}");
    assert!(gap < Duration::from_secs(2), "{gap:?}");
    tokio::task::spawn_blocking(|| second.stop()).await.unwrap();
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
    each_once(&discord, &asked);
    assert_eq!(discord.sent(IDENTIFY, before), 0, "no session start was spent");
    println!(
        "{COMMANDS} commands, 3 kills; gap {:?}; {} resumes",
        gap(&discord),
        discord.sent(RESUME, before)
    );
    tokio::task::spawn_blocking(|| bot.stop()).await.unwrap();
}
