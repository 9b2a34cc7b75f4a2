//! The guilds' files: made by the first write, bounded in number, each change with its audit row.

use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::db::{Access, OPEN_GUILDS};
use crate::id::{Id, shard_of};
use crate::testing::{ACTOR, GUILD, fresh, open};
use crate::{AuditFilter, Cooldown, CooldownScope, Session, Snapshot, StoreError};

#[tokio::test]
async fn cooldowns_of_a_deleted_guild_go_with_it_those_of_its_channels_too() {
    let (_folder, _, store) = fresh().await;
    let cooldown = |scope, guild, channel| Cooldown {
        bucket: "daily".to_owned(),
        scope,
        user: None,
        guild,
        channel,
        used: 1,
        began: SystemTime::UNIX_EPOCH,
        ends: SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 32),
    };
    let other = cooldown(CooldownScope::Guild, Some(8), None);
    let channel = cooldown(CooldownScope::Channel, Some(GUILD), Some(5));
    let all = vec![cooldown(CooldownScope::Guild, Some(GUILD), None), channel, other.clone()];
    store.cooldowns().save(all).await.unwrap();
    store.delete_guild(GUILD, &ACTOR).await.unwrap();
    let told = store.audit().list(AuditFilter::default(), 99).await.unwrap().len();
    assert!(!store.delete_guild(123_456_789_012_345_678, &ACTOR).await.unwrap());
    let after = store.audit().list(AuditFilter::default(), 99).await.unwrap().len();
    assert_eq!(after, told, "what was never seen was written down as deleted");
    assert_eq!(store.cooldowns().load(9).await.unwrap(), [other]);
}

#[tokio::test]
async fn a_deletion_that_was_cut_off_is_finished_by_the_next_start() {
    for begun in ["noted", "renamed", "removed"] {
        let (folder, clock, store) = fresh().await;
        store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
        store.guild(8_u64).settings().set("prefix", "8", &ACTOR).await.unwrap();
        let shard = shard_of(GUILD, 2);
        let session = |shard| Session {
            shard,
            shards: 2,
            session_id: "s".to_owned(),
            resume_url: String::new(),
            sequence: 1,
            saved_at: SystemTime::UNIX_EPOCH,
            snapshot: Some(Snapshot { sequence: 1, bytes: b"abracadabra".to_vec() }),
        };
        for shard in [0, 1] {
            store.sessions().put(session(shard)).await.unwrap();
        }
        // Whoever wanted the last of them has been erased since.
        let user = (begun != "removed").then_some(42);
        let note = "INSERT INTO guild_deletions VALUES (?, ?, 9, 5000)";
        store.pool().main_write(move |db| db.execute(note, (Id(GUILD), user.map(Id)))).await.unwrap();
        store.close().await.unwrap();
        let (guild, doomed) = (folder.path().join(GUILD.to_string()), folder.path().join(".deleted-x"));
        match begun {
            "noted" => {}
            "renamed" => std::fs::rename(&guild, &doomed).unwrap(),
            _ => std::fs::remove_dir_all(&guild).unwrap(),
        }
        let store = open(folder.path(), &clock).await;
        assert!(!guild.exists() && !doomed.exists(), "{begun}");
        let audit = store.audit().list(AuditFilter::default(), 9).await.unwrap();
        let told: Vec<_> = audit.iter().map(|row| (row.setting.clone(), row.user, row.guild)).collect();
        let expected =
            [(format!("guild_data.{GUILD}"), user, None), ("prefix".to_owned(), Some(42), Some(8))];
        assert_eq!(told, expected, "{begun}");
        assert!(store.sessions().find(shard).await.unwrap().is_none(), "{begun}");
        assert!(store.sessions().find(1 - shard).await.unwrap().is_some(), "{begun}");
        assert_eq!(store.guild(8_u64).settings().get("prefix").await.unwrap().as_deref(), Some("8"));
        store.close().await.unwrap();
        // Once only.
        let store = open(folder.path(), &clock).await;
        assert_eq!(store.audit().list(AuditFilter::default(), 9).await.unwrap().len(), 2, "{begun}");
    }
}

