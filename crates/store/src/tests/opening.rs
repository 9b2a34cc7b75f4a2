//! Opening and closing a store: the lock, drop-in of an original's files, damage, removal while stopped.

use rusqlite::Connection;

use crate::db::{Kind, file_of_schema};
use crate::testing::{ACTOR, GUILD, HandClock, fresh, open, own_pid};
use crate::{CooldownScope, Settings, Store, StoreError, StoreOptions};

#[tokio::test]
async fn a_second_opening_is_refused_and_names_folder_and_process() {
    let (folder, clock, store) = fresh().await;
    let error = Store::open(StoreOptions::new(folder.path())).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, StoreError::InUse { pid, .. } if pid == own_pid()), "{text}");
    assert!(text.contains(&folder.path().canonicalize().unwrap().display().to_string()), "{text}");
    store.close().await.unwrap();
    assert!(matches!(store.audit().list(crate::AuditFilter::default(), 1).await, Err(StoreError::Closed)));
    let again = open(folder.path(), &clock).await;
    drop(again);
}

#[tokio::test]
async fn a_folder_stays_taken_when_the_file_that_says_so_is_removed() {
    let (folder, clock, store) = fresh().await;
    if cfg!(unix) {
        std::fs::remove_file(folder.path().join(".lock")).unwrap();
        let error = Store::open(StoreOptions::new(folder.path())).await.unwrap_err();
        assert!(matches!(error, StoreError::InUse { pid: None, .. }), "{error}");
        let seen = crate::inspect(folder.path(), std::time::Duration::ZERO).await.unwrap();
        assert!(seen.in_use, "{seen:?}");
    }
    store.close().await.unwrap();
    drop(store);
    open(folder.path(), &clock).await.close().await.unwrap();
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
async fn a_live_file_is_in_wal_mode() {
    let (folder, _, store) = fresh().await;
    store.guild(GUILD).settings().set(Settings::PREFIX, "?", &ACTOR).await.unwrap();
    for file in ["main.db".into(), format!("{GUILD}/guild.db")] {
        let db = Connection::open(folder.path().join(&file)).unwrap();
        let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal", "{file}");
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn an_originals_data_folder_is_taken_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let main = Connection::open(folder.path().join("main.db")).unwrap();
    main.execute_batch(
        "CREATE TABLE global_stats (key TEXT PRIMARY KEY, value TEXT, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO global_stats (key, value) VALUES ('cmd_help', '12'), ('cmd_eh list', '3'), ('cmd_', '4'), ('cmd_odd', 'x1'), ('started', '5');
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
    assert_eq!(store.global_stats().all().await.unwrap()["cmd_help"], "12");
    let used: Vec<_> =
        store.usage().top(9).await.unwrap().into_iter().map(|row| (row.command, row.count)).collect();
    assert_eq!(used, [("help".to_owned(), 12), ("eh list".to_owned(), 3)], "its counts go on");
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

#[tokio::test]
async fn what_is_begun_anew_beside_its_backups_names_the_newest_and_the_command() {
    let (folder, clock, store) = fresh().await;
    assert!(store.begun_anew().is_empty());
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    store.bot_settings().set("status.interval", "60", &ACTOR).await.unwrap();
    store.backup_all().await.unwrap();
    clock.advance(60);
    store.backup_all().await.unwrap();
    store.close().await.unwrap();
    let path = folder.path().canonicalize().unwrap();
    std::fs::remove_file(path.join("main.db")).unwrap();
    std::fs::remove_file(path.join(GUILD.to_string()).join("guild.db")).unwrap();
    let store = open(folder.path(), &clock).await;
    let commands: Vec<_> = store.begun_anew().iter().map(crate::BackupFile::restore_command).collect();
    let command = |file: std::path::PathBuf| {
        // Windows' canonical paths begin with `\\\\?\\`, which a shell would read: they are quoted.
        let quote = if cfg!(windows) { "\"" } else { "" };
        let [file, data] = [&file, &path].map(|path| format!("{quote}{}{quote}", path.display()));
        format!("cogwright data restore {file} --data {data}")
    };
    let guild = path.join(GUILD.to_string()).join("guild_backup_20261128_191100.db");
    assert_eq!(commands, [command(path.join("main_backup_20261128_191100.db")), command(guild)]);
    let newest = store.begun_anew()[0].path.clone();
    store.close().await.unwrap();
    let options = || StoreOptions::new(folder.path()).clock(clock.shared());
    crate::restore(options(), crate::Target::Main, &newest).await.unwrap();
    let store = open(folder.path(), &clock).await;
    assert_eq!(store.bot_settings().get("status.interval").await.unwrap().as_deref(), Some("60"));
    assert_eq!(store.begun_anew().len(), 1, "the guild's is still missing");
}

#[tokio::test]
async fn a_file_where_the_data_folder_should_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    std::fs::write(&file, "x").unwrap();
    for wanted in [file.clone(), file.join("deep")] {
        let error = Store::open(StoreOptions::new(&wanted)).await.unwrap_err().to_string();
        assert!(error.contains("is a file, not a folder") && error.contains("--data"), "{error}");
        assert!(error.contains(&file.display().to_string()), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "x");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_made_can_be_read_by_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let store = open(&folder, &HandClock::new()).await;
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    store.backup_all().await.unwrap();
    let mut seen = 0;
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700, "{folder:?}");
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                seen += 1;
                let mode = std::fs::metadata(&entry).unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{entry:?}");
            }
        }
    }
    assert!(seen >= 7, "databases with their logs, backups and the lock");
    assert_eq!(crate::open_to_others(&folder), None);
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(crate::open_to_others(&folder), Some(0o755));
}

