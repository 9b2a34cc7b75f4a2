//! A full disk: what does not fit is refused with a clear error, nothing acknowledged is lost, and it goes on by itself once
//! there is room.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use crate::files::{Disk, Effects};
use crate::testing::{ACTOR, GUILD, fresh, open};
use crate::{AuditFilter, Files, FilesOptions, ReadMode, Store, StoreError, Target, WriteMode};

/// A disk that takes half of a file and no more.
#[derive(Default)]
struct Full(AtomicBool);

impl Effects for Full {
    fn write_new(&self, path: &Path, content: &[u8], like: Option<&Path>) -> io::Result<()> {
        if !self.0.load(Ordering::SeqCst) {
            return Disk.write_new(path, content, like);
        }
        Disk.write_new(path, &content[..content.len() / 2], like)?;
        Err(io::ErrorKind::StorageFull.into())
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        Disk.sync_file(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Disk.rename(from, to)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        Disk.sync_dir(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)
    }
}

#[tokio::test]
async fn a_file_that_does_not_fit_leaves_the_old_one_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let disk = Arc::new(Full::default());
    let files = Files::with_effects(FilesOptions::default(), Arc::clone(&disk) as Arc<dyn Effects>);
    files.write(&path, "[1]", WriteMode::Keep).await.unwrap();
    disk.0.store(true, Ordering::SeqCst);
    let error = files.write(&path, "[1, 2]", WriteMode::Keep).await.unwrap_err();
    let text = error.to_string();
    assert!(error.retry() && text.contains("a.json") && text.contains("make room"), "{text}");
    assert_eq!(files.read(&path, ReadMode::Cached).await.unwrap().as_deref(), Some("[1]"));
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a.json"], "half a file stays");
    disk.0.store(false, Ordering::SeqCst);
    files.write(&path, "[1, 2]", WriteMode::Keep).await.unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "[1, 2]");
}

/// From now on `main.db` cannot grow, or by so many pages.
async fn room(store: &Store, pages: u32) {
    let bound = move |db: &crate::db::Db<'_>| {
        let now = db.row("PRAGMA page_count", [], |row| row.get::<_, u32>(0))?.unwrap_or_default();
        db.row(&format!("PRAGMA max_page_count = {}", now + pages), [], |_| Ok(())).map(drop)
    };
    store.pool().main_outside(bound).await.unwrap();
}

#[tokio::test]
async fn a_full_main_database_refuses_loses_nothing_acknowledged_and_recovers() {
    let (folder, clock, store) = fresh().await;
    room(&store, 40).await;
    let stats = store.global_stats();
    let write = |number: u32| {
        let value = format!("{number}:{}", "x".repeat(20_000));
        stats.set([(format!("k{number:03}"), value)].into())
    };
    // Together: some share a commit with what does not fit.
    let outcomes = futures_util::future::join_all((0..60).map(write)).await;
    let kept: Vec<_> =
        (0..60).filter(|number| outcomes[*number].is_ok()).map(|number| format!("k{number:03}")).collect();
    let errors: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert!(!kept.is_empty() && !errors.is_empty(), "{} fit", kept.len());
    for error in errors {
        let text = error.to_string();
        assert!(error.retry() && text.contains("main.db") && text.contains("make room"), "{text}");
    }
    let all = |stats: std::collections::BTreeMap<String, String>| stats.into_keys().collect::<Vec<_>>();
    assert_eq!(all(store.global_stats().all().await.unwrap()), kept, "reading goes on");

    // A change of a guild is noted in main.db first: it is refused whole.
    let long = "y".repeat(200_000);
    let refused = store.bot_settings().set("a", long.as_str(), &ACTOR).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Database { full: true, .. }), "{refused}");
    assert_eq!(store.bot_settings().get("a").await.unwrap(), None);
    assert!(store.audit().list(AuditFilter::default(), 9).await.unwrap().is_empty());

    room(&store, 1_000).await;
    write(99).await.unwrap();
    store.bot_settings().set("a", long.as_str(), &ACTOR).await.unwrap();
    let results = store.check_integrity(|_, _, _| {}).await.unwrap();
    assert!(results.iter().all(crate::IntegrityResult::ok), "{results:?}");
    store.close().await.unwrap();
    let store = open(folder.path(), &clock).await;
    let expected: Vec<_> = kept.into_iter().chain(["k099".to_owned()]).collect();
    assert_eq!(all(store.global_stats().all().await.unwrap()), expected);
}

#[tokio::test]
async fn a_full_database_of_a_guild_refuses_the_change_and_its_audit_row() {
    let (_folder, _, store) = fresh().await;
    let settings = store.guild(GUILD).settings();
    settings.set("prefix", "?", &ACTOR).await.unwrap();
    let bound = |db: &crate::db::Db<'_>| {
        let now = db.row("PRAGMA page_count", [], |row| row.get::<_, u32>(0))?.unwrap_or_default();
        db.row(&format!("PRAGMA max_page_count = {now}"), [], |_| Ok(())).map(drop)
    };
    store.pool().guild(GUILD, crate::db::Access::Read, bound).await.unwrap();
    let error = settings.set("long", "z".repeat(100_000), &ACTOR).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Database { full: true, .. }) && error.to_string().contains("guild.db"),
        "{error}"
    );
    assert_eq!(
        (settings.get("long").await.unwrap(), settings.get("prefix").await.unwrap().as_deref()),
        (None, Some("?"))
    );
    assert_eq!(store.audit().list(AuditFilter::default(), 9).await.unwrap().len(), 1);
    // Opened anew it may grow again, as after room was made.
    store.close_guild(GUILD).await.unwrap();
    settings.set("long", "z".repeat(100_000), &ACTOR).await.unwrap();
    assert!(store.backup(Target::Guild(GUILD)).await.is_ok());
    assert_eq!(store.audit().list(AuditFilter::default(), 9).await.unwrap().len(), 2);
}
