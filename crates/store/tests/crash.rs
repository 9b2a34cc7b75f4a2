//! `kill -9` of a process in the middle of writing, again and again: nothing torn, nothing acknowledged lost.
//!
//! The test binary runs itself once more as the process to kill; [`writer`] is that process and does nothing otherwise.
//! A killed process loses nothing that the kernel has; for power cuts see `files/replay.rs`.

#![expect(clippy::unwrap_used, reason = "helpers of tests; clippy sees only the test functions themselves")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cogwright_store::{Actor, Files, ReadMode, Store, StoreOptions, WriteMode};

const FOLDER: &str = "COGWRIGHT_STORE_CRASH_FOLDER";
const KIND: &str = "COGWRIGHT_STORE_CRASH_KIND";
/// Acknowledged writes of files over all rounds.
const FILE_WRITES: u64 = 10_000;
/// Acknowledged writes to databases over all rounds.
const DATABASE_WRITES: u64 = 5_000;
/// Files that are written at the same time, each by a writer of its own. Their fsyncs run beside each other, and a kill
/// meets several writes, each in another step.
const LANES: usize = 8;
/// A disk that is so slow cannot be told from a test that hangs.
const MAX_TIME: Duration = Duration::from_secs(110);
const GUILD: u64 = 77;

/// Content whose tearing shows: its length and every byte follow from the number.
fn content(number: u64) -> String {
    let line = format!("{number}:");
    let length = 200 + usize::try_from(number * 7919 % 9000).unwrap();
    let body: String = line.chars().cycle().take(length).collect();
    format!("{{\"n\": {number}, \"body\": \"{body}\"}}")
}