#[tokio::test]
async fn a_deletion_that_fails_says_whether_the_next_start_finishes_it() {
    for begun in [false, true] {
        let (folder, clock, store) = fresh().await;
        store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
        // The note is refused, or what comes behind it.
        let what = if begun { "DELETE" } else { "INSERT" };
        let no =
            format!("CREATE TRIGGER no BEFORE {what} ON guild_deletions BEGIN SELECT RAISE(FAIL, 'no'); END");
        store.pool().main_write(move |db| db.execute(&no, [])).await.unwrap();
        let failed = store.delete_guild(GUILD, &ACTOR).await.unwrap_err();
        assert_eq!(failed.begun, begun, "{failed}");
        assert_eq!(failed.to_string().contains("finished by the next start"), begun, "{failed}");
        assert_eq!(failed.to_string().contains("nothing was deleted"), !begun, "{failed}");
        store.pool().main_write(|db| db.execute("DROP TRIGGER no", [])).await.unwrap();
        store.close().await.unwrap();
        let store = open(folder.path(), &clock).await;
        let kept = store.guild(GUILD).settings().get("prefix").await.unwrap();
        assert_eq!(kept.as_deref(), (!begun).then_some("?"));
        let told = store.audit().list(AuditFilter::default(), 9).await.unwrap();
        let deleted = told.iter().filter(|row| row.setting.starts_with("guild_data.")).count();
        assert_eq!(deleted, usize::from(begun));
    }
}

#[tokio::test]
async fn reading_creates_nothing() {
    let (folder, _, store) = fresh().await;
    let guild = store.guild(GUILD);
    assert_eq!(guild.settings().get("prefix").await.unwrap(), None);
    assert!(guild.settings().all().await.unwrap().is_empty());
    assert!(guild.rules().all().await.unwrap().is_empty());
    assert!(guild.usage().top(9).await.unwrap().is_empty());
    assert_eq!(guild.settings().remove("prefix", &ACTOR).await.unwrap(), None);
    assert!(guild.rules().set("ban", [].into(), &ACTOR).await.unwrap().is_empty());
    assert!(!folder.path().join(GUILD.to_string()).exists());
    assert_eq!(store.guilds().await.unwrap(), Vec::<u64>::new());
}

#[tokio::test]
async fn the_least_recently_used_files_are_closed_and_nothing_is_lost() {
    let (_folder, _, store) = fresh().await;
    let many = u64::try_from(4 * OPEN_GUILDS + 50).unwrap();
    let writes = (1..=many).map(|id| {
        store.pool().guild(id, Access::Write, move |db| {
            db.execute("INSERT INTO guild_settings (key, value) VALUES ('prefix', ?)", [id.to_string()])
        })
    });
    for written in futures_util::future::join_all(writes).await {
        assert_eq!(written.unwrap(), Some(1));
    }
    let stats = store.stats();
    assert!(stats.open_guilds() <= stats.max_open_guilds, "{stats:?}");
    assert!(stats.threads[1..].iter().all(|thread| thread.open_files <= OPEN_GUILDS), "{stats:?}");
    assert!(stats.open_guilds() > OPEN_GUILDS, "all guilds share a thread: {stats:?}");
    for id in 1..=many {
        assert_eq!(store.guild(id).settings().get("prefix").await.unwrap(), Some(id.to_string()));
    }
    let stats = store.stats();
    assert!(stats.queries() > 2 * many && stats.total() > Duration::ZERO);
    assert!(stats.slowest().is_some_and(|slow| !slow.sql.is_empty()));
    assert!(store.main_bytes().await.unwrap() > 0);
}

#[tokio::test]
async fn four_threads_serve_all_guilds_and_a_guild_meets_the_same_one() {
    let (_folder, _, store) = fresh().await;
    let thread = async |guild: u64| {
        let name = |_: &crate::db::Db<'_>| Ok(std::thread::current().name().unwrap_or_default().to_owned());
        store.pool().guild(guild, Access::Write, name).await.unwrap().unwrap()
    };
    let mut seen = std::collections::BTreeMap::<_, usize>::new();
    for number in 0..40 {
        // As Discord gives them out: the time in milliseconds above 22 bits that are mostly alike.
        let guild = (1_000_000_000_000 + number * 86_399_977) << 22;
        let first = thread(guild).await;
        assert_eq!(thread(guild).await, first);
        *seen.entry(first).or_default() += 1;
    }
    let names: Vec<_> = seen.keys().map(String::as_str).collect();
    assert_eq!(names, ["store-guild-0", "store-guild-1", "store-guild-2", "store-guild-3"]);
    assert!(seen.values().all(|guilds| *guilds >= 4), "none does all of it: {seen:?}");
    assert_eq!(store.stats().threads.len(), 1 + 4, "main.db has one of its own");
}

