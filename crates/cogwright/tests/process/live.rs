//! Settings that change while the bot runs.

use std::path::Path;

use serde_json::json;

use crate::discord::Discord;
use crate::process::Process;

/// Writes a config.json and answers what it holds now.
fn write(folder: &Path, text: &str) -> String {
    std::fs::write(folder.join("config.json"), text).unwrap();
    text.to_owned()
}

fn config(prefix: &str, max_bytes: u32) -> String {
    json!({ "prefix": prefix, "logging": { "max_bytes": max_bytes } }).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_taken_up_at_once_and_a_broken_file_changes_nothing() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &config("!", 20_000));
    let mut bot = Process::start(folder.path(), &discord.host(), &discord.ids.token).ready();
    let echoed = async |text: &str| discord.answered(&[discord.says(text)]).await;
    echoed("!echo as it was").await;

    write(folder.path(), &config("?", 30_000));
    let line = bot.line("changed at once: ");
    assert!(line.ends_with("changed at once: prefix from ! to ?"), "{line}");
    let line = bot.line("changed with the next restart: ");
    assert!(line.ends_with("restart: logging.max_bytes from 20000 to 30000"), "{line}");
    let old = discord.says("!echo nobody hears this");
    echoed("?echo the new prefix").await;

    write(folder.path(), "{\n  \"prefix\": \"$\",\n  \"logging\" {}\n}");
    bot.line("changed settings cannot be used; those in use stay");
    let line = bot.line("config.json");
    assert!(line.contains("[ERROR ") && line.contains("config.json:3:13"), "{line}");
    let broken = discord.says("$echo nobody hears this either");
    echoed("?echo the prefix stays").await;

    let last = write(folder.path(), &config("$", 30_000));
    bot.line("the settings can be used again");
    let line = bot.line("changed at once: ");
    assert!(line.ends_with("changed at once: prefix from ? to $"), "{line}");
    echoed("$echo put right").await;
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    // All that runs has ended.
    for unheard in [old, broken] {
        assert!(discord.replies_to(unheard).is_empty(), "{said}");
    }
    assert_eq!(said.matches("changed with the next restart").count(), 1, "what is told is told once: {said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("config.json")).unwrap(), last);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warning_about_names_is_told_once_however_often_something_changes() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    // Each change moves what stands below it.
    let config = |above: &str, prefix: &str, max_bytes: u32, rules: &str| {
        let text = format!(
            "{{\n{above}  \"prefix\": \"{prefix}\", \"logging\": {{\"max_bytes\": {max_bytes}}},\n  \"prefx\": 1,\n  \"command_permissions\": {{{rules}}}\n}}\n"
        );
        write(folder.path(), &text);
    };
    let odd = "\"pign\": [\"123456789012345678\"]";
    config("", "!", 20_000, odd);
    let mut bot = Process::start(folder.path(), &discord.host(), &discord.ids.token).ready();
    config("\n", "?", 20_000, odd);
    bot.line("changed at once: prefix from ! to ?");
    config("\n\n", "?", 30_000, odd);
    bot.line("changed with the next restart: ");
    config("\n\n\n", "$", 30_000, odd);
    bot.line("changed at once: prefix from ? to $");
    let more = format!("{odd}, \"slahslimit\": [\"123456789012345678\"]");
    config("\n", "$", 30_000, &more);
    let line = bot.line("command_permissions.slahslimit: ");
    assert!(line.contains("[WARNING ]") && line.contains("Did you mean \"slashlimit\"?"), "{line}");
    let (ended, said) = bot.stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    for warning in ["command_permissions.pign: ", " prefx: is not known", "command_permissions.slahslimit: "]
    {
        assert_eq!(said.matches(warning).count(), 1, "{warning}: {said}");
    }
}
