//! Importing an original installation, new and old; the source stays as it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::testing::{fresh, open};
use crate::{ConfigOutcome, Files, StoreError, plan_import};

/// Every file below a folder with its hash.
fn hashes(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all.extend(hashes(&entry.path()));
        } else {
            all.insert(entry.path(), Sha256::digest(std::fs::read(entry.path()).unwrap()).to_vec());
        }
    }
    all
}

fn database(path: &Path, sql: &str) -> Connection {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let db = Connection::open(path).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0").unwrap();
    db.execute_batch(sql).unwrap();
    db
}

const GUILD_DB: &str = "
    CREATE TABLE guild_settings (key TEXT PRIMARY KEY, value TEXT, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO guild_settings (key, value) VALUES ('prefix', '$'), ('mention_prefix_enabled', '0');
    CREATE TABLE command_stats (command_name TEXT PRIMARY KEY, usage_count INTEGER DEFAULT 0, last_used TIMESTAMP);
    CREATE TABLE custom_data (key TEXT PRIMARY KEY, value TEXT, user_id INTEGER);
    INSERT INTO custom_data VALUES ('k', 'v', 5);";

const MAIN_DB: &str = "
    CREATE TABLE global_stats (key TEXT PRIMARY KEY, value TEXT, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
    INSERT INTO global_stats (key, value) VALUES ('cmd_help', '12'), ('cmd_eh list', '3'), ('started', 'once');
    CREATE TABLE _schema_migrations (migration_number INTEGER PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO _schema_migrations VALUES (1, 'scheduled_tasks');
    CREATE TABLE scheduled_tasks (task_id TEXT PRIMARY KEY);
    INSERT INTO scheduled_tasks VALUES ('a'), ('b');";

/// A copy of a live installation as a killed bot leaves it: everything is in the write-ahead logs.
fn original() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let live = tempfile::tempdir().unwrap();
    let open = [
        (database(&live.path().join("main.db"), MAIN_DB), "main.db"),
        (
            database(&live.path().join("9000000000000000001/guild.db"), GUILD_DB),
            "9000000000000000001/guild.db",
        ),
    ];
    for (_, name) in &open {
        for ending in ["", "-wal"] {
            let target = folder.path().join("data").join(format!("{name}{ending}"));
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(live.path().join(format!("{name}{ending}")), target).unwrap();
        }
    }
    let config = r#"{"prefix": "!", "database": {"base_path": "./data"},
        "command_permissions": {"ban": [5, "6"], "mute": [], "kick": "everyone"}}"#;
    std::fs::write(folder.path().join("config.json"), config).unwrap();
    folder
}

#[tokio::test]
async fn an_original_installation_is_planned_then_taken_over_once() {
    let source = original();
    let before = hashes(source.path());
    let plan = plan_import(source.path()).await.unwrap();
    let shown =
        plan.to_string().replace(&source.path().canonicalize().unwrap().display().to_string(), "SOURCE");
    insta::assert_snapshot!(shown);
    assert_eq!(plan.config.as_ref().unwrap().role_rules, [("ban".to_owned(), vec![5, 6])].into());

    let (folder, clock, store) = fresh().await;
    let (files, config) = (Files::default(), folder.path().join("config.json"));
    let actor = crate::Actor::new(1_u64, None, None);
    let guild = 9_000_000_000_000_000_001_u64;
    store.guild(guild).settings().set("prefix", "mine", &actor).await.unwrap();
    let report = store.import(plan.clone(), &files, &config).await.unwrap();
    assert_eq!((report.guilds, report.settings, report.statistics), (1, 1, 1), "{report:?}");
    assert_eq!((report.kept, report.commands), (1, 2), "{report:?}");
    assert_eq!(report.config, ConfigOutcome::Written(config.clone()));
    assert!(std::fs::read_to_string(&config).unwrap().contains("command_permissions"));
    let settings = store.guild(guild).settings();
    assert_eq!(
        settings.get("prefix").await.unwrap().as_deref(),
        Some("mine"),
        "an import overwrote a setting"
    );
    assert_eq!(settings.get("mention_prefix_enabled").await.unwrap().as_deref(), Some("0"));
    let again = store.import(plan, &files, &config).await.unwrap();
    let nothing = crate::ImportReport { kept: 5, config: ConfigOutcome::Kept(config), ..Default::default() };
    assert_eq!(again, nothing, "nothing changes, and nothing is said to");
    assert_eq!(store.usage().total().await.unwrap(), (15, 0), "a second import counted twice");
    let told = &store.audit().list(crate::AuditFilter::default(), 9).await.unwrap()[0];
    assert_eq!((told.setting.as_str(), told.user), ("import", None));
    store.close().await.unwrap();
    drop(open(folder.path(), &clock).await);
    assert_eq!(hashes(source.path()), before, "the source was touched");
}

#[tokio::test]
async fn the_older_single_database() {
    let source = tempfile::tempdir().unwrap();
    drop(database(
        &source.path().join("data/bot.db"),
        r#"CREATE TABLE guild_settings (guild_id INTEGER PRIMARY KEY, prefix TEXT, settings TEXT, created_at TIMESTAMP);
           INSERT INTO guild_settings VALUES (5, '?', '{"mention_prefix_enabled": true, "n": 3, "none": null}', NULL), (6, NULL, 'torn', NULL);
           CREATE TABLE user_data (user_id INTEGER PRIMARY KEY, data TEXT, last_seen TIMESTAMP);
           INSERT INTO user_data VALUES (42, '{"coins": 7}', '2025-01-02 03:04:05'), (43, 'torn', NULL), (44, NULL, NULL);
           CREATE TABLE command_stats (command_name TEXT PRIMARY KEY, usage_count INTEGER, last_used TIMESTAMP);
           INSERT INTO command_stats VALUES ('ping', 4, '2025-01-02 03:04:05');"#,
    ));
    let before = hashes(source.path());
    let plan = plan_import(source.path()).await.unwrap();
    assert_eq!(plan.problems.len(), 2, "{:?}", plan.problems);
    let (folder, _, store) = fresh().await;
    let report = store.import(plan, &Files::default(), &folder.path().join("config.json")).await.unwrap();
    assert_eq!((report.users, report.config), (2, ConfigOutcome::None));
    let all = store.guild(5_u64).settings().all().await.unwrap();
    let expected = [("mention_prefix_enabled", "1"), ("n", "3"), ("prefix", "?")];
    assert_eq!(all, expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let user = store.user_data().get(42).await.unwrap().unwrap();
    assert_eq!(user.data["coins"], 7);
    assert_eq!(crate::time::stamp(user.last_seen.unwrap()), "20250102_030405");
    let ping = &store.usage().top(1).await.unwrap()[0];
    assert_eq!((ping.command.as_str(), ping.count), ("ping", 4));
    assert_eq!(crate::time::stamp(ping.last_used.unwrap()), "20250102_030405");
    assert_eq!(hashes(source.path()), before);
}

#[tokio::test]
async fn what_is_no_installation_or_damaged_is_said() {
    let source = tempfile::tempdir().unwrap();
    let error = plan_import(source.path()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Invalid(text) if text.contains("bot.db")), "{error}");
    assert!(plan_import(source.path().join("nowhere")).await.is_err());
    std::fs::create_dir_all(source.path().join("data/5")).unwrap();
    std::fs::write(source.path().join("config.json"), "{\n  \"prefix\": \n}").unwrap();
    std::fs::write(source.path().join("data/5/guild.db"), "rubbish".repeat(999)).unwrap();
    drop(database(&source.path().join("data/6/guild.db"), GUILD_DB));
    let plan = plan_import(source.path()).await.unwrap();
    assert_eq!(plan.problems.len(), 2, "{:?}", plan.problems);
    assert!(
        plan.problems[0].contains("config.json") && plan.problems[0].contains("line 3"),
        "{:?}",
        plan.problems
    );
    assert!(plan.problems[1].contains("5/guild.db"), "{:?}", plan.problems);
    assert!(
        !plan.problems[1].contains("cogwright data restore"),
        "our backups are no help: {:?}",
        plan.problems
    );
    let (folder, _, store) = fresh().await;
    let outcome =
        store.import(plan.clone(), &Files::default(), &folder.path().join("c.json")).await.unwrap().config;
    assert!(matches!(outcome, ConfigOutcome::Broken(path) if path.ends_with("config.json")));
    assert_eq!(plan.guilds.keys().collect::<Vec<_>>(), [&6]);
}
