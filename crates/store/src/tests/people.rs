//! Export and erasure of a person.

use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use serde_json::json;

use crate::testing::{GUILD, fresh};
use crate::{Actor, AuditFilter, Cooldown, CooldownScope, Remaining, Session, Snapshot, Target};

/// Large enough to need text in JSON.
const USER: u64 = 1_000_000_000_000_000_042;

/// One whose snapshot says the same word so many times.
fn session(saved_at: SystemTime, words: usize) -> Session {
    Session {
        shard: 0,
        shards: 1,
        session_id: "s".to_owned(),
        resume_url: "wss://x".to_owned(),
        sequence: 5,
        saved_at,
        snapshot: Some(Snapshot { sequence: 5, bytes: b"abracadabra".repeat(words) }),
    }
}

#[tokio::test]
async fn everything_about_a_person_is_found_and_erased() {
    let (folder, clock, store) = fresh().await;
    let actor = Actor::new(USER, Some(GUILD), Some(9));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_893_000);
    store.guild(GUILD).settings().set("prefix", "?", &actor).await.unwrap();
    store.guild(GUILD).settings().set("prefix", "!", &Actor::new(7_u64, Some(GUILD), None)).await.unwrap();
    store.user_data().set(USER, &json!({"secret-word": "abracadabra"})).await.unwrap();
    store.user_data().set(7, &json!({"other": 1})).await.unwrap();
    let cooldown = |scope, user, guild, channel| Cooldown {
        bucket: "daily".to_owned(),
        scope,
        user,
        guild,
        channel,
        used: 1,
        began: now,
        ends: now + Duration::from_secs(99),
    };
    let cooldowns = vec![
        cooldown(CooldownScope::User, Some(USER), None, None),
        // In direct messages whatever is counted is about the person.
        cooldown(CooldownScope::Guild, Some(USER), None, None),
        cooldown(CooldownScope::Channel, Some(USER), None, Some(5)),
        // A guild or a channel that has the same number is not.
        cooldown(CooldownScope::Guild, None, Some(USER), None),
        cooldown(CooldownScope::Channel, None, Some(GUILD), Some(USER)),
    ];
    store.cooldowns().save(cooldowns).await.unwrap();
    // What Discord told of the guilds; the person may be in it.
    let session = session(now, 2_000);
    store.sessions().put(session).await.unwrap();
    // A table of an extension, in the original's manner.
    store.close_guild(GUILD).await.unwrap();
    let path = folder.path().join(GUILD.to_string()).join("guild.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch(&format!("CREATE TABLE custom_data (key TEXT, owner_id TEXT); INSERT INTO custom_data VALUES ('k', '{USER}')"))
        .unwrap();
    let backup = store.backup(Target::Main).await.unwrap();
    clock.advance(5);

    let data = store.export_user(USER).await.unwrap();
    let tables: Vec<_> = data.tables.iter().map(|table| (table.table.as_str(), table.rows.len())).collect();
    assert_eq!(tables, [("user_data", 1), ("audit", 1), ("cooldowns", 3), ("custom_data", 1)]);
    let text = serde_json::to_string(&data).unwrap();
    assert!(text.contains("abracadabra") && text.contains(&format!("\"{USER}\"")), "{text}");
    assert!(!text.contains("other"));

    let report = store.erase_user(USER).await.unwrap();
    assert_eq!((report.deleted, report.anonymised, report.sessions), (4, 1, 1), "{report:?}");
    assert_eq!(report.remaining.len(), 2, "{report:?}");
    assert!(
        report.remaining.iter().any(|left| matches!(left, Remaining::Backup(path) if *path == backup.path))
    );
    assert!(report.remaining.iter().any(|left| matches!(left,
        Remaining::ForeignTable { target: Target::Guild(GUILD), table, rows: 1 } if table == "custom_data")));

    let left = store.export_user(USER).await.unwrap();
    assert_eq!(left.tables.iter().map(|table| table.table.as_str()).collect::<Vec<_>>(), ["custom_data"]);
    let audit = store.audit().list(AuditFilter::default(), 9).await.unwrap();
    assert_eq!(audit.iter().map(|row| row.user).collect::<Vec<_>>(), [Some(7), None]);
    assert!(store.sessions().find(0).await.unwrap().is_none());
    assert!(store.user_data().get(7).await.unwrap().is_some());
    assert_eq!(store.cooldowns().load(9).await.unwrap().len(), 2);
    store.close().await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        let main = entry.file_name().to_string_lossy().starts_with("main.db");
        let bytes = if main { std::fs::read(entry.path()).unwrap() } else { Vec::new() };
        assert!(!bytes.windows(11).any(|part| part == b"abracadabra"), "{:?} still has it", entry.path());
    }
}

#[tokio::test]
async fn an_id_within_texts_is_found_and_erased() {
    let (_folder, _, store) = fresh().await;
    let actor = Actor::new(USER, Some(GUILD), Some(9));
    let entry = |text: String| crate::StatusEntry { kind: "playing".into(), text, presence: "online".into() };
    store.statuses().replace(vec![entry(format!("u {USER} x"))], &actor).await.unwrap();
    store.statuses().replace(vec![entry(format!("<@{USER}>")), entry("chess".into())], &actor).await.unwrap();
    store
        .guild(GUILD)
        .settings()
        .set("greets", USER.to_string(), &Actor::new(7_u64, None, None))
        .await
        .unwrap();
    let data = store.export_user(USER).await.unwrap();
    let tables: Vec<_> = data.tables.iter().map(|table| (table.table.as_str(), table.rows.len())).collect();
    assert_eq!(tables, [("audit", 2), ("audit", 1), ("status_list", 1), ("guild_settings", 1)]);

    let report = store.erase_user(USER).await.unwrap();
    assert!(report.remaining.is_empty(), "{report:?}");
    assert_eq!(store.export_user(USER).await.unwrap().tables, []);
    let audit = store.audit().list(AuditFilter::default(), 9).await.unwrap();
    assert_eq!(audit.len(), 3);
    let text = format!("{audit:?}");
    assert!(!text.contains(&USER.to_string()) && text.contains("u [erased] x"), "{text}");
    let list = store.statuses().all().await.unwrap().unwrap();
    assert_eq!(list.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["<@[erased]>", "chess"]);
    assert_eq!(store.guild(GUILD).settings().get("greets").await.unwrap().as_deref(), Some("[erased]"));
}

#[tokio::test]
async fn a_backup_holds_no_snapshot_in_which_nobody_could_be_found() {
    let (folder, _, store) = fresh().await;
    let session = session(SystemTime::UNIX_EPOCH, 20_000);
    store.sessions().put(session).await.unwrap();
    let backup = store.backup(Target::Main).await.unwrap();
    let bytes = std::fs::read(&backup.path).unwrap();
    assert!(!bytes.windows(11).any(|part| part == b"abracadabra"));
    assert!(store.sessions().find(0).await.unwrap().is_some(), "the bot's own stays");
    assert!(store.erase_user(USER).await.unwrap().remaining.is_empty());
    // One that a version before made is named.
    let old = folder.path().join("main_backup_20250101_000000.db");
    std::fs::copy(&backup.path, &old).unwrap();
    let db = Connection::open(&old).unwrap();
    db.execute("INSERT INTO gateway_sessions VALUES (0, 1, 's', '', 1, 1, 1, x'00')", []).unwrap();
    drop(db);
    let report = store.erase_user(USER).await.unwrap();
    assert!(
        matches!(&report.remaining[..], [Remaining::Backup(path)] if path.ends_with("main_backup_20250101_000000.db"))
    );
}
