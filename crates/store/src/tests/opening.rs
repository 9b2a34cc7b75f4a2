//! Opening and closing a store: the lock, drop-in of an original's files, damage, removal while stopped.

use rusqlite::Connection;

use crate::db::{Kind, file_of_schema};
use crate::testing::{ACTOR, GUILD, HandClock, fresh, open};
use crate::{CooldownScope, Settings, Store, StoreError, StoreOptions};

#[tokio::test]
async fn a_second_opening_is_refused_and_names_folder_and_process() {
    let (folder, clock, store) = fresh().await;
    let error = Store::open(StoreOptions::new(folder.path())).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, StoreError::InUse { pid: Some(pid), .. } if pid == std::process::id()), "{text}");
    assert!(text.contains(&folder.path().canonicalize().unwrap().display().to_string()), "{text}");
    store.close().await.unwrap();
    assert!(matches!(store.audit().list(crate::AuditFilter::default(), 1).await, Err(StoreError::Closed)));
    let again = open(folder.path(), &clock).await;
    drop(again);
}

#[tokio::test]
async fn the_schemas_are_those_of_the_specification() {
    let (folder, _, store) = fresh().await;
    store.guild(GUILD).settings().set(Settings::PREFIX, "?", &ACTOR).await.unwrap();
    store.close().await.unwrap();
    let columns = |path: &std::path::Path, table: &str| -> Vec<String> {
        let db = Connection::open(path).unwrap();
        let mut names = db.prepare("SELECT name || ' ' || type FROM pragma_table_info(?)").unwrap();
        names.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let (main, guild) =
        (folder.path().join("main.db"), folder.path().join(GUILD.to_string()).join("guild.db"));
    assert_eq!(columns(&main, "global_stats"), ["key TEXT", "value TEXT", "updated_at TIMESTAMP"]);
    assert_eq!(columns(&main, "user_data"), ["user_id INTEGER", "data TEXT", "last_seen TIMESTAMP"]);
    assert_eq!(columns(&guild, "guild_settings"), ["key TEXT", "value TEXT", "updated_at TIMESTAMP"]);
    let stats = columns(&guild, "command_stats");
    assert_eq!(&stats[..3], ["command_name TEXT", "usage_count INTEGER", "last_used TIMESTAMP"]);
}

#[tokio::test]
async fn an_originals_data_folder_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let main = Connection::open(folder.path().join("main.db")).unwrap();
    main.execute_batch(
        "CREATE TABLE global_stats (key TEXT PRIMARY KEY, value TEXT, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO global_stats (key, value) VALUES ('cmd_help', '12');
         CREATE TABLE _schema_migrations (migration_number INTEGER PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO _schema_migrations VALUES (1, 'scheduled_tasks');",
    )
    .unwrap();
    std::fs::create_dir(folder.path().join("77")).unwrap();
    let guild = Connection::open(folder.path().join("77/guild.db")).unwrap();
    guild
        .execute_batch(
            "CREATE TABLE guild_settings (key TEXT PRIMARY KEY, value TEXT, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
             INSERT INTO guild_settings (key, value) VALUES ('prefix', '$');
             CREATE TABLE command_stats (command_name TEXT PRIMARY KEY, usage_count INTEGER DEFAULT 0, last_used TIMESTAMP);",
        )
        .unwrap();
    drop((main, guild));
    let store = open(folder.path(), &HandClock::new()).await;
    assert_eq!(store.global_stats().get("cmd_help").await.unwrap().as_deref(), Some("12"));
    assert_eq!(store.guild(77_u64).settings().get("prefix").await.unwrap().as_deref(), Some("$"));
    let kept = |name: &str| folder.path().join(name).exists();
    assert!(kept("main_backup_20261128_191000.db") && kept("77/guild_backup_20261128_191000.db"));
}

#[tokio::test]
async fn rows_of_a_schema_before_are_taken_over() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let db = file_of_schema(&folder.path().join("main.db"), Kind::Main, 2);
    db.execute_batch(
        "INSERT INTO cooldowns VALUES ('a/b@5/user/7', 'user', 7, 0, 2, 99, 9000000000000),
            ('a@5/global/0', 'global', 0, 0, 1, 99, 8000000000000),
            ('a@5/guild/77', 'global', 0, 0, 1, 99, 9000000000000),
            ('a@5/channel/78', 'global', 0, 0, 1, 99, 9000000000000);
         INSERT INTO audit (change_id, at, guild_id, setting) VALUES
            ('a', 1, 7, 'prefix'), ('b', 2, 7, 'status.interval'), ('c', 3, NULL, 'import');",
    )
    .unwrap();
    drop(db);
    let store = open(folder.path(), &clock).await;
    let kept = store.cooldowns().load(9).await.unwrap();
    let told: Vec<_> = kept.iter().map(|one| (one.bucket.as_str(), one.scope, one.user, one.used)).collect();
    let expected = [("a/b@5", CooldownScope::User, Some(7), 2), ("a@5", CooldownScope::Global, None, 1)];
    assert_eq!(told, expected);
    let audit = store.audit().list(crate::AuditFilter::default(), 9).await.unwrap();
    assert_eq!(audit.iter().map(|row| row.bot_wide).collect::<Vec<_>>(), [true, true, false]);
}

