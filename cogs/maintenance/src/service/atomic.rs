//! Tests the crash-safe files on the real disk: five operations in a file of their own in the data folder.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cogwright_store::{Files, ReadMode, StoreError, WriteMode};
use futures_util::future::join_all;

/// Writers that want the same file at the same time.
const WRITERS: usize = 10;

/// One test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    /// What went wrong.
    pub(crate) result: Result<(), String>,
}

/// The test's files, which go away with it, also when it is given up half-way.
struct Litter(PathBuf);

impl Drop for Litter {
    fn drop(&mut self) {
        let mut backup = self.0.clone().into_os_string();
        backup.push(".bak");
        for path in [self.0.as_os_str(), &backup] {
            if let Err(error) = std::fs::remove_file(path)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, path = %Path::new(path).display(), "a test file stays behind");
            }
        }
    }
}

/// Runs the tests. `tag` tells this run's file from others'.
pub(crate) async fn run(files: &Files, folder: &Path, tag: &str) -> Vec<Probe> {
    let path = folder.join(format!("atomic_test_{tag}.json"));
    let _litter = Litter(path.clone());
    let text = |content: &str| format!("{{\"test\": \"{content}\", \"run\": \"{tag}\"}}\n");
    let (first, second) = (text("first"), text("second"));
    let mut probes = Vec::new();

    probe(&mut probes, "Write", async {
        files.write(&path, first.as_str(), WriteMode::Invalidate).await.map_err(told)?;
        // Past everything of ours: is it on the disk?
        same(tokio::fs::read_to_string(&path).await.ok().as_deref(), &first)
    })
    .await;
    probe(&mut probes, "Read past the cache", read(files, &path, ReadMode::PastCache, &first)).await;
    probe(&mut probes, "Read through the cache", async {
        read(files, &path, ReadMode::Cached, &first).await?;
        let hits = files.stats().cache_hits;
        read(files, &path, ReadMode::Cached, &first).await?;
        if files.stats().cache_hits > hits { Ok(()) } else { Err("the cache did not answer".to_owned()) }
    })
    .await;
    probe(&mut probes, "Concurrent writes", async {
        let contents: Vec<String> = (0..WRITERS).map(|n| text(&format!("writer {n}"))).collect();
        let writes = contents.iter().map(|text| files.write(&path, text.as_str(), WriteMode::Keep));
        for written in join_all(writes).await {
            written.map_err(told)?;
        }
        let found = files.read(&path, ReadMode::PastCache).await.map_err(told)?;
        let whole = contents.iter().any(|text| found.as_deref() == Some(text.as_str()));
        if whole { Ok(()) } else { Err("the file is none of what was written".to_owned()) }
    })
    .await;
    probe(&mut probes, "Read after invalidation", async {
        files.write(&path, second.as_str(), WriteMode::Keep).await.map_err(told)?;
        files.invalidate(&path).await.map_err(told)?;
        read(files, &path, ReadMode::Cached, &second).await
    })
    .await;
    // Nothing about it stays in the cache.
    if let Err(error) = files.invalidate(&path).await {
        tracing::debug!(%error, "the test file could not be taken out of the cache");
    }
    probes
}

async fn probe(probes: &mut Vec<Probe>, name: &'static str, test: impl Future<Output = Result<(), String>>) {
    let began = Instant::now();
    let result = test.await;
    probes.push(Probe { name, took: began.elapsed(), result });
}

async fn read(files: &Files, path: &Path, mode: ReadMode, expected: &str) -> Result<(), String> {
    let found = files.read(path, mode).await.map_err(told)?;
    same(found.as_deref(), expected)
}

fn same(found: Option<&str>, expected: &str) -> Result<(), String> {
    match found {
        Some(found) if found == expected => Ok(()),
        Some(_) => Err("the content is not what was written".to_owned()),
        None => Err("the file is not there".to_owned()),
    }
}

fn told(error: StoreError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sound_files_pass_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::default();
        let probes = run(&files, folder.path(), "a1").await;
        let failed: Vec<_> = probes.iter().filter(|probe| probe.result.is_err()).collect();
        assert!(probes.len() == 5 && failed.is_empty(), "{failed:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(files.stats().cache_size, 0);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_fails_every_test() {
        let folder = tempfile::tempdir().unwrap();
        // A file where the data folder should be: that holds for a super-user as well.
        let no_folder = folder.path().join("data");
        std::fs::write(&no_folder, "x").unwrap();
        let probes = run(&Files::default(), &no_folder, "a1").await;
        assert!(probes.len() == 5 && probes.iter().all(|probe| probe.result.is_err()), "{probes:?}");
    }
}
