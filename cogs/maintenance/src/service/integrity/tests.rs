//! A sound bot passes; each part can fail.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::task::Poll;
use std::time::Duration;

use cogwright_command::{Cog, Handler, Spec};
use cogwright_store::Actor;

use super::*;
use crate::service::testing::{Bot, GUILD, services};

const ACTOR: Actor = Actor { user: 42, guild: Some(GUILD), channel: Some(9) };

fn catalog() -> Catalog {
    let spec = |name: &str| Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) }));
    Catalog::build([Cog::new("A").command(spec("a").alias("b")).command(spec("c"))]).expect("is valid")
}

fn remembered(prefs: Prefs) -> Remembered {
    let stats = CacheStats { prefixes: 1, rules: 0, capacity: 10, max_age: Duration::from_secs(600) };
    Remembered { stats, guild: Some((GUILD, Ok(Arc::new(prefs)))) }
}

fn own() -> Prefs {
    Prefs { prefix: Some("?".to_owned()), mention_prefix: None }
}

async fn examined(services: &Services, remembered: &Remembered) -> State {
    let examination = Examination::new(services.store.folder());
    examination.run(services, &catalog(), remembered, "t").await;
    examination.state()
}

fn failures(state: &State) -> Vec<(&str, &str)> {
    let groups = state.groups.iter();
    groups
        .flat_map(|group| group.findings.iter().map(|finding| (group.name, finding)))
        .filter(|(_, finding)| !finding.ok)
        .map(|(name, finding)| (name, finding.text.as_str()))
        .collect()
}

#[tokio::test]
async fn a_sound_bot_passes() {
    let (_folder, services) = services(Bot::sound()).await;
    services.store.guild(GUILD).settings().set(Settings::PREFIX, "?", &ACTOR).await.unwrap();
    let state = examined(&services, &remembered(own())).await;
    assert_eq!((failures(&state), state.failed(), state.finished), (vec![], 0, true));
    let names: Vec<_> = state.groups.iter().map(|group| group.name).collect();
    let all = ["File System", "Database", "Cache Systems", "Extensions", "Bot Status", "Memory"];
    assert_eq!((names, state.databases), (all.to_vec(), (2, 2)));
}

#[tokio::test]
async fn a_damaged_guild_file_fails_and_the_others_are_still_looked_at() {
    let (folder, services) = services(Bot::sound()).await;
    for guild in [GUILD, GUILD + 1] {
        for number in 0..200 {
            let settings = services.store.guild(guild).settings();
            settings.set(&format!("key_{number}"), "x".repeat(100), &ACTOR).await.unwrap();
        }
        services.store.close_guild(guild).await.unwrap();
    }
    let path = folder.path().join(GUILD.to_string()).join("guild.db");
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    // Behind the first page, which says what the file is; the pages of tables are nonsense now.
    let length = file.metadata().unwrap().len();
    assert!(length > 3 * 4_096, "{length}");
    file.seek(SeekFrom::Start(4_096)).unwrap();
    file.write_all(&vec![0xa5; (length - 4_096) as usize]).unwrap();
    file.sync_all().unwrap();
    let none = Remembered { guild: None, ..remembered(own()) };
    let state = examined(&services, &none).await;
    let failures = failures(&state);
    let expected = format!("guild {GUILD} (A *bold* place): ");
    assert!(
        failures.iter().any(|(group, text)| *group == "Database" && text.starts_with(&expected)),
        "{failures:?}"
    );
    assert!(failures.contains(&("Database", "1 of 2 guild databases is sound")), "{failures:?}");
    assert_eq!((state.failed(), state.databases, state.finished), (1, (3, 3), true));
}

#[tokio::test]
async fn a_cache_that_is_out_of_date_fails() {
    let (_folder, services) = services(Bot::sound()).await;
    services.store.guild(GUILD).settings().set(Settings::PREFIX, "%", &ACTOR).await.unwrap();
    let state = examined(&services, &remembered(own())).await;
    assert!(
        matches!(&failures(&state)[..], [("Cache Systems", text)] if text.contains("otherwise")),
        "{state:?}"
    );
}

#[tokio::test]
async fn shards_cogs_and_memory_can_fail() {
    let mut bot = Bot::sound();
    bot.running.shards[1].connected = false;
    bot.running.not_loaded.push(("Games".to_owned(), "no such file".to_owned()));
    bot.running.memory = Some(500 << 20);
    let (_folder, services) = services(bot).await;
    let state = examined(&services, &remembered(Prefs::default())).await;
    let expected = [
        ("Extensions", "Games is not loaded: no such file"),
        ("Bot Status", "1 of 2 shards is connected"),
        ("Bot Status", "shard 1: not connected, 1 server"),
        ("Memory", "500 MiB of 512 MiB are in use, 14 threads"),
    ];
    assert_eq!((failures(&state), state.failed()), (expected.to_vec(), 3));
}

#[tokio::test]
async fn what_was_found_until_it_was_given_up_stays() {
    let (_folder, services) = services(Bot::sound()).await;
    let examination = Examination::new(services.store.folder());
    {
        let (catalog, remembered) = (catalog(), remembered(own()));
        let mut run = std::pin::pin!(examination.run(&services, &catalog, &remembered, "t"));
        std::future::poll_fn(|cx| {
            let done = run.as_mut().poll(cx).is_ready();
            let begun = !examination.state().groups.is_empty();
            if done || begun { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    let state = examination.state();
    assert_eq!((state.groups[0].name, state.groups[0].passed, state.finished), ("File System", 6, false));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_without_where_it_lies() {
    let (folder, services) = services(Bot::sound()).await;
    std::fs::create_dir_all(folder.path().join(GUILD.to_string())).unwrap();
    std::fs::write(folder.path().join(GUILD.to_string()).join("guild.db"), "x".repeat(9_000)).unwrap();
    let state = examined(&services, &remembered(own())).await;
    let failures = failures(&state);
    let of_guild = failures.iter().filter(|(_, text)| text.contains("guild.db")).collect::<Vec<_>>();
    assert!(!of_guild.is_empty(), "{failures:?}");
    let place = folder.path().display().to_string();
    assert!(failures.iter().all(|(_, text)| !text.contains(&place)), "{failures:?}");
}
