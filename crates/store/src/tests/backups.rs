//! Backups, restoring, retention, checks, maintenance, deletion of a guild.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use crate::testing::{ACTOR, GUILD, HandClock, fresh, open};
use crate::{
    Actor, AuditFilter, Cooldown, CooldownScope, Presence, Retention, Store, StoreError, StoreOptions,
    Target, restore,
};

const LONG: Duration = Duration::from_secs(60);

async fn set(store: &Store, guild: u64, prefix: &str) {
    let actor = Actor::new(1_u64, Some(guild), None);
    store.guild(guild).settings().set("prefix", prefix, &actor).await.unwrap();
}

async fn prefix(store: &Store, guild: u64) -> Option<String> {
    store.guild(guild).settings().get("prefix").await.unwrap()
}

fn one(path: &Path, sql: &str) -> String {
    Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn names(folder: &Path, part: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut all: Vec<_> = entries.filter(|name| name.contains(part)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_backup_is_whole_although_the_bot_goes_on_writing() {
    let (_folder, _, store) = fresh().await;
    for number in 0..200 {
        store.global_stats().set([(format!("k{number}"), "x".repeat(5000))].into()).await.unwrap();
    }
    let stop = AtomicBool::new(false);
    let writing = async {
        let mut rounds = 0_u32;
        while !stop.load(Ordering::SeqCst) {
            // Both in one commit: a copy with one of them is torn.
            let value = rounds.to_string();
            store
                .global_stats()
                .set([("a".to_owned(), value.clone()), ("z".to_owned(), value)].into())
                .await
                .unwrap();
            rounds += 1;
        }
    };
    let backing = async {
        let backup = store.backup(Target::Main).await.unwrap();
        stop.store(true, Ordering::SeqCst);
        backup
    };
    let ((), backup) = tokio::join!(writing, backing);
    assert_eq!(backup.path.file_name().unwrap(), "main_backup_20261128_191000.db");
    assert!(backup.bytes > 1_000_000);
    let count = "SELECT group_concat(coalesce((SELECT value FROM global_stats WHERE key = 'a'), '-') ||
                 coalesce((SELECT value FROM global_stats WHERE key = 'z'), '-'))";
    let pair = one(&backup.path, count);
    let (a, z) = pair.split_at(pair.len() / 2);
    assert_eq!(a, z, "half a transaction is in the backup");
    assert_eq!(one(&backup.path, "SELECT count(*) || '' FROM global_stats WHERE key LIKE 'k%'"), "200");
    assert_eq!(one(&backup.path, "PRAGMA journal_mode"), "delete");
    let error = store.backup(Target::Guild(404)).await.unwrap_err();
    assert!(matches!(error, StoreError::Invalid(_)) && error.to_string().contains("404"), "{error}");
}

#[tokio::test]
async fn only_what_changed_is_backed_up_and_the_rest_is_remembered_over_a_restart() {
    let (folder, clock, store) = fresh().await;
    for guild in 1..=5 {
        set(&store, guild, "a").await;
    }
    let all = store.backup_all().await.unwrap();
    assert_eq!((all.made.len(), all.failed.len()), (6, 0), "{all:?}");
    clock.advance(60);
    set(&store, 3, "b").await;
    let some = store.backup_changed(Some(LONG)).await.unwrap();
    let made: Vec<_> = some.made.iter().map(|backup| backup.target).collect();
    // The audit row of the change is in main.db.
    assert_eq!((made, some.unchanged), (vec![Target::Main, Target::Guild(3)], 4));
    set(&store, 4, "c").await;
    set(&store, 5, "c").await;
    let none = store.backup_changed(Some(Duration::ZERO)).await.unwrap();
    assert_eq!(none.made.len(), 0);
    assert!(none.left.contains(&Target::Guild(4)) && none.left.contains(&Target::Guild(5)), "{none:?}");
    store.close().await.unwrap();

    let store = open(folder.path(), &clock).await;
    clock.advance(60);
    let rest = store.backup_changed(Some(LONG)).await.unwrap();
    let guilds: Vec<_> =
        rest.made.iter().map(|backup| backup.target).filter(|target| *target != Target::Main).collect();
    assert_eq!(guilds, [Target::Guild(4), Target::Guild(5)], "{rest:?}");
    let newest = store.backups(Target::Guild(4)).await.unwrap().pop().unwrap();
    assert_eq!(one(&newest.path, "SELECT value FROM guild_settings"), "c");
    // Reading, closing and opening is no change.
    assert_eq!(prefix(&store, 4).await.as_deref(), Some("c"));
    store.close().await.unwrap();
    let store = open(folder.path(), &clock).await;
    assert_eq!(prefix(&store, 4).await.as_deref(), Some("c"));
    let idle = store.backup_changed(Some(LONG)).await.unwrap();
    assert!(idle.made.iter().all(|backup| backup.target == Target::Main), "{idle:?}");
}

#[tokio::test]
async fn what_a_stop_has_no_time_for_is_made_by_the_next_start_and_only_then() {
    let (folder, clock, store) = fresh().await;
    set(&store, 4, "a").await;
    let report = store.backup_at_stop(LONG).await.unwrap();
    assert_eq!((report.made.len(), report.left.len()), (2, 0), "{report:?}");
    assert!(store.backup_rest().await.unwrap().is_none(), "nothing was left");
    set(&store, 4, "b").await;
    assert!(store.backup_rest().await.unwrap().is_none(), "a change since then is for the next stop");
    clock.advance(60);
    let report = store.backup_at_stop(Duration::ZERO).await.unwrap();
    assert!(report.left.contains(&Target::Guild(4)), "{report:?}");
    store.close().await.unwrap();

    let store = open(folder.path(), &clock).await;
    // A process that stops before it is done leaves it to the next one.
    assert!(tokio::time::timeout(Duration::ZERO, store.backup_rest()).await.is_err());
    let rest = store.backup_rest().await.unwrap().unwrap();
    assert!(rest.made.iter().any(|backup| backup.target == Target::Guild(4)), "{rest:?}");
    assert_eq!(store.backups(Target::Guild(4)).await.unwrap().len(), 2);
    assert!(store.backup_rest().await.unwrap().is_none(), "once");
    assert_eq!(names(folder.path(), "backup_due"), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_noted_for_the_next_start_is_not_promised() {
    let (folder, _, store) = fresh().await;
    set(&store, 4, "a").await;
    let noted = store.backup_at_stop(Duration::ZERO).await.unwrap();
    assert!(noted.noted && !noted.left.is_empty(), "{noted:?}");
    let note = folder.path().join("backup_due.txt");
    std::fs::remove_file(&note).unwrap();
    // A name that cannot be replaced.
    std::fs::create_dir_all(note.join("in the way")).unwrap();
    let lost = store.backup_at_stop(Duration::ZERO).await.unwrap();
    assert!(!lost.noted && !lost.left.is_empty(), "{lost:?}");
    std::fs::remove_dir_all(&note).unwrap();
    assert!(store.backup_rest().await.unwrap().is_none(), "the next start knows of nothing");
}

/// Waits until no copy is under way in the folder.
async fn idle(folder: &Path) {
    let deadline = std::time::Instant::now() + LONG;
    while !names(folder, ".tmp_backup_").is_empty() {
        assert!(std::time::Instant::now() < deadline, "the copy goes on");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_big_database_holds_up_neither_a_deadline_nor_a_stop() {
    let (folder, _, store) = fresh().await;
    // 64 MiB; a copy takes some hundred milliseconds.
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 16384)
                INSERT INTO global_stats (key, value) SELECT 'k' || i, hex(randomblob(2000)) FROM n";
    store.pool().main_write(move |db| db.execute(fill, [])).await.unwrap();
    let begun = std::time::Instant::now();
    let report = store.backup_changed(Some(Duration::from_millis(20))).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!((report.made.len(), report.left), (0, vec![Target::Main]));
    idle(folder.path()).await;
    // As when the task of a scheduled backup is aborted.
    let aborted = tokio::time::timeout(Duration::from_millis(20), store.backup_all()).await;
    assert!(aborted.is_err());
    idle(folder.path()).await;
    assert_eq!(names(folder.path(), "main_backup_"), [""; 0]);
    let report = store.backup_changed(None).await.unwrap();
    assert_eq!((report.made.len(), report.left.len()), (1, 0));
}

#[tokio::test]
async fn retention_counts_and_ages_and_keeps_the_newest() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let options =
        StoreOptions::new(folder.path()).clock(clock.shared()).retention(Retention { keep: 3, days: 10 });
    let store = Store::open(options).await.unwrap();
    for _ in 0..5 {
        store.backup(Target::Main).await.unwrap();
        clock.advance(86_400);
    }
    let kept = names(folder.path(), "main_backup_");
    assert_eq!(
        kept,
        [
            "main_backup_20261130_191000.db",
            "main_backup_20261201_191000.db",
            "main_backup_20261202_191000.db"
        ]
    );
    clock.advance(30 * 86_400);
    store.backup(Target::Main).await.unwrap();
    assert_eq!(names(folder.path(), "main_backup_"), ["main_backup_20270102_191000.db"]);
    // Twice within a second are two backups.
    store.backup(Target::Main).await.unwrap();
    assert_eq!(names(folder.path(), "main_backup_").len(), 2);
    clock.advance(30 * 86_400);
    assert_eq!(store.backup_all().await.unwrap().removed, 2, "it says so");
}

#[tokio::test]
async fn restoring_puts_back_and_keeps_what_it_replaces() {
    let (folder, clock, store) = fresh().await;
    set(&store, GUILD, "old").await;
    let backup = store.backup(Target::Guild(GUILD)).await.unwrap().path;
    set(&store, GUILD, "new").await;
    let options = || StoreOptions::new(folder.path()).clock(clock.shared());
    let target = Target::Guild(GUILD);
    let error = restore(options(), target, &backup).await.unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    store.close().await.unwrap();

    let damaged = folder.path().join("damaged.db");
    let mut bytes = std::fs::read(&backup).unwrap();
    bytes[4096..].iter_mut().for_each(|byte| *byte ^= 0x55);
    std::fs::write(&damaged, bytes).unwrap();
    let error = restore(options(), target, &damaged).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    let error = restore(options(), target, &folder.path().join("main.db")).await.unwrap_err();
    assert!(error.to_string().contains("no backup of a guild.db"), "{error}");
    assert!(restore(options(), target, &folder.path().join("nothing.db")).await.is_err());

    let restored = restore(options(), target, &backup).await.unwrap();
    assert_eq!(one(&restored.kept.unwrap(), "SELECT value FROM guild_settings"), "new");
    let store = open(folder.path(), &clock).await;
    assert_eq!(prefix(&store, GUILD).await.as_deref(), Some("old"));
    store.close().await.unwrap();

    // Even what is no database any more is kept, and a lost one comes back.
    std::fs::write(&restored.path, "rubbish").unwrap();
    let restored = restore(options(), target, &backup).await.unwrap();
    assert_eq!(std::fs::read_to_string(restored.kept.unwrap()).unwrap(), "rubbish");
    std::fs::remove_file(&restored.path).unwrap();
    assert_eq!(restore(options(), target, &backup).await.unwrap().kept, None);
    let store = open(folder.path(), &clock).await;
    assert_eq!(prefix(&store, GUILD).await.as_deref(), Some("old"));
}

#[tokio::test]
async fn a_log_that_is_left_of_a_lost_database_does_not_spoil_what_is_restored() {
    let (folder, clock, store) = fresh().await;
    set(&store, GUILD, "old").await;
    let backup = store.backup(Target::Guild(GUILD)).await.unwrap().path;
    // More than one page changes, so that half of them would be a mixture.
    for number in 0..50 {
        let text = format!("{number}{}", "x".repeat(2_000));
        store.guild(GUILD).settings().set(&format!("k{number}"), text, &ACTOR).await.unwrap();
    }
    set(&store, GUILD, "new").await;
    // As a kill leaves it, when the database was deleted while the bot ran.
    let db = Target::Guild(GUILD).path(folder.path());
    let log = std::fs::read(db.with_extension("db-wal")).unwrap();
    store.close().await.unwrap();
    std::fs::remove_file(&db).unwrap();
    std::fs::write(db.with_extension("db-wal"), &log).unwrap();
    let options = StoreOptions::new(folder.path()).clock(clock.shared());
    restore(options, Target::Guild(GUILD), &backup).await.unwrap();
    let store = open(folder.path(), &clock).await;
    assert_eq!(prefix(&store, GUILD).await.as_deref(), Some("old"));
    assert!(store.check_integrity(|_, _, _| {}).await.unwrap().iter().all(crate::IntegrityResult::ok));
    let kept = db.with_file_name("guild_replaced_20261128_191000.db-wal");
    assert_eq!(std::fs::read(kept).unwrap(), log, "nothing is thrown away");
}

#[tokio::test]
async fn the_integrity_check_can_pass_and_fail() {
    let (folder, _, store) = fresh().await;
    set(&store, 1, "a").await;
    set(&store, 2, "b").await;
    let mut heard = Vec::new();
    let results =
        store.check_integrity(|result, done, of| heard.push((result.target, done, of))).await.unwrap();
    assert!(results.iter().all(|result| result.ok() && result.bytes > 0), "{results:?}");
    assert_eq!(heard, [(Target::Main, 1, 3), (Target::Guild(1), 2, 3), (Target::Guild(2), 3, 3)]);
    store.close_guild(2).await.unwrap();
    let path = folder.path().join("2/guild.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096..12_288].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    let results = store.check_integrity(|_, _, _| {}).await.unwrap();
    let wrong: Vec<_> = results.iter().filter(|result| !result.ok()).map(|result| result.target).collect();
    assert_eq!(wrong, [Target::Guild(2)], "{results:?}");
}

#[tokio::test]
async fn maintenance_closes_left_guilds_and_deletes_nothing() {
    let (folder, clock, store) = fresh().await;
    // Shard 0 of 2 is ours: guilds whose bit 22 is 0.
    let (joined, outage, left, other) = (1_u64, 2, 3, (1 << 22) + 3);
    for guild in [joined, outage, left, other] {
        set(&store, guild, "?").await;
    }
    let cooldown = Cooldown {
        bucket: "daily".to_owned(),
        scope: CooldownScope::User,
        user: Some(1),
        guild: None,
        channel: None,
        used: 1,
        began: std::time::SystemTime::UNIX_EPOCH,
        ends: std::time::SystemTime::UNIX_EPOCH + LONG,
    };
    store.cooldowns().save(vec![cooldown]).await.unwrap();
    let presence = Presence {
        joined: [joined].into(),
        unavailable: [outage].into(),
        shard_count: 2,
        shards: [0].into(),
    };
    let report = store.maintain(presence.clone()).await.unwrap();
    assert_eq!((report.closed, report.orphans, report.cooldowns), (vec![left], 1, 1));
    assert_eq!(store.stats().open_guilds(), 3);
    assert_eq!(prefix(&store, left).await.as_deref(), Some("?"), "its data was deleted");
    // Before its shard is ready a guild is not known to be left.
    let early = Presence { shards: [].into(), joined: [].into(), ..presence };
    assert_eq!(store.maintain(early).await.unwrap().closed, Vec::<u64>::new());
    clock.advance(1);
    assert!(folder.path().join(left.to_string()).join("guild.db").exists());
}

#[tokio::test]
async fn deleting_a_guild_leaves_nothing_of_it() {
    let (folder, clock, store) = fresh().await;
    set(&store, GUILD, "?").await;
    set(&store, 8, "8").await;
    store.backup(Target::Guild(GUILD)).await.unwrap();
    let writing = async {
        for number in 0..20 {
            // Some of these come after the deletion and begin a new file; none may write into the deleted one.
            store.guild(GUILD).settings().set("prefix", number.to_string(), &ACTOR).await.unwrap();
        }
    };
    let ((), existed) = tokio::join!(writing, store.delete_guild(GUILD, &ACTOR));
    assert!(existed.unwrap());
    assert!(store.delete_guild(GUILD, &ACTOR).await.unwrap());
    assert!(!store.delete_guild(GUILD, &ACTOR).await.unwrap());
    assert_eq!(prefix(&store, GUILD).await, None);
    assert_eq!(prefix(&store, 8).await.as_deref(), Some("8"));
    assert_eq!(names(folder.path(), &GUILD.to_string()), Vec::<String>::new());
    let told = store.audit().list(AuditFilter::default(), 99).await.unwrap();
    assert!(told.iter().all(|row| row.guild != Some(GUILD)), "{told:?}");
    assert_eq!(told[0].setting, format!("guild_data.{GUILD}"));
    store.close().await.unwrap();
    // A deletion that was cut off is finished by the next start.
    std::fs::create_dir_all(folder.path().join(".deleted-9-1/deep")).unwrap();
    std::fs::write(folder.path().join("8/.tmp_backup_x.db"), "half").unwrap();
    let store = open(folder.path(), &clock).await;
    assert!(
        names(folder.path(), ".deleted").is_empty() && names(&folder.path().join("8"), ".tmp").is_empty()
    );
    drop(store);
}
