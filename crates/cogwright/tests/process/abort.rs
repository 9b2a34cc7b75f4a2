//! A second signal does not wait for what runs.

use std::time::{Duration, Instant};

use cogwright_sim::{FaultKind, FaultSpec};

use crate::discord::Discord;
use crate::process::Process;
use crate::restart::folder;

/// How long the request of a command takes: longer than commands may run on after a signal.
const SLOW: Duration = Duration::from_secs(30);
/// Half of the 10 s that commands may run on after the first signal.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_cuts_off_what_runs_and_the_next_start_does_it_again() {
    let (discord, folder) = (Discord::start().await, folder());
    let start = || Process::start(folder.path(), &discord.host(), &discord.ids.token).ready();
    let mut bot = start();
    let slow = FaultKind::Latency { ms: SLOW.as_millis() as u64 };
    discord.sim.add_fault(FaultSpec::new(slow).operation("update_message")).unwrap();
    let asked = discord.says("!ping");
    // It answers, and what it edits into its answer does not come.
    discord.answered(&[asked]).await;
    let begun = Instant::now();
    bot.send("TERM");
    let line = bot.line("commands may finish");
    assert!(line.contains("running=1 ") && line.contains("grace_s=10"), "{line}");
    bot.send("TERM");
    let (ended, said) = bot.end();
    let took = begun.elapsed();
    assert_eq!(ended.code(), Some(1), "{said}");
    assert!(took < SOON, "{took:?}: {said}");
    assert!(said.contains("stopping at once; what was running is cut off signal=SIGTERM"), "{said}");
    assert!(said.contains("was cut off by a second signal"), "the reason is the last word: {said}");
    assert!(discord.replies_to(asked).iter().all(|reply| reply.edited.is_none()), "it was cut off");

    let again = start();
    let edited = || discord.replies_to(asked).into_iter().find(|reply| reply.edited.is_some());
    assert!(discord.awaited(edited).await.is_some(), "what was cut off is done by the next start");
    let (ended, said) = again.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    assert_eq!(discord.replies_to(asked).len(), 1, "once");
}
