//! The storage threads: one for `main.db`, four for the guilds' files, each behind a bounded queue.
//!
//! SQLite blocks (closing a written file took 16 ms at p99), so nothing of it runs on a thread of tokio's.
//! Each file has one connection on one thread: no "database is locked", and one task's commit
//! cannot commit another's half-done work.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use cogwright_lifecycle::SharedClock;
use tokio::sync::{mpsc, oneshot};

use super::connection::{Db, Kind, Opened};
use super::guild_thread::{GuildMessage, GuildThread, Which};
use super::main_thread::{self, How, MainMessage};
use super::meter::{DatabaseStats, Meter};
use super::task::task;
use crate::lock::DataLock;
use crate::{StoreError, main_file, platform};

/// Threads for guild files. A guild always meets the same one.
const GUILD_THREADS: usize = 4;
/// Guild files that each thread keeps open: 256 in all, about 50 MiB and 768 file descriptors.
pub(crate) const OPEN_GUILDS: usize = 64;
/// Tasks that may wait for a thread.
const QUEUE: usize = 1024;
/// How long a caller waits for room in a full queue.
const ADMISSION: Duration = Duration::from_secs(10);

/// What a task does with a guild's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads; a guild without a file stays without one.
    Read,
    /// Writes in a transaction of its own.
    Write,
    /// Writes, and the commit survives a power cut.
    WriteDurable,
}

/// Hands tasks to the threads.
#[derive(Debug)]
pub(crate) struct Pool {
    folder: PathBuf,
    /// None once closed: without senders the threads end.
    lines: Mutex<Option<Lines>>,
    meters: Vec<(String, Arc<Meter>)>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Which file was opened as `main.db`.
    main: (u64, u64),
    /// What was written there when it was opened; nothing if it could not be.
    token: Option<String>,
}

#[derive(Clone, Debug)]
struct Lines {
    main: mpsc::Sender<MainMessage>,
    guilds: Vec<mpsc::Sender<GuildMessage>>,
}

impl Pool {
    /// Opens `main.db` and starts the threads. They hold the lock of the folder until their files are closed.
    pub(crate) fn start(lock: &Arc<DataLock>, clock: &SharedClock) -> Result<Self, StoreError> {
        let folder = lock.folder().to_owned();
        let path = folder.join("main.db");
        let file = Opened::open(&path, Kind::Main, clock)?;
        let main = platform::identity(&path).map_err(StoreError::io("look at", &path))?;
        let token = main_file::sign(&file).inspect_err(|error| {
            tracing::warn!(%error, "main.db takes nothing now; whether somebody writes over it is not noticed in this run");
        });
        let mut meters = Vec::new();
        let mut threads = Vec::new();
        let mut start = |name: String, work: Box<dyn FnOnce(&Meter) + Send>| {
            let meter = Arc::new(Meter::default());
            meters.push((name.clone(), Arc::clone(&meter)));
            let lock = Arc::clone(lock);
            let thread = std::thread::Builder::new().name(name).spawn(move || {
                work(&meter);
                drop(lock);
            });
            thread
                .map(|thread| threads.push(thread))
                .map_err(StoreError::io("start a storage thread for", &folder))
        };
        let (main_line, queue) = mpsc::channel(QUEUE);
        start("store-main".to_owned(), Box::new(move |meter| main_thread::work(file, queue, meter)))?;
        let mut guilds = Vec::new();
        for number in 0..GUILD_THREADS {
            let (sender, queue) = mpsc::channel(QUEUE);
            guilds.push(sender);
            let (folder, clock) = (folder.clone(), SharedClock::clone(clock));
            let work = move |meter: &Meter| {
                GuildThread { folder, clock, meter, open: HashMap::new(), tick: 0 }.work(queue);
            };
            start(format!("store-guild-{number}"), Box::new(work))?;
        }
        let lines = Mutex::new(Some(Lines { main: main_line, guilds }));
        let (threads, token) = (Mutex::new(threads), token.ok());
        Ok(Self { folder, lines, meters, threads, main, token })
    }

    /// The data folder, canonical.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which file was opened as `main.db`.
    pub(crate) fn main_identity(&self) -> (u64, u64) {
        self.main
    }

