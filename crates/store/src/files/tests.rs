//! The handle as its users see it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{fs, io};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::effects::{Disk, Effects};
use super::locks::{Locks, MAX_IDLE};
use super::{FileHealth, FileStats, Files, FilesOptions, OperationKind, ReadMode, WriteMode};
use crate::StoreError;
use crate::testing::HandClock;

const CACHED: ReadMode = ReadMode::Cached;

fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn what_atomictest_checks() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::default());
    let path = folder.path().join("new/deep/a.json");
    files.write_json(&path, &json!({"a": 1}), WriteMode::Invalidate).await.unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\n    \"a\": 1\n}");
    assert_eq!(files.read_json::<Value>(&path, ReadMode::PastCache).await.unwrap(), Some(json!({"a": 1})));
    assert_eq!(files.stats().cache_size, 0, "a read past the cache filled it");
    for _ in 0..3 {
        assert_eq!(files.read_json::<Value>(&path, CACHED).await.unwrap(), Some(json!({"a": 1})));
    }
    let stats = files.stats();
    assert_eq!((stats.cache_hits, stats.cache_misses, stats.cache_bypasses, stats.writes), (2, 1, 1, 1));
    files.write(&path, "[]", WriteMode::Keep).await.unwrap();
    assert_eq!(files.read(&path, CACHED).await.unwrap().as_deref(), Some("[]"));
    assert_eq!(files.stats().cache_hits, 3);
    assert!(files.invalidate(folder.path().join("new/../new/deep/a.json")).await.unwrap());
    assert_eq!((files.stats().cache_size, files.invalidate(&path).await.unwrap()), (0, false));
    files.read(&path, CACHED).await.unwrap();
    assert_eq!((files.clear(), files.stats().cache_size), (1, 0));
    let writes = (0..10).map(|number| files.write(&path, number.to_string(), WriteMode::Keep));
    for written in futures_util::future::join_all(writes).await {
        written.unwrap();
    }
    assert_eq!(
        files.read(&path, CACHED).await.unwrap().unwrap().as_ref(),
        fs::read_to_string(&path).unwrap()
    );
    assert_eq!(names(path.parent().unwrap()), ["a.json", "a.json.bak"]);
    assert_eq!(files.history()[0].kind, OperationKind::CachedRead);
    assert_eq!((files.stats().health(), files.stats().active_locks), (FileHealth::Healthy, 0));
}

#[tokio::test]
async fn edits_by_hand_are_seen_at_once() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::default());
    let path = folder.path().join("a.txt");
    files.write(&path, "one", WriteMode::Keep).await.unwrap();
    // Same length and within the file system's clock tick: only the content tells.
    for text in ["two", "six", "ten"] {
        fs::write(&path, text).unwrap();
        assert_eq!(files.read(&path, CACHED).await.unwrap().as_deref(), Some(text));
    }
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(60);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    let before = files.stats().reads;
    for _ in 0..5 {
        assert_eq!(files.read(&path, CACHED).await.unwrap().as_deref(), Some("ten"));
    }
    assert_eq!(files.stats().reads, before, "a file that was only touched, or is old, is no reason to read");
    fs::remove_file(&path).unwrap();
    assert_eq!(files.read(&path, CACHED).await.unwrap(), None);
    fs::write(&path, "back").unwrap();
    let seen =
        files.update(&path, WriteMode::Keep, |old| Ok(Some(format!("{}+", old.unwrap_or_default()).into())));
    assert!(seen.await.unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), "back+");
}

#[tokio::test]
async fn read_modify_write_loses_no_change_in_whatever_spelling() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::default());
    fs::create_dir(folder.path().join("sub")).unwrap();
    let spellings = ["n.txt", "./n.txt", "sub/../n.txt"].map(|name| folder.path().join(name));
    let add = |old: Option<&str>| {
        let number: u32 = old.map_or(0, |old| old.parse().unwrap());
        Ok(Some((number + 1).to_string().into()))
    };
    let turns = (0..60).map(|turn| files.update(&spellings[turn % 3], WriteMode::Keep, add));
    for turn in futures_util::future::join_all(turns).await {
        assert!(turn.unwrap());
    }
    assert_eq!(fs::read_to_string(&spellings[0]).unwrap(), "60");
    assert_eq!(files.stats().locks, 1);
}

