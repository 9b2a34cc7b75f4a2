//! What a power cut leaves. `kill -9` cannot show a missing fsync, because the kernel keeps what a process wrote. So the
//! real write sequence is recorded, and every prefix of it is replayed on a model of a disk that loses all it may lose.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::effects::{Disk, Effects};
use super::{Files, FilesOptions, WriteMode};

/// One recorded step.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Write(PathBuf, Vec<u8>),
    SyncFile(PathBuf),
    Rename(PathBuf, PathBuf),
    SyncDir,
    /// A write of this content to the file is called.
    Begin(Vec<u8>),
    /// That write was answered with `Ok`.
    Acknowledged,
}

/// Does everything for real and writes it down.
#[derive(Default)]
struct Recorder {
    steps: Mutex<Vec<Step>>,
}

impl Recorder {
    fn note(&self, step: Step) {
        self.steps.lock().unwrap().push(step);
    }
}

impl Effects for Recorder {
    fn write_new(&self, path: &Path, content: &[u8], like: Option<&Path>) -> io::Result<()> {
        self.note(Step::Write(path.to_owned(), content.to_owned()));
        Disk.write_new(path, content, like)
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.note(Step::SyncFile(path.to_owned()));
        Disk.sync_file(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Step::Rename(from.to_owned(), to.to_owned()));
        Disk.rename(from, to)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.note(Step::SyncDir);
        Disk.sync_dir(path)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)
    }
}

/// A disk with one folder: names point at contents, and of both it is known what has reached the platter.
#[derive(Clone, Default)]
struct Model {
    /// Content, and whether it is synced.
    inodes: Vec<(Vec<u8>, bool)>,
    names: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
    /// Changes of names since the last sync of the folder: the name goes to the inode, another name goes away.
    pending: Vec<(PathBuf, usize, Option<PathBuf>)>,
}

impl Model {
    fn apply(&mut self, step: &Step) {
        match step {
            Step::Write(path, content) => {
                self.inodes.push((content.clone(), false));
                let inode = self.inodes.len() - 1;
                self.names.insert(path.clone(), inode);
                self.pending.push((path.clone(), inode, None));
            }
            Step::SyncFile(path) => self.inodes[self.names[path]].1 = true,
            Step::Rename(from, to) => {
                let inode = self.names.remove(from).unwrap();
                self.names.insert(to.clone(), inode);
                self.pending.push((to.clone(), inode, Some(from.clone())));
            }
            Step::SyncDir => {
                self.durable = self.names.clone();
                self.pending.clear();
            }
            Step::Begin(_) | Step::Acknowledged => {}
        }
    }

    /// All contents that `path` may have after a power cut now; none if the file may be missing.
    fn after_power_cut(&self, path: &Path) -> BTreeSet<Option<Vec<u8>>> {
        let mut outcomes = BTreeSet::new();
        // A folder that was not synced may have any of its changes on disk, in any combination.
        for subset in 0_u32..1 << self.pending.len() {
            let mut names = self.durable.clone();
            for (number, (name, inode, gone)) in self.pending.iter().enumerate() {
                if subset & (1 << number) != 0 {
                    names.insert(name.clone(), *inode);
                    if let Some(gone) = gone {
                        names.remove(gone);
                    }
                }
            }
            match names.get(path).map(|inode| &self.inodes[*inode]) {
                None => {
                    outcomes.insert(None);
                }
                Some((content, true)) => {
                    outcomes.insert(Some(content.clone()));
                }
                // A content that was not synced may be there, in part, or not at all.
                Some((content, false)) => {
                    for part in [0, content.len() / 2, content.len()] {
                        outcomes.insert(Some(content[..part].to_owned()));
                    }
                }
            }
        }
        outcomes
    }
}

/// Replays every prefix; the first promise that a power cut after it may break.
fn broken_promise(steps: &[Step], path: &Path) -> Option<String> {
    let mut model = Model::default();
    let (mut old, mut new): (Option<Vec<u8>>, Option<Vec<u8>>) = (None, None);
    for (number, step) in steps.iter().enumerate() {
        model.apply(step);
        match step {
            Step::Begin(content) => new = Some(content.clone()),
            Step::Acknowledged => old = new.take(),
            _ => {}
        }
        for found in model.after_power_cut(path) {
            if found != old && (new.is_none() || found != new) {
                let text = |content: &Option<Vec<u8>>| {
                    content.as_ref().map(|c| String::from_utf8_lossy(c).into_owned())
                };
                return Some(format!(
                    "after step {number}, {step:?}: {:?}, expected {:?} or {:?}",
                    text(&found),
                    text(&old),
                    text(&new)
                ));
            }
        }
    }
    None
}

async fn recorded() -> (tempfile::TempDir, PathBuf, Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("config.json");
    let recorder = Arc::new(Recorder::default());
    let files = Files::with_effects(FilesOptions::default(), Arc::clone(&recorder) as Arc<dyn Effects>);
    for number in 0..4 {
        let text = format!("{{\"version\": {number}, \"padding\": \"{}\"}}", "x".repeat(number * 7));
        recorder.note(Step::Begin(text.clone().into_bytes()));
        files.write(&path, text, WriteMode::Keep).await.unwrap();
        recorder.note(Step::Acknowledged);
    }
    let steps = recorder.steps.lock().unwrap().clone();
    (folder, path, steps)
}

#[tokio::test]
async fn a_power_cut_at_any_moment_leaves_old_or_new_and_loses_nothing_acknowledged() {
    let (_folder, path, steps) = recorded().await;
    let count = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
    // Four writes, three of which set the content before aside: the recording has seen the real thing.
    assert_eq!(count(|step| matches!(step, Step::Rename(..))), 7);
    assert_eq!(count(|step| matches!(step, Step::Acknowledged)), 4);
    assert_eq!(broken_promise(&steps, &path), None);
    assert!(
        broken_promise(&steps, &path.with_extension("json.bak")).is_some(),
        "the check finds nothing at all"
    );
}

/// The same recording without one kind of step: that the test above passes is due to that step.
#[tokio::test]
async fn without_either_fsync_the_replay_finds_the_loss() {
    let (_folder, path, steps) = recorded().await;
    let without = |left_out: fn(&Step) -> bool| -> Vec<Step> {
        steps.iter().filter(|step| !left_out(step)).cloned().collect()
    };
    let torn = broken_promise(&without(|step| matches!(step, Step::SyncFile(_))), &path).unwrap();
    assert!(torn.contains("after step 2, Rename") && torn.contains("Some(\"\")"), "{torn}");
    // The pending names of one write only, or the combinations explode.
    let first: Vec<Step> = without(|step| matches!(step, Step::SyncDir)).into_iter().take(5).collect();
    let lost = broken_promise(&first, &path).unwrap();
    assert!(lost.contains("Acknowledged") && lost.contains("None, expected Some"), "{lost}");
}
