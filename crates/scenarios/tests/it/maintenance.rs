//! What an operator looks at and sets going, on the real protocol: self-tests, statistics, backups, sync, decisions.

use std::sync::Arc;
use std::time::Duration;

use cogwright_cog_info::{BotFacts, CogFacts, Facts, ShardFacts};
use cogwright_cog_maintenance::{Operations, Running, RunningShard, Services};
use cogwright_cog_slash_limiter::{SlashUse, Source};
use cogwright_command::Cog;
use cogwright_discord::RestStats;
use cogwright_discord::sync::Report;
use cogwright_store::{Actor, Files, Presence, Settings, Store, StoreOptions};
use cogwright_testkit::{Kit, Message, Person};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::helpers::says;

/// What the runtime tells, for tests; a sync takes until it is let go.
#[derive(Default)]
struct Bot {
    slow_sync: bool,
    release: Arc<Notify>,
}

impl Operations for Bot {
    fn running(&self) -> Running {
        let shards = vec![RunningShard { id: 0, connected: true, guilds: 1 }];
        Running { shards, cogs: vec!["Maintenance".to_owned()], ..Running::default() }
    }

    fn rest(&self) -> RestStats {
        RestStats::default()
    }

    fn presence(&self) -> Presence {
        Presence::default()
    }

    fn guild_name(&self, _: u64) -> Option<String> {
        Some("@everyone **here**".to_owned())
    }

    fn sync(&self, force: bool) -> BoxFuture<'static, Result<Report, String>> {
        let (slow, release) = (self.slow_sync, Arc::clone(&self.release));
        Box::pin(async move {
            if slow {
                release.notified().await;
            }
            let updated = if force { vec!["ping".to_owned()] } else { Vec::new() };
            Ok(Report { writes: updated.len(), updated, unchanged: 8, ..Report::default() })
        })
    }

    fn sync_guild(&self, _: u64) -> BoxFuture<'static, Result<Report, String>> {
        Box::pin(async { Ok(Report::default()) })
    }
}

impl Facts for Bot {
    fn bot(&self) -> BotFacts {
        BotFacts { guilds: 4_321, shard_count: 1, ..BotFacts::default() }
    }

    fn shards(&self) -> Vec<ShardFacts> {
        vec![ShardFacts { id: 0, connected: true, latency: None, guilds: 4_321 }]
    }

    fn cogs(&self) -> Vec<CogFacts> {
        vec![CogFacts { name: "Info".to_owned(), commands: 5, load_time: Duration::from_millis(2) }]
    }
}

impl Source for Bot {
    fn usage(&self) -> SlashUse {
        SlashUse { used: 42, ..SlashUse::default() }
    }
}

/// A kit with all that is for operators, and its data folder.
struct Desk {
    kit: Kit,
    store: Store,
    folder: tempfile::TempDir,
    release: Arc<Notify>,
}

impl Desk {
    async fn open(bot: Bot) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
        let release = Arc::clone(&bot.release);
        let bot = Arc::new(bot);
        let operations = Arc::clone(&bot) as Arc<dyn Operations>;
        let services = Services { store: store.clone(), files: Files::default(), operations };
        let cogs: [Cog; 3] = [
            cogwright_cog_maintenance::cog(&services),
            cogwright_cog_info::cog_with(&(Arc::clone(&bot) as Arc<dyn Facts>)),
            cogwright_cog_slash_limiter::cog(&(bot as Arc<dyn Source>)),
        ];
        let builder = Kit::builder().frozen().cogs(cogs);
        Self { kit: builder.start().await.unwrap(), store, folder, release }
    }

    /// Says it and waits until the answer, edits included, has this part.
    async fn answer(&self, person: &Person, line: &str, part: &str) -> Message {
        let answer = says(&self.kit, person, line, part).await;
        assert_eq!(answer["mentions"].as_array().map(Vec::len), Some(0), "{}", answer.0);
        answer
    }

    async fn close(self) -> tempfile::TempDir {
        self.kit.stop().await.unwrap();
        self.store.close().await.unwrap();
        self.folder
    }
}