#[tokio::test]
async fn the_last_good_version_is_kept() {
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::default());
    let (path, bak) = (folder.path().join("a.json"), folder.path().join("a.json.bak"));
    files.write_json(&path, &1, WriteMode::Keep).await.unwrap();
    assert!(!bak.exists());
    files.write_json(&path, &2, WriteMode::Keep).await.unwrap();
    files.write_json(&path, &2, WriteMode::Keep).await.unwrap();
    assert_eq!(fs::read_to_string(&bak).unwrap(), "1", "the same again pushed it out");
    fs::write(&path, "{broken by hand").unwrap();
    let error = files.read_json::<Value>(&path, CACHED).await.unwrap_err();
    assert!(error.to_string().contains("a.json") && error.to_string().contains("line 1"), "{error}");
    files.write_json(&path, &3, WriteMode::Keep).await.unwrap();
    assert_eq!(fs::read_to_string(&bak).unwrap(), "1", "a broken version is no good version");
    assert_eq!(fs::read_to_string(folder.path().join("a.json.broken")).unwrap(), "{broken by hand");
    fs::write(&path, [0xff, 0xfe]).unwrap();
    let error = files.update(&path, WriteMode::Keep, |_| Ok(Some("x".into()))).await.unwrap_err();
    assert!(matches!(error, StoreError::BadFile { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), [0xff, 0xfe], "an unreadable file was overwritten");
}

#[cfg(unix)]
#[tokio::test]
async fn modes_and_links_are_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (folder, files) = (tempfile::tempdir().unwrap(), Files::default());
    let (real, link) = (folder.path().join("real.txt"), folder.path().join("link.txt"));
    fs::write(&real, "old").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.txt", &link).unwrap();
    files.write(&link, "new", WriteMode::Keep).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    for name in ["real.txt", "real.txt.bak"] {
        assert_eq!(
            fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777,
            0o640,
            "{name}"
        );
    }
    let dangling = folder.path().join("dangling");
    symlink("made/through.txt", &dangling).unwrap();
    files.write(&dangling, "x", WriteMode::Keep).await.unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("made/through.txt")).unwrap(), "x");
    assert_eq!(
        fs::metadata(folder.path().join("made/through.txt")).unwrap().permissions().mode() & 0o777,
        0o600
    );
    symlink("b", folder.path().join("a")).unwrap();
    symlink("a", folder.path().join("b")).unwrap();
    assert!(files.write(folder.path().join("a"), "x", WriteMode::Keep).await.is_err());
}

/// Fails a number of times before it works.
struct Moody {
    left: AtomicU32,
    kind: io::ErrorKind,
}

impl Effects for Moody {
    fn write_new(&self, path: &Path, content: &[u8], like: Option<&Path>) -> io::Result<()> {
        Disk.write_new(path, content, like)
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        Disk.sync_file(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let failing =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if failing { Err(self.kind.into()) } else { Disk.rename(from, to) }
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        Disk.sync_dir(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)
    }
}

#[tokio::test]
async fn passing_failures_are_tried_three_times_and_lasting_ones_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    let outcome = async |left: u32, kind: io::ErrorKind| {
        let moody = Arc::new(Moody { left: AtomicU32::new(left), kind });
        let files = Files::with_effects(FilesOptions::default(), Arc::clone(&moody) as Arc<dyn Effects>);
        let written = files.write(&path, "x", WriteMode::Keep).await;
        (written, moody.left.load(Ordering::SeqCst), files)
    };
    let (written, _, files) = outcome(2, io::ErrorKind::PermissionDenied).await;
    written.unwrap();
    assert_eq!(files.stats().write_failures, 0);
    let begun = std::time::Instant::now();
    let (written, left, files) = outcome(9, io::ErrorKind::PermissionDenied).await;
    let pauses = Duration::from_millis(100 + 200);
    assert!(begun.elapsed() >= pauses, "between them it waits, twice as long the second time");
    assert!(written.unwrap_err().to_string().contains("a.txt"));
    assert_eq!((left, files.stats().write_failures, files.stats().health()), (6, 1, FileHealth::Critical));
    assert!(files.history()[0].error.is_some());
    let (written, left, _) = outcome(9, io::ErrorKind::ReadOnlyFilesystem).await;
    assert!(written.is_err());
    assert_eq!((left, names(folder.path())), (8, vec!["a.txt".to_owned()]), "what was begun is cleaned away");
}

#[tokio::test]
async fn the_cache_is_bounded_by_number_and_age() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let options = FilesOptions { max_entries: 3, clock: clock.shared(), ..FilesOptions::default() };
    let files = Files::new(options);
    let path = |number: u32| folder.path().join(number.to_string());
    for number in 0..3 {
        files.write(path(number), "x", WriteMode::Keep).await.unwrap();
    }
    files.read(path(0), CACHED).await.unwrap();
    files.write(path(3), "x", WriteMode::Keep).await.unwrap();
    let misses = files.stats().cache_misses;
    for (number, missed) in [(0, 0), (3, 0), (2, 0), (1, 1)] {
        files.read(path(number), CACHED).await.unwrap();
        assert_eq!(files.stats().cache_misses - misses, missed, "{number}");
    }
    clock.advance(300);
    files.read(path(1), CACHED).await.unwrap();
    assert_eq!(files.stats().cache_misses - misses, 2);
    for _ in 0..20 {
        files.clear();
        files.read(path(1), CACHED).await.unwrap();
    }
    assert!(files.stats().hint().is_some_and(|hint| hint.contains("70 %")), "{:?}", files.stats());
    for _ in 0..100 {
        files.read(path(2), CACHED).await.unwrap();
    }
    let history = files.history();
    assert!(history.len() == 100 && history.iter().all(|done| done.path.ends_with("2")), "the oldest stayed");
}