#[tokio::test]
async fn a_change_that_was_cut_off_after_the_guilds_commit_still_gets_its_audit_row() {
    let (folder, clock, store) = fresh().await;
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    // As a crash between the steps 2 and 3 leaves it; see repo/change.rs.
    let row = "INSERT INTO audit_outbox VALUES ('c1', 5000, 42, 9, 'prefix', '?', '$')";
    let guild = store.pool().guild(GUILD, Access::Write, move |db| db.execute(row, [])).await.unwrap();
    assert_eq!(guild, Some(1));
    let notes = "INSERT INTO audit_open VALUES ('c1', ?1, 5000), ('c2', ?1, 5000), ('c3', 1234, 5000)";
    store.pool().main_write(move |db| db.execute(notes, [Id(GUILD)])).await.unwrap();
    store.close().await.unwrap();

    let store = open(folder.path(), &clock).await;
    let rows = store.audit().list(AuditFilter::default(), 9).await.unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!((rows[0].setting.as_str(), rows[0].new.as_deref()), ("prefix", Some("$")));
    assert_eq!((rows[0].user, rows[0].guild, rows[0].channel), (Some(42), Some(GUILD), Some(9)));
    store.close().await.unwrap();
    let count = |path: &str, sql: &str| -> u32 {
        Connection::open(folder.path().join(path)).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("main.db", "SELECT count(*) FROM audit_open"), 0);
    assert_eq!(count(&format!("{GUILD}/guild.db"), "SELECT count(*) FROM audit_outbox"), 0);
    assert!(!folder.path().join("1234").exists(), "a note about nothing created a file");
}

#[tokio::test]
async fn a_setter_that_fails_changes_nothing_and_says_so() {
    let (_folder, _, store) = fresh().await;
    let settings = store.guild(GUILD).settings();
    for (key, value) in [("", "x".to_owned()), ("a\0b", "x".to_owned()), ("prefix", "x".repeat(2 << 20))] {
        let error = settings.set(key, value, &ACTOR).await.unwrap_err();
        assert!(matches!(error, StoreError::Invalid(_)), "{error}");
        assert!(!error.retry());
    }
    let roles = (0..300).collect();
    assert!(store.guild(GUILD).rules().set("ban", roles, &ACTOR).await.is_err());
    assert!(store.guild(GUILD).rules().all().await.unwrap().is_empty());
    assert!(store.audit().list(AuditFilter::default(), 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_panic_in_a_task_is_an_error_and_undoes_its_work() {
    let (_folder, _, store) = fresh().await;
    store.global_stats().set([("a".to_owned(), "1".to_owned())].into()).await.unwrap();
    let bad = store.pool().main_write::<(), _>(|db| {
        db.execute("DELETE FROM global_stats", [])?;
        panic!("on purpose")
    });
    let stats = store.global_stats();
    let good = stats.set([("b".to_owned(), "2".to_owned())].into());
    let (bad, good) = tokio::join!(bad, good);
    assert!(matches!(bad, Err(StoreError::Internal(_))), "{bad:?}");
    good.unwrap();
    let bad = store.pool().guild::<(), _>(GUILD, Access::Write, |_| panic!("on purpose")).await;
    assert!(matches!(bad, Err(StoreError::Internal(_))), "{bad:?}");
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    assert_eq!(store.global_stats().all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_panic_beside_a_task_is_an_error_too_and_the_thread_goes_on() {
    let (_folder, _, store) = fresh().await;
    store.guild(GUILD).settings().set("prefix", "?", &ACTOR).await.unwrap();
    let bad = store.pool().alone::<(), _>(GUILD, || panic!("on purpose")).await;
    assert!(matches!(bad, Err(StoreError::Internal(_))), "{bad:?}");
    assert_eq!(store.guild(GUILD).settings().get("prefix").await.unwrap().as_deref(), Some("?"));
    store.close().await.unwrap();
}

#[tokio::test]
async fn tasks_that_wait_together_share_a_commit_and_fail_apart() {
    let (_folder, _, store) = fresh().await;
    // Holds the thread until all others wait behind it.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (began, entered) = tokio::sync::oneshot::channel();
    let holder = store.pool().main_read(move |_| {
        let _ = began.send(());
        let _ = held.recv();
        Ok(())
    });
    let before = store.stats().threads[0].commits;
    let waiting = async {
        entered.await.unwrap();
        let writes = (0..100).map(|number: i64| {
            store.pool().main_write(move |db| {
                db.execute("INSERT INTO global_stats (key, value) VALUES (?, 'x')", [number.to_string()])?;
                if number % 10 == 3 { Err(StoreError::Invalid("no".to_owned())) } else { Ok(()) }
            })
        });
        let release = async {
            while store.stats().threads[0].queued < 100 {
                tokio::task::yield_now().await;
            }
            release.send(()).unwrap();
        };
        tokio::join!(futures_util::future::join_all(writes), release).0
    };
    let (held, results) = tokio::join!(holder, waiting);
    held.unwrap();
    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 10);
    assert_eq!(store.stats().threads[0].commits - before, 1);
    let kept = store.global_stats().all().await.unwrap();
    assert_eq!(kept.len(), 90);
    assert!(!kept.contains_key("13") && kept.contains_key("14"));
}