/// Systems that do not let go of an open file have no such trouble.
#[cfg(unix)]
#[tokio::test]
async fn main_that_is_deleted_or_replaced_under_the_bot_is_noticed_and_rescued() {
    for replaced in [false, true] {
        let (folder, clock, store) = fresh().await;
        assert_eq!(store.main_file().await.unwrap(), crate::MainFile::Sound);
        let main = folder.path().join("main.db");
        std::fs::remove_file(&main).unwrap();
        if replaced {
            std::fs::write(&main, "another file").unwrap();
        }
        let found = store.main_file().await.unwrap();
        assert_eq!(found == crate::MainFile::Replaced, replaced, "{found:?}");
        assert!(found.trouble().unwrap().contains("lost when it stops"));
        // What is written from now on has no name, but a backup holds it.
        store.bot_settings().set("status.interval", "77", &ACTOR).await.unwrap();
        clock.advance(60);
        let made = store.backup_changed(Some(std::time::Duration::from_secs(60))).await.unwrap();
        assert_eq!(made.failed.len(), 0, "{made:?}");
        let backup = made.made[0].path.clone();
        // Once: until something changes, there is nothing more to save.
        clock.advance(60);
        let again = store.backup_changed(None).await.unwrap();
        assert_eq!((again.made.len(), again.unchanged), (0, 1), "{again:?}");
        assert_eq!(store.save_lost_main().await.unwrap().path, backup);
        store.bot_settings().set("status.interval", "78", &ACTOR).await.unwrap();
        clock.advance(60);
        let backup = store.save_lost_main().await.unwrap().path;
        assert_eq!(store.backups(crate::Target::Main).await.unwrap().len(), 2);
        store.close().await.unwrap();
        let options = StoreOptions::new(folder.path()).clock(clock.shared());
        crate::restore(options, crate::Target::Main, &backup).await.unwrap();
        let store = open(folder.path(), &clock).await;
        assert_eq!(store.bot_settings().get("status.interval").await.unwrap().as_deref(), Some("78"));
        assert_eq!(store.main_file().await.unwrap(), crate::MainFile::Sound);
    }
}

#[tokio::test]
async fn main_that_is_written_over_in_place_is_noticed_and_not_backed_up() {
    for with in ["another", "an earlier one", "a backup of this run", "rubbish", "nothing"] {
        let (folder, clock, store) = fresh().await;
        let main = folder.path().join("main.db");
        store.close().await.unwrap();
        let earlier = std::fs::read(&main).unwrap();
        let store = open(folder.path(), &clock).await;
        let backup = store.backup(crate::Target::Main).await.unwrap();
        for number in ["60", "61", "62"] {
            // Whether it is in the log or in the file: what the bot writes itself is no reason.
            store.bot_settings().set("status.interval", number, &ACTOR).await.unwrap();
            assert_eq!(store.main_file().await.unwrap(), crate::MainFile::Sound);
            store.settle(crate::Target::Main).await.unwrap();
            assert_eq!(store.main_file().await.unwrap(), crate::MainFile::Sound);
        }
        store.bot_settings().set("status.interval", "63", &ACTOR).await.unwrap();
        let bytes = match with {
            "another" => {
                let (folder, _, other) = fresh().await;
                other.close().await.unwrap();
                std::fs::read(folder.path().join("main.db")).unwrap()
            }
            "an earlier one" => earlier,
            "a backup of this run" => std::fs::read(&backup.path).unwrap(),
            "rubbish" => b"rubbish".repeat(9_999),
            _ => Vec::new(),
        };
        // As `cp` does it: the file stays, what it holds does not.
        std::fs::write(&main, bytes).unwrap();
        assert_eq!(store.main_file().await.unwrap(), crate::MainFile::Overwritten, "{with}");
        let log = std::fs::metadata(folder.path().join("main.db-wal"));
        assert!(log.is_ok_and(|log| log.len() > 0), "{with}: looking took the log away");
        // What is written meanwhile hides nothing. Whether it can be is another matter.
        let _ = store.bot_settings().set("status.interval", "64", &ACTOR).await;
        let _ = store.settle(crate::Target::Main).await;
        let found = store.main_file().await.unwrap();
        assert_eq!(found, crate::MainFile::Overwritten, "{with}");
        assert!(found.trouble().unwrap().contains("overwritten") && !found.can_be_saved());
        clock.advance(60);
        let made = store.backup_all().await.unwrap();
        assert_eq!(made.made.len(), 0, "a mixture is no backup");
        assert!(made.failed[0].1.to_string().contains("was overwritten while the bot runs"), "{made:?}");
        assert_eq!(store.backups(crate::Target::Main).await.unwrap(), [backup]);
        // It closes as well as it can.
        let _ = store.close().await;
    }
}

#[tokio::test]
async fn main_that_is_written_over_before_anything_was_written_is_noticed_too() {
    let (folder, clock, store) = fresh().await;
    store.close().await.unwrap();
    let earlier = std::fs::read(folder.path().join("main.db")).unwrap();
    let store = open(folder.path(), &clock).await;
    std::fs::write(folder.path().join("main.db"), earlier).unwrap();
    assert_eq!(store.main_file().await.unwrap(), crate::MainFile::Overwritten);
    let _ = store.close().await;
}