    /// What was written into `main.db` when it was opened.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Reads from `main.db`.
    pub(crate) async fn main_read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.main(How::Read, work).await
    }

    /// Writes to `main.db`; answers once the commit is on disk.
    pub(crate) async fn main_write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.main(How::Write, work).await
    }

    /// Works on `main.db` outside any transaction.
    pub(crate) async fn main_outside<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.main(How::Outside, work).await
    }

    async fn main<T, F>(&self, how: How, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (task, answer) = task(work);
        admit(&self.lines()?.main, MainMessage { how, task }).await?;
        received(answer)
            .await?
            .ok_or_else(|| StoreError::Internal("main.db answered with nothing".to_owned()))
    }

    /// Works on a guild's file. Nothing, if it was to be read and does not exist.
    pub(crate) async fn guild<T, F>(
        &self,
        guild: u64,
        access: Access,
        work: F,
    ) -> Result<Option<T>, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Db<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (task, answer) = task(work);
        let lines = self.lines()?;
        admit(&lines.guilds[thread_of(guild)], GuildMessage::Task { guild, access, task }).await?;
        received(answer).await
    }

    /// Closes a guild's file, after what already waits for it.
    pub(crate) async fn close_guild(&self, guild: u64) -> Result<bool, StoreError> {
        let (done, closed) = oneshot::channel();
        let message = GuildMessage::Close { which: Which::One(guild), done };
        admit(&self.lines()?.guilds[thread_of(guild)], message).await?;
        closed.await.map(|closed| !closed.is_empty()).map_err(|_| StoreError::Closed)
    }

    /// Closes a guild's file and does something with it while nobody can open it.
    pub(crate) async fn alone<T, F>(&self, guild: u64, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let work = Box::new(move || {
            let _ = sender.send(work().map(Some));
        });
        admit(&self.lines()?.guilds[thread_of(guild)], GuildMessage::Alone { guild, work }).await?;
        received(answer).await?.ok_or_else(|| StoreError::Internal("no answer".to_owned()))
    }

    /// Closes the files of these guilds; answers with those that were open.
    pub(crate) async fn close_guilds(&self, guilds: &BTreeSet<u64>) -> Result<Vec<u64>, StoreError> {
        let mut all = Vec::new();
        for (number, line) in self.lines()?.guilds.iter().enumerate() {
            let these = guilds.iter().copied().filter(|guild| thread_of(*guild) == number).collect();
            let (done, closed) = oneshot::channel();
            admit(line, GuildMessage::Close { which: Which::These(these), done }).await?;
            all.extend(closed.await.map_err(|_| StoreError::Closed)?);
        }
        all.sort_unstable();
        Ok(all)
    }

    /// What the threads have done so far.
    pub(crate) fn stats(&self) -> DatabaseStats {
        let lines = self.lines().ok();
        let waiting = |number: usize| match (&lines, number) {
            (None, _) => 0,
            (Some(lines), 0) => QUEUE - lines.main.capacity(),
            (Some(lines), number) => QUEUE - lines.guilds[number - 1].capacity(),
        };
        DatabaseStats {
            threads: self
                .meters
                .iter()
                .enumerate()
                .map(|(i, (name, meter))| meter.read(name, waiting(i)))
                .collect(),
            max_open_guilds: GUILD_THREADS * OPEN_GUILDS,
        }
    }

    /// Takes no more tasks; what was accepted is done. The threads to wait for, once.
    pub(crate) fn close(&self) -> Vec<JoinHandle<()>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).take();
        std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn lines(&self) -> Result<Lines, StoreError> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(StoreError::Closed)
    }
}

/// The low 22 bits of a snowflake are no even spread; the milliseconds above them are.
fn thread_of(guild: u64) -> usize {
    usize::try_from((guild ^ (guild >> 22)) % GUILD_THREADS as u64).unwrap_or(0)
}

async fn admit<M>(line: &mpsc::Sender<M>, message: M) -> Result<(), StoreError> {
    match tokio::time::timeout(ADMISSION, line.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(StoreError::Closed),
        Err(_) => Err(StoreError::Overloaded { seconds: ADMISSION.as_secs() }),
    }
}

async fn received<T>(
    answer: oneshot::Receiver<Result<Option<T>, StoreError>>,
) -> Result<Option<T>, StoreError> {
    answer.await.unwrap_or_else(|_| Err(StoreError::Internal("a storage task panicked".to_owned())))
}