/// Bounds of the specification, by their numbers.
#[tokio::test]
async fn the_cache_holds_a_thousand_files_for_300_seconds() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
    let files = Files::new(FilesOptions { clock: clock.shared(), ..FilesOptions::default() });
    let path = |number: u32| folder.path().join(number.to_string());
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(60);
    for number in 0..=1_000 {
        fs::write(path(number), "x").unwrap();
        // One that was written just now is read again, and its time begins anew.
        fs::File::options().write(true).open(path(number)).unwrap().set_modified(long_ago).unwrap();
    }
    let missed = async |number: u32| {
        let before = files.stats().cache_misses;
        assert_eq!(files.read(path(number), CACHED).await.unwrap().as_deref(), Some("x"));
        files.stats().cache_misses > before
    };
    for number in 0..1_000 {
        assert!(missed(number).await, "{number}");
    }
    assert!(!missed(0).await, "a thousand find a place");
    assert!(missed(1_000).await);
    assert_eq!(files.stats().cache_size, 1_000);
    assert!(!missed(0).await, "it was used last but one");
    assert!(missed(1).await, "the 1,001st pushed out what was not used for the longest time");
    clock.advance(299);
    assert!(!missed(1).await);
    clock.advance(1);
    assert!(missed(1).await, "after 300 s the disk decides");
}

#[test]
fn the_verdict_and_the_hint_turn_at_the_rates_of_the_specification() {
    let stats = |failures, hits, misses| FileStats {
        reads: 600,
        writes: 400,
        read_failures: failures,
        cache_hits: hits,
        cache_misses: misses,
        ..Files::default().stats()
    };
    for (failures, health) in [
        (0, FileHealth::Healthy),
        (9, FileHealth::Healthy),
        (10, FileHealth::Degraded),
        (50, FileHealth::Degraded),
        (51, FileHealth::Critical),
    ] {
        assert_eq!(stats(failures, 0, 0).health(), health, "{failures} of 1,000");
    }
    for (hits, misses, hint) in
        [(70, 30, false), (69, 31, true), (0, 20, true), (0, 19, false), (0, 0, false)]
    {
        assert_eq!(stats(0, hits, misses).hint().is_some(), hint, "{hits} of {}", hits + misses);
    }
}

#[tokio::test]
async fn idle_locks_are_dropped_when_there_are_more_than_500() {
    let locks = Locks::default();
    for number in 0..500 {
        let (_, dropped) = locks.take(Path::new(&number.to_string())).await;
        assert_eq!(dropped, 0, "{number}");
    }
    assert_eq!(locks.take(Path::new("7")).await.1, 0, "one that is known is no other");
    assert_eq!((locks.count(), locks.take(Path::new("another")).await.1), ((500, 0), 500));
    assert_eq!(locks.count(), (1, 0));
}

#[tokio::test]
async fn locks_in_use_or_waited_for_are_never_dropped() {
    let locks = Arc::new(Locks::default());
    let (held, _) = locks.take(Path::new("held")).await;
    let waiting = {
        let locks = Arc::clone(&locks);
        async move { locks.take(Path::new("held")).await }
    };
    tokio::pin!(waiting);
    assert!(futures_util::poll!(&mut waiting).is_pending());
    let mut dropped = 0;
    for number in 0..3 * MAX_IDLE {
        dropped += locks.take(Path::new(&number.to_string())).await.1;
        assert!(locks.count().0 <= MAX_IDLE + 1);
    }
    assert!(dropped >= 2 * MAX_IDLE, "{dropped}");
    // The holder lets go; were the lock a new one, somebody else would get in beside the waiter.
    drop(held);
    let other = locks.take(Path::new("held"));
    tokio::pin!(other);
    assert!(futures_util::poll!(&mut other).is_pending());
    let (turn, _) = waiting.await;
    assert!(futures_util::poll!(&mut other).is_pending());
    drop(turn);
    other.await;
    assert_eq!(locks.count().1, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is done to three files, cached reads say what is on disk.
    #[test]
    fn the_cache_never_lies(steps in prop::collection::vec((0_usize..3, 0_u8..6, "[a-c]{0,3}"), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let files = Files::new(FilesOptions { max_entries: 2, ..FilesOptions::default() });
            for (file, action, text) in steps {
                let path = folder.path().join(file.to_string());
                match action {
                    0 => files.write(&path, text, WriteMode::Keep).await.unwrap(),
                    1 => files.write(&path, text, WriteMode::Invalidate).await.unwrap(),
                    2 => fs::write(&path, text).unwrap(),
                    3 => drop(fs::remove_file(&path)),
                    4 => drop(files.invalidate(&path).await),
                    _ => {}
                }
                let read = files.read(&path, CACHED).await.unwrap();
                assert_eq!(read.as_deref(), fs::read_to_string(&path).ok().as_deref());
            }
        });
    }
}
