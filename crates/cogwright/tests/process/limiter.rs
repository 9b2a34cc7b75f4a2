//! What the slash limiter decides stands in a log file of its own.

use std::path::Path;

use serde_json::json;

use crate::discord::Discord;
use crate::process::Process;

/// Runs a bot with room for three slash commands until it is ready; answers what it has written down by then.
fn run(discord: &Discord, folder: &Path, debug_mode: bool) -> String {
    let config = json!({
        "logging": { "level": "ERROR" },
        "slash_limiter": { "warning_threshold": 2, "safe_limit": 3, "max_limit": 5, "debug_mode": debug_mode },
    });
    std::fs::write(folder.join("config.json"), config.to_string()).unwrap();
    // The panel is shown once the bot is ready.
    let bot = Process::start(folder, &discord.host(), &discord.ids.token).until("Shards");
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    assert!(!said.contains("slash form"), "the log itself keeps to its level: {said}");
    std::fs::read_to_string(folder.join("botlogs/debug_slashlimiter.log")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_withheld_command_is_written_down_with_time_origin_and_reason() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    let first = run(&discord, folder.path(), false);
    let of = |text: &str, command: &str| {
        let part = format!("command={command} ");
        text.lines().filter(|line| line.contains(&part)).map(str::to_owned).collect::<Vec<_>>()
    };
    let [line] = &of(&first, "cleanup")[..] else { panic!("one line a command: {first}") };
    assert!(line.contains("[WARNING ] runtime.slash_limiter: a command has no slash form"), "{line}");
    assert!(line.contains("origin=Maintenance") && line.contains("since=2"), "{line}");
    assert!(line.contains("reason=\"3 slash commands are in use; from there on"), "{line}");
    assert!(of(&first, "slashlimit").is_empty(), "has a slash form, and debug_mode is off: {first}");

    // The next start knows since when, and tells more.
    let both = run(&discord, folder.path(), true);
    let more = both.strip_prefix(&first).expect("what was there stays");
    let since = |line: &str| line.split_once("since=").map(|(_, since)| since[..20].to_owned());
    let [again] = &of(more, "cleanup")[..] else { panic!("one line a command: {more}") };
    assert!(again.contains("[INFO    ] runtime.slash_limiter: a command still has no slash form"), "{again}");
    assert_eq!(since(again), since(line));
    let [given] = &of(more, "slashlimit")[..] else { panic!("debug_mode tells who has one: {more}") };
    assert!(given.contains("a command has a slash form") && given.contains("reason=\"always has one\""));
    assert!(more.contains("decided used=3 registered=3 "), "{more}");
}