/// Owners' commands with a part of what each answers in the end.
const OWNERS: [(&str, &str); 8] = [
    ("sync", "✅ Sync Complete"),
    ("cachestats", "📊 Cache Statistics"),
    ("dbstats", "🗄️ Database Statistics"),
    ("atomictest", "✅ All 5 tests passed"),
    ("atomicstats", "Atomic File System Statistics"),
    ("integritycheck", "✅ System Integrity Check Passed"),
    ("cleanup", "✅ Cleanup Complete"),
    ("why", "Latest refusals and failures"),
];

/// Everybody's commands.
const EVERYBODYS: [(&str, &str); 4] = [
    ("stats", "4321"),
    ("shardinfo", "🔀 Shard Information"),
    ("extensions", "Framework Cogs (1)"),
    ("slashlimit", "42/100 (42%)"),
];

#[tokio::test]
async fn owners_commands_answer_owners_in_both_forms_and_nobody_else() {
    let desk = Desk::open(Bot::default()).await;
    let (owner, member) = (desk.kit.owner(), desk.kit.newcomer("member").unwrap());
    for (name, part) in OWNERS {
        desk.answer(&owner, &format!("!{name}"), part).await;
        desk.answer(&member, &format!("!{name}"), "Only the owners of the bot").await;
        let by_slash = owner.slash(name, Value::Null).await.unwrap();
        assert!(by_slash.message.is_some(), "{name}: {by_slash:?}");
        assert_eq!(by_slash.ephemeral, name == "why", "{name}");
        assert!(member.slash(name, Value::Null).await.is_err(), "{name} is not even offered");
    }
    // Only now are the last ones done, too.
    let folder = desk.close().await;
    for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with("atomic_test"), "{name}");
    }
}

#[tokio::test]
async fn everybodys_commands_answer_everybody_once_in_ten_seconds() {
    let desk = Desk::open(Bot::default()).await;
    let (one, two) = (desk.kit.newcomer("one").unwrap(), desk.kit.newcomer("two").unwrap());
    for (name, part) in EVERYBODYS {
        let line = format!("!{name}");
        desk.answer(&one, &line, part).await;
        desk.answer(&one, &line, "Try again in **10.0 seconds**").await;
        desk.answer(&two, &line, part).await;
        desk.kit.advance(Duration::from_secs(10));
        let by_slash = one.slash(name, Value::Null).await.unwrap();
        assert!(by_slash.message.unwrap().to_string().contains(part), "{name}");
    }
    desk.close().await;
}

#[tokio::test]
async fn an_integrity_check_names_the_damaged_file() {
    let desk = Desk::open(Bot::default()).await;
    let owner = desk.kit.owner();
    let actor = Actor::new(1_u64, Some(77), None);
    desk.store.guild(77_u64).settings().set(Settings::PREFIX, "?", &actor).await.unwrap();
    desk.store.close_guild(77).await.unwrap();
    desk.answer(&owner, "!integritycheck", "System Integrity Check Passed").await;
    std::fs::write(desk.folder.path().join("77").join("guild.db"), "this is no database").unwrap();
    let failed = desk.answer(&owner, "!integritycheck", "❌ System Integrity Check Failed").await.to_string();
    assert!(failed.contains("guild 77") && failed.contains("0 of 1 guild database is sound"), "{failed}");
    assert!(!failed.contains("@everyone"), "{failed}");
    desk.close().await;
}

#[tokio::test]
async fn the_button_of_dbstats_makes_a_backup() {
    let desk = Desk::open(Bot::default()).await;
    let owner = desk.kit.owner();
    let shown = desk.answer(&owner, "!dbstats", "none yet").await;
    owner.clicks(&shown, "Back up now").await.unwrap();
    let met = |message: &Message| message.to_string().contains("✅ Backup Complete");
    let done = desk.kit.until(&shown, "a backup", met).await.unwrap();
    assert!(done.controls().is_empty(), "{}", done.0);
    let made = std::fs::read_dir(desk.folder.path()).unwrap().flatten();
    let made = made.filter(|file| file.file_name().to_string_lossy().starts_with("main_backup_")).count();
    assert_eq!(made, 1);
    desk.answer(&owner, "!dbstats", "<t:").await;
    desk.close().await;
}

