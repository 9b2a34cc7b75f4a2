//! What the wired bot does by itself as time passes: maintenance, backups, statuses.

use std::path::Path;
use std::time::Duration;

use cogwright_sim::{After, EntryKind};
use cogwright_sim_world::GuildId;
use cogwright_sim_world::places::operator;
use cogwright_store::{Actor, Store, StoreOptions};
use cogwright_testkit::{Kit, PATIENCE, Person};
use serde_json::json;

use crate::helpers::{other_guild, says};
use crate::log::Log;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Names of the backups in a folder.
fn backups(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    // Whatever is being made has another name.
    names.filter(|name| name.starts_with("main_backup_") || name.starts_with("guild_backup_")).collect()
}

/// The guild that somebody looks at.
fn guild_of(kit: &Kit, person: &Person) -> GuildId {
    kit.sim().read(|world, _| world.channel(person.channel()).unwrap().guild.unwrap())
}

#[tokio::test]
async fn maintenance_and_scheduled_backups_come_as_the_bots_clock_goes() {
    let log = Log::read();
    let folder = tempfile::tempdir().unwrap();
    let change = |settings: &mut cogwright_config::Settings| {
        settings.database.backup.interval = Some(2 * HOUR);
        settings.database.backup.at_shutdown = false;
    };
    let kit = Kit::builder().builtin().data(folder.path()).settings(change).frozen().start().await.unwrap();
    let owner = kit.owner();
    let (left, dark) = (other_guild(&kit, &owner), other_guild(&kit, &owner));
    for person in [&owner, &left, &dark] {
        says(&kit, person, "!setprefix ?", "Prefix Changed").await;
    }
    let (left, dark) = (guild_of(&kit, &left), guild_of(&kit, &dark));
    kit.sim().apply(operator::RemoveMember { guild: left, user: kit.bot_user() }).unwrap();
    kit.sim().apply(operator::PatchGuild { guild: dark, body: json!({ "unavailable": true }) }).unwrap();
    // By then the bot has dealt with both.
    says(&kit, &owner, "?ping", "Pong!").await;

    kit.advance(HOUR);
    // Of three open files the one of the guild that was left; one in an outage is no orphan.
    log.line(&["database maintenance", "closed=1 orphans=1"]).await;
    assert_eq!(backups(folder.path()), [""; 0], "{}", log.text());
    kit.advance(HOUR);
    log.line(&["backed up", "made=4"]).await;
    assert_eq!(backups(folder.path()).len(), 1);
    for guild in [kit.guild(), left, dark] {
        assert_eq!(backups(&folder.path().join(guild.to_string())).len(), 1, "{guild}");
    }
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn what_the_last_stop_left_is_backed_up_once_the_next_bot_is_ready() {
    const ELSEWHERE: u64 = 5;
    let log = Log::read();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
    let actor = Actor::new(1_u64, Some(ELSEWHERE), None);
    store.guild(ELSEWHERE).settings().set("prefix", "?", &actor).await.unwrap();
    store.backup_at_stop(Duration::ZERO).await.unwrap();
    store.close().await.unwrap();
    let theirs = folder.path().join(ELSEWHERE.to_string());
    assert_eq!(backups(&theirs), [""; 0]);

    let kit = Kit::builder().builtin().data(folder.path()).start().await.unwrap();
    log.line(&["backed up", "left=0"]).await;
    assert_eq!((backups(&theirs).len(), backups(folder.path()).len()), (1, 1));
    // The stop backs up main.db, which changes all the time; then nothing is left.
    let kit = kit.again(|_| ()).await.unwrap();
    assert_eq!((backups(&theirs).len(), backups(folder.path()).len()), (1, 2));
    says(&kit, &kit.owner(), "!ping", "Pong!").await;
    assert_eq!(log.text().matches("the last stop had no time").count(), 1, "{}", log.text());
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn the_one_status_of_the_configuration_is_shown() {
    let change = |settings: &mut cogwright_config::Settings| {
        settings.status = serde_json::from_value(json!({
            "type": "competing",
            "text": "a race of {guilds}",
            "presence": "dnd",
            "statuses": [],
            "interval": 300,
            "log_status_updates": false,
        }))
        .unwrap();
    };
    let kit = Kit::builder().builtin().settings(change).frozen().start().await.unwrap();
    // 5 is Competing. See Discord docs: Gateway Events / Activity Object / Activity Types.
    let activity = json!({ "name": "a race of 1", "type": 5 });
    let frame = json!({ "direction": "in", "op": 3, "d": { "activities": [activity], "status": "dnd" } });
    let shown = kit.sim().wait_for(EntryKind::Gateway, frame, After::Start, PATIENCE).await;
    assert!(shown.is_some(), "was not shown");
    kit.stop().await.unwrap();
}

#[tokio::test]
async fn statuses_of_the_configuration_turn_and_are_logged() {
    let log = Log::read();
    let change = |settings: &mut cogwright_config::Settings| {
        settings.status = serde_json::from_value(json!({
            "type": "watching",
            "text": "not this one",
            "presence": "online",
            "statuses": [
                { "type": "playing", "text": "chess in {guilds}", "presence": "idle" },
                { "type": "listening", "text": "the rain", "presence": "dnd" },
            ],
            "interval": 20,
            "log_status_updates": true,
        }))
        .unwrap();
    };
    let kit = Kit::builder().builtin().settings(change).frozen().start().await.unwrap();
    // Numbers of Discord docs: Gateway Events / Activity Object / Activity Types.
    let turns = [("chess in 1", 0, "idle"), ("the rain", 2, "dnd"), ("chess in 1", 0, "idle")];
    let mut after = 0;
    for (text, kind, dot) in turns {
        let activity = json!({ "name": text, "type": kind });
        let frame = json!({ "direction": "in", "op": 3, "d": { "activities": [activity], "status": dot } });
        let shown = kit.sim().wait_for(EntryKind::Gateway, frame, After::Seq(after), PATIENCE).await;
        assert!(shown.is_some(), "{text:?} was not shown");
        after = kit.sim().journal().last();
        kit.advance(Duration::from_secs(20));
    }
    for (text, kind) in [("chess in 1", "Playing"), ("the rain", "Listening")] {
        log.line(&[": status ", &format!("kind={kind} text=\"{text}\"")]).await;
    }
    assert!(!log.text().contains("not this one"));
    kit.stop().await.unwrap();
}
