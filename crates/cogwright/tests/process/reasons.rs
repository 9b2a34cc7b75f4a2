//! What the start says: the panel, and why a session is not resumed.

use crate::discord::Discord;
use crate::process::Process;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_panel_tells_what_is_shown_and_registered_and_a_new_shard_count_is_the_reason() {
    let discord = Discord::start().await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "config.json",
        r#"{"status": {"presence": "idle"}, "slash_limiter": {"safe_limit": 20, "max_limit": 20, "warning_threshold": 19}}"#,
    );
    let start = || Process::start(folder.path(), &discord.host(), &discord.ids.token).until("│ Data ");
    let (ended, said) = start().stop();
    assert_eq!(ended.code(), Some(0), "{said}");
    let row =
        |label: &str| said.lines().find(|line| line.contains(&format!("│ {label} "))).unwrap_or_default();
    assert!(row("Status").contains(" Idle "), "{said}");
    assert!(
        row("Commands").contains(" 20 slash, ") && row("Commands").contains("more by prefix only"),
        "{said}"
    );
    assert!(row("Started").contains(" UTC, ready after "), "{said}");
    assert!(!said.contains("the saved session"), "there was none: {said}");

    write(".env", "SHARD_COUNT=2\n");
    let (_, said) = start().stop();
    let told =
        said.lines().filter(|line| line.contains("the saved session cannot be used")).collect::<Vec<_>>();
    assert!(told.len() == 1 && told[0].contains("it is of 1 shards, and there are 2 now"), "{said}");
}
