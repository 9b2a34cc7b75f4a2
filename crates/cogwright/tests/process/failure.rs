//! The id that somebody is shown when a command fails finds in the log why.

use cogwright_sim::{FaultKind, FaultSpec};

use crate::discord::Discord;
use crate::process::Process;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_id_finds_in_the_log_what_happened() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    let bot = Process::start(folder.path(), &discord.host(), &discord.ids.token).ready();
    let trouble = FaultKind::Rest5xx { status: 503, carried_out: false };
    discord.sim.add_fault(FaultSpec::new(trouble).operation("update_message")).unwrap();
    // Others call as well, and nothing of theirs fails.
    let (before, asked) = (discord.says("!echo before"), discord.says("!ping"));
    discord.answered(&[before, discord.says("!echo after")]).await;
    let told = || {
        discord.replies_to(asked).into_iter().find_map(|reply| {
            let embed = reply.embeds.first()?["description"].as_str()?.to_owned();
            let (_, rest) = embed.split_once("(error id `")?;
            Some(rest.split_once('`')?.0.to_owned())
        })
    };
    let id = discord.awaited(told).await.expect("the failure is told with an id");
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");

    let log = std::fs::read_to_string(folder.path().join("botlogs/permanent.log")).unwrap();
    let found: Vec<_> = log.lines().filter(|line| line.contains(&id)).collect();
    let [line] = found[..] else { panic!("one line of {id}: {log}") };
    assert!(line.contains("[ERROR   ] command.dispatch: command failed") && line.contains("503"), "{line}");
    let user = format!("user={}", discord.ids.user);
    for part in ["command=ping", "trigger=Prefix", &user, &format!("guild={}", discord.ids.guild)] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
}