fn number(text: &str) -> u64 {
    let number = text.strip_prefix("{\"n\": ").and_then(|rest| rest.split(',').next()?.parse().ok());
    let number = number.unwrap_or_else(|| panic!("torn: {:?}", text.chars().take(60).collect::<String>()));
    assert_eq!(text, content(number), "torn at {number}");
    number
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn acknowledge(lane: usize, number: u64) {
    // One write call a line: the reader never sees half a number.
    let mut out = std::io::stdout().lock();
    out.write_all(format!("ack {lane} {number}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Not a test of its own: the process that gets killed.
#[test]
#[ignore = "started by the tests below"]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let database = std::env::var(KIND).as_deref() == Ok("database");
    runtime().block_on(async {
        if database { write_database(&folder).await } else { write_files(&folder).await }
    });
}

fn state(folder: &Path, lane: usize) -> PathBuf {
    folder.join(format!("state-{lane}.json"))
}

async fn write_files(folder: &Path) {
    let files = Files::default();
    let lanes = (0..LANES).map(|lane| {
        let (files, path) = (files.clone(), state(folder, lane));
        async move {
            let found = files.read(&path, ReadMode::PastCache).await.unwrap();
            let mut next = found.map_or(0, |text| number(&text)) + 1;
            loop {
                files.write(&path, content(next), WriteMode::Keep).await.unwrap();
                acknowledge(lane, next);
                next += 1;
            }
        }
    });
    futures_util::future::join_all(lanes).await;
}

async fn write_database(folder: &Path) {
    let store = Store::open(StoreOptions::new(folder)).await.unwrap();
    let mut next = last_in_database(&store).await + 1;
    let actor = Actor::new(1_u64, Some(GUILD), None);
    loop {
        // Now and then a setting, which is a change in two files.
        if next.is_multiple_of(10) {
            store.guild(GUILD).settings().set("prefix", next.to_string(), &actor).await.unwrap();
        }
        let values = [("n".to_owned(), content(next)), ("again".to_owned(), content(next))].into();
        store.global_stats().set(values).await.unwrap();
        acknowledge(0, next);
        next += 1;
    }
}

async fn last_in_database(store: &Store) -> u64 {
    let stats = store.global_stats().all().await.unwrap();
    assert_eq!(stats.get("n"), stats.get("again"), "half a transaction");
    stats.get("n").map_or(0, |text| number(text))
}

fn start(folder: &Path, kind: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(KIND, kind)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets the process write until a random number of writes was acknowledged, kills it, and answers with the last one of
/// each lane.
fn round(folder: &Path, kind: &str, acknowledged: &[u64]) -> Vec<u64> {
    let mut child = start(folder, kind);
    let out = BufReader::new(child.stdout.take().unwrap());
    let (mut last, mut left) = (acknowledged.to_vec(), fastrand::u64(1..150));
    for line in out.lines().map_while(Result::ok) {
        let told = line.rsplit("ack ").next().and_then(|told| told.split_once(' '));
        let Some((Ok(lane), Ok(number))) = told.map(|(lane, number)| (lane.parse::<usize>(), number.parse()))
        else {
            continue;
        };
        last[lane] = number;
        left = left.saturating_sub(1);
        if left == 0 {
            // Some microseconds into the next write, so that the kill meets each of its steps.
            let until = Instant::now() + Duration::from_micros(fastrand::u64(0..2500));
            while Instant::now() < until {
                std::hint::spin_loop();
            }
            let _ = child.kill();
        }
        // What it had still said before it died counts, too: read on to the end.
    }
    let _ = child.kill();
    child.wait().unwrap();
    assert!(last != acknowledged, "the process wrote nothing");
    last
}

fn rounds(kind: &str, folder: &Path, lanes: usize, writes: u64, check: impl Fn(&[u64]) -> Vec<u64>) {
    let began = Instant::now();
    let (mut acknowledged, mut kills) = (vec![0; lanes], 0);
    while acknowledged.iter().sum::<u64>() < writes {
        assert!(
            began.elapsed() < MAX_TIME,
            "{acknowledged:?} of {writes} writes in {MAX_TIME:?}: the disk is too slow"
        );
        let last = round(folder, kind, &acknowledged);
        kills += 1;
        let found = check(&last);
        for (last, found) in last.iter().zip(&found) {
            // The write under way may have happened or not; an acknowledged one has.
            assert!(
                found == last || *found == last + 1,
                "acknowledged {last}, found {found} after {kills} kills"
            );
        }
        acknowledged = found;
    }
    eprintln!("{kind}: {acknowledged:?} writes, {kills} kills, {:?}", began.elapsed());
}

#[test]
fn a_killed_process_leaves_whole_files() {
    let folder = tempfile::tempdir().unwrap();
    let found = |lane| {
        let path = state(folder.path(), lane);
        let bak = path.with_extension("json.bak");
        if bak.exists() {
            number(&std::fs::read_to_string(bak).unwrap());
        }
        // Before its first write a lane has none.
        std::fs::read_to_string(&path).map_or(0, |text| number(&text))
    };
    rounds("files", folder.path(), LANES, FILE_WRITES, |_| (0..LANES).map(found).collect());
}

#[test]
fn a_killed_process_leaves_whole_databases() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    rounds("database", folder.path(), 1, DATABASE_WRITES, |last| {
        let acknowledged = last[0];
        runtime.block_on(async {
            let store = Store::open(StoreOptions::new(folder.path())).await.unwrap();
            let prefix = store.guild(GUILD).settings().get("prefix").await.unwrap();
            let prefix: u64 = prefix.map_or(0, |prefix| prefix.parse().unwrap());
            assert!(prefix >= acknowledged / 10 * 10, "a setting was lost: {prefix} at {acknowledged}");
            let audit = store.audit().list(cogwright_store::AuditFilter::default(), 1).await.unwrap();
            let told = audit.first().and_then(|row| row.new.clone()).map_or(0, |new| new.parse().unwrap());
            assert_eq!(told, prefix, "a setting and its audit row went apart");
            let results = store.check_integrity(|_, _, _| {}).await.unwrap();
            assert!(results.iter().all(cogwright_store::IntegrityResult::ok), "{results:?}");
            let last = last_in_database(&store).await;
            store.close().await.unwrap();
            vec![last]
        })
    });
}