#[tokio::test]
async fn a_migration_that_fails_stops_the_start_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("77")).unwrap();
    let path = folder.path().join("77/guild.db");
    // A column that step 2 wants to add is there already, in a table of somebody else's making.
    let foreign = "CREATE TABLE command_stats (command_name TEXT PRIMARY KEY, error_count TEXT)";
    Connection::open(&path).unwrap().execute_batch(foreign).unwrap();
    let error = Store::open(StoreOptions::new(folder.path())).await.unwrap_err();
    assert!(matches!(error, StoreError::Migration { number: 2, .. }), "{error}");
    assert!(error.to_string().contains("guild.db") && error.to_string().contains("error_count"), "{error}");
    let sql: Vec<String> = {
        let db = Connection::open(&path).unwrap();
        let mut all = db.prepare("SELECT sql FROM sqlite_master WHERE sql NOT NULL").unwrap();
        all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(sql, [foreign]);
}

#[tokio::test]
async fn a_damaged_guild_file_concerns_that_guild_alone() {
    let folder = tempfile::tempdir().unwrap();
    for guild in ["77", "78"] {
        std::fs::create_dir(folder.path().join(guild)).unwrap();
    }
    std::fs::write(
        folder.path().join("77/guild.db"),
        "this is not a database, it only looks like a file".repeat(99),
    )
    .unwrap();
    let store = open(folder.path(), &HandClock::new()).await;
    let error = store.guild(77_u64).settings().get("prefix").await.unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt { path, .. } if path.ends_with("77/guild.db")), "{error}");
    let actor = crate::Actor::new(1_u64, Some(78), None);
    store.guild(78_u64).settings().set("prefix", "%", &actor).await.unwrap();
    assert_eq!(store.guild(78_u64).settings().get("prefix").await.unwrap().as_deref(), Some("%"));
}

#[tokio::test]
async fn a_damaged_main_file_stops_the_start_and_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = "garbage".repeat(999);
    std::fs::write(folder.path().join("main.db"), &garbage).unwrap();
    let error = Store::open(StoreOptions::new(folder.path())).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }) && error.to_string().contains("backup"), "{error}");
    assert_eq!(std::fs::read_to_string(folder.path().join("main.db")).unwrap(), garbage);
}

#[tokio::test]
async fn main_or_a_guilds_folder_may_be_removed_while_stopped() {
    let (folder, clock, store) = fresh().await;
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    store.guild(5_u64).settings().set("prefix", "5", &ACTOR).await.unwrap();
    store.close().await.unwrap();
    std::fs::remove_file(folder.path().join("main.db")).unwrap();
    std::fs::remove_dir_all(folder.path().join("5")).unwrap();
    let store = open(folder.path(), &clock).await;
    assert_eq!(store.guild(GUILD).settings().get("prefix").await.unwrap().as_deref(), Some("?"));
    assert_eq!(store.guild(5_u64).settings().get("prefix").await.unwrap(), None);
    assert!(store.audit().list(crate::AuditFilter::default(), 9).await.unwrap().is_empty());
    store.guild(5_u64).settings().set("prefix", "55", &ACTOR).await.unwrap();
    assert_eq!(store.guilds().await.unwrap(), [5, GUILD]);
}