#[tokio::test]
async fn a_sync_that_takes_long_says_so_and_is_waited_for_so_long() {
    let desk = Desk::open(Bot { slow_sync: true, ..Bot::default() }).await;
    let owner = desk.kit.owner();
    let shown = desk.answer(&owner, "!sync true", "Syncing Commands").await;
    passes(&desk, &shown, Duration::from_secs(3), "It is still under way").await;
    desk.release.notify_one();
    let met = |message: &Message| message.to_string().contains("✅ Sync Complete");
    let done = desk.kit.until(&shown, "the end", met).await.unwrap();
    assert!(done.to_string().contains("`ping`"), "{}", done.0);

    let shown = desk.answer(&owner, "!sync", "Syncing Commands").await;
    passes(&desk, &shown, Duration::from_mins(10), "It goes on by itself").await;
    desk.close().await;
}

/// Lets time pass until the message has this part. The bot may not have begun to wait at the first try.
async fn passes(desk: &Desk, message: &Message, time: Duration, part: &str) {
    for _ in 0..100 {
        desk.kit.advance(time);
        let met = |message: &Message| message.to_string().contains(part);
        let shown = desk.kit.until(message, part, met);
        if tokio::time::timeout(Duration::from_millis(100), shown).await.is_ok() {
            return;
        }
    }
    panic!("{part:?} was not shown: {:?}", desk.kit.look(message));
}

#[tokio::test]
async fn why_finds_a_refusal_by_link_and_by_id() {
    let desk = Desk::open(Bot::default()).await;
    let (owner, member) = (desk.kit.owner(), desk.kit.newcomer("member").unwrap());
    let asked = member.says("!cleanup").unwrap();
    desk.kit.reply_to(&asked).await.unwrap();
    let link =
        format!("https://discord.com/channels/{}/{}/{}", desk.kit.guild(), member.channel(), asked.id());
    for key in [link.as_str(), asked.id()] {
        let by_slash = owner.slash("why", json!({ "call": key })).await.unwrap();
        let told = by_slash.message.unwrap().to_string();
        assert!(by_slash.ephemeral && told.contains("Why: cleanup") && told.contains("**owner"), "{told}");
    }
    desk.answer(&owner, &format!("!why {}", asked.id()), "Why: cleanup").await;
    // Of a slash command there is no other message than the answer.
    let used = owner.slash("why", json!({ "call": "zzzzzz" })).await.unwrap().message.unwrap();
    desk.answer(&owner, &format!("!why {}", used["id"].as_str().unwrap()), "Why: why").await;
    desk.answer(&owner, "!why zzzzzz", "Nothing is known of that call").await;
    desk.answer(&member, &format!("!why {}", asked.id()), "Only the owners of the bot").await;
    desk.close().await;
}

/// Of the bot as everybody gets it: what the runtime tells is true.
#[tokio::test]
async fn the_built_in_bot_passes_its_own_check_and_tells_the_truth_about_itself() {
    let kit = Kit::builder().builtin().start().await.unwrap();
    let owner = kit.owner();
    let answer = async |line: &str, part: &str| {
        let asked = owner.says(line).unwrap();
        let answer = kit.reply_to(&asked).await.unwrap();
        let met = |message: &Message| message.to_string().contains(part);
        kit.until(&answer, &format!("{part:?} in the answer to {line:?}"), met).await.unwrap()
    };
    let fact = |message: &Message, name: &str| {
        let fields = message["embeds"][0]["fields"].as_array().cloned().unwrap_or_default();
        let found =
            fields.into_iter().find(|field| field["name"].as_str().unwrap_or_default().ends_with(name));
        let text = found.unwrap_or_else(|| panic!("no {name:?} in {}", message.0))["value"].to_string();
        text.chars().filter(char::is_ascii_digit).collect::<String>()
    };
    answer("!sync", "Sync Complete").await;
    answer("!integritycheck", "✅ System Integrity Check Passed").await;
    let stats = answer("!stats", "Bot Statistics").await;
    // This call, and the two before it.
    let told = ["Guilds", "Commands Processed", "Errors"].map(|name| fact(&stats, name));
    assert_eq!(told, ["1", "3", "0"], "{}", stats.0);
    answer("!shardinfo", "Shard 0").await;
    answer("!extensions", "Maintenance").await;
    answer("!slashlimit", "Safe").await;
    let forced = answer("!sync true", "Sync Complete").await;
    assert!(forced.to_string().contains("`integritycheck`"), "{}", forced.0);
    kit.stop().await.unwrap();
}
