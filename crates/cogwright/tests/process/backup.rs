//! What is backed up when the bot stops.

use std::path::Path;

use serde_json::json;

use crate::discord::Discord;
use crate::process::Process;

/// The files of a folder whose names begin like this.
fn named(folder: &Path, start: &str) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    files.filter(|name| name.to_string_lossy().starts_with(start)).count()
}

/// Runs a bot that is told something to keep; answers how many backups of main.db and of the server's there are
/// once it has stopped, and what it said.
async fn run(discord: &Discord, at_shutdown: bool) -> (usize, usize, String) {
    let folder = tempfile::tempdir().unwrap();
    let database = json!({ "base_path": "./kept/here", "backup": { "at_shutdown": at_shutdown } });
    let config = json!({ "logging": { "level": "DEBUG" }, "database": database });
    std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    let bot = Process::start(folder.path(), &discord.host(), &discord.ids.token).ready();
    discord.answered(&[discord.says("!setprefix ?")]).await;
    let data = folder.path().join("kept/here");
    let of_guild = data.join(discord.ids.guild.to_string());
    assert_eq!(
        (named(&data, "main_backup_"), named(&of_guild, "guild_backup_")),
        (0, 0),
        "none while it runs"
    );
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    assert!(!folder.path().join("data").exists(), "what is kept lies where the settings say");
    (named(&data, "main_backup_"), named(&of_guild, "guild_backup_"), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_is_backed_up_once_the_sockets_are_closed_if_it_is_wanted() {
    let discord = Discord::start().await;
    let (main, guild, said) = run(&discord, true).await;
    assert_eq!((main, guild), (1, 1), "{said}");
    let at = |part: &str| said.find(part).unwrap_or_else(|| panic!("{part:?} is not in {said}"));
    assert_eq!(said.matches("backed up").count(), 1, "{said}");
    assert!(at("shard closed") < at("backed up made=2 "), "{said}");
    assert!(at("backed up") < at("runtime.drive: stopped"), "{said}");

    // A Discord of its own: the other one waits 5 s before the next session start.
    let discord = Discord::start().await;
    let (main, guild, said) = run(&discord, false).await;
    assert_eq!((main, guild), (0, 0), "{said}");
    assert!(!said.contains("backed up") && said.contains("runtime.drive: stopped"), "{said}");
}
